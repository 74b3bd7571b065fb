import { useEffect, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import { useWords } from '../words/words';
import type { WordKey } from '../words/words';

const CAMERA_KEYS: [string[], WordKey][] = [
  [['Space'], 'keys.space'],
  [['L'], 'keys.live'],
  [['←'], 'keys.back'],
  [['Shift', '←'], 'keys.back_minute'],
  [[',', '.'], 'keys.frames'],
  [['-', '+'], 'keys.rate'],
  [['['], 'keys.mark_start'],
  [[']'], 'keys.mark_end'],
  [['H'], 'keys.hold'],
  [['N'], 'activity.next'],
  [['Shift', 'N'], 'activity.before'],
  [['G'], 'keys.go'],
  [['?'], 'keys.help'],
];

const WALL_KEYS: [string[], WordKey][] = [
  [['1', '…', '25'], 'keys.tile'],
  [['←', '↑', '→', '↓'], 'keys.tiles'],
  [['Enter'], 'keys.open_tile'],
  [['L'], 'keys.wall_live'],
  [['G'], 'keys.wall_go'],
  [['?'], 'keys.help'],
];

const TOGETHER_KEYS: [string[], WordKey][] = [
  [['Space'], 'keys.space'],
  [['←'], 'keys.back'],
  [['Shift', '←'], 'keys.back_minute'],
  [[',', '.'], 'keys.frames'],
  [['-', '+'], 'keys.rate'],
  [['G'], 'keys.go'],
  [['?'], 'keys.help'],
];

const KEYS = { camera: CAMERA_KEYS, wall: WALL_KEYS, together: TOGETHER_KEYS };

interface KeysDialogProps {
  of: keyof typeof KEYS;
  onClose: () => void;
}

/** All keys of a page. */
export function KeysDialog({ of, onClose }: KeysDialogProps): JSX.Element {
  const { t } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="keys" aria-labelledby="keys-title" onClose={onClose}>
      <h2 id="keys-title">{t('keys.title')}</h2>
      <dl>
        {KEYS[of].map(([keys, word]) => (
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
      {of === 'camera' && <p class="quiet-text">{t('keys.timeline')}</p>}
      {of === 'camera' && <p class="quiet-text">{t('activity.hint')}</p>}
      <button type="button" onClick={() => dialog.current?.close()}>
        {t('app.close')}
      </button>
    </dialog>
  );
}
