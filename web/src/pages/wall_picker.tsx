import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { listCameras } from '../api/cameras';
import type { Camera } from '../api/cameras';
import { findFloor } from '../api/places';
import type { Site } from '../api/places';
import { WALL_MAX, go } from '../frame/address';
import { useLoaded } from '../frame/loaded';
import { LoadingNote, ProblemNote } from '../frame/notes';
import { useWords } from '../words/words';

interface WallPickerProps {
  sites: Site[];
  chosen: string[];
  onClose: () => void;
}

/** Which cameras stand on the wall, of all that one may see. */
export function WallPicker({ sites, chosen: first, onClose }: WallPickerProps): JSX.Element {
  const { t } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const [chosen, setChosen] = useState(first);
  const cameras = useLoaded(() => listCameras({ state: 'in_service' }), 'all');
  useEffect(() => dialog.current?.showModal(), []);
  const show = (): void => {
    dialog.current?.close();
    go({ name: 'wall', floor: null, cameras: chosen });
  };
  const toggle = (id: string): void =>
    setChosen((last) => (last.includes(id) ? last.filter((one) => one !== id) : [...last, id]));
  return (
    <dialog ref={dialog} class="keys picker" aria-labelledby="picker-title" onClose={onClose}>
      <h2 id="picker-title">{t('wall.pick_title', { count: chosen.length, most: WALL_MAX })}</h2>
      {cameras.problem !== null && <ProblemNote code={cameras.problem} onRetry={cameras.reload} />}
      {cameras.value === null && cameras.problem === null && <LoadingNote />}
      {cameras.value && <Choices cameras={cameras.value} sites={sites} chosen={chosen} toggle={toggle} />}
      <button type="button" class="primary" disabled={chosen.length === 0} onClick={show}>
        {t('wall.show')}
      </button>{' '}
      <button type="button" onClick={() => dialog.current?.close()}>
        {t('app.close')}
      </button>
    </dialog>
  );
}

interface ChoicesProps {
  cameras: Camera[];
  sites: Site[];
  chosen: string[];
  toggle: (id: string) => void;
}

function Choices({ cameras, sites, chosen, toggle }: ChoicesProps): JSX.Element {
  return (
    <ul class="picker-cameras">
      {cameras.map((camera) => {
        const floor = findFloor(sites, camera.floor_id)?.floor.name ?? '';
        const picked = chosen.includes(camera.id);
        return (
          <li key={camera.id}>
            <label>
              <input
                type="checkbox"
                checked={picked}
                disabled={!picked && chosen.length >= WALL_MAX}
                onChange={() => toggle(camera.id)}
              />
              <strong>{camera.code}</strong> {camera.name} <span class="quiet-text">{floor}</span>
            </label>
          </li>
        );
      })}
    </ul>
  );
}
