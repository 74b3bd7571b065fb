import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Camera } from '../api/cameras';
import { addressOf } from '../frame/address';
import type { Instant } from '../time/office_time';
import { useWords } from '../words/words';

/** A link for the instant, copied; where the browser doesn't copy, shown. */
export function CopyLink({ camera, at }: { camera: Camera; at: Instant | null }): JSX.Element {
  const { t } = useWords();
  const [said, setSaid] = useState<string | null>(null);
  const copy = async (): Promise<void> => {
    const address = location.origin + addressOf({ name: 'camera', id: camera.id, at });
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
      <button type="button" onClick={() => void copy()}>
        {t('camera.link')}
      </button>
      <span class="bar-said" role="status">
        {said}
      </span>
    </>
  );
}
