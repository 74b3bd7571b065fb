import { useEffect, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import { useWords } from '../words/words';
import type { WordKey } from '../words/words';

const KEYS: [string[], WordKey][] = [
  [['Space'], 'keys.space'],
  [['L'], 'keys.live'],
  [['←'], 'keys.back'],
  [[',', '.'], 'keys.frames'],
  [['G'], 'keys.go'],
  [['?'], 'keys.help'],
];

/** All keys of the page of a camera. */
export function KeysDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const { t } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="keys" aria-labelledby="keys-title" onClose={onClose}>
      <h2 id="keys-title">{t('keys.title')}</h2>
      <dl>
        {KEYS.map(([keys, word]) => (
          <div key={word}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(word)}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet-text">{t('keys.timeline')}</p>
      <button type="button" onClick={() => dialog.current?.close()}>
        {t('app.close')}
      </button>
    </dialog>
  );
}
