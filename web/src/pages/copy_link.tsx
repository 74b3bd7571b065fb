import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { addressOf } from '../frame/address';
import type { Page } from '../frame/address';
import { IconButton } from '../frame/icon';
import { useWords } from '../words/words';

/** A link to what is shown, copied; where the browser doesn't copy, shown. */
export function CopyLink({ to }: { to: Page }): JSX.Element {
  const { t } = useWords();
  const [said, setSaid] = useState<string | null>(null);
  const copy = async (): Promise<void> => {
    const address = location.origin + addressOf(to);
    try {
      await navigator.clipboard.writeText(address);
      setSaid(t('camera.link_copied'));
    } catch {
      setSaid(`${t('camera.link_here')} ${address}`);
    }
    setTimeout(() => setSaid(null), 8000);
  };
  return (
    <>
      <IconButton icon="link" label={t('camera.link')} onClick={() => void copy()} />
      <span class="bar-said" role="status">
        {said}
      </span>
    </>
  );
}
