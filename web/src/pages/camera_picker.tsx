import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { listCameras } from '../api/cameras';
import type { Camera, CameraFilter } from '../api/cameras';
import { findFloor } from '../api/places';
import type { Site } from '../api/places';
import { useLoaded } from '../frame/loaded';
import { LoadingNote, ProblemNote } from '../frame/notes';
import { useWords } from '../words/words';
import type { WordKey } from '../words/words';

interface CameraPickerProps {
  title: WordKey;
  sites: Site[];
  of: CameraFilter;
  most: number;
  chosen: string[];
  onShow: (chosen: string[]) => void;
  onClose: () => void;
}

/** Which cameras are shown beside each other, of all that one may see. */
export function CameraPicker(props: CameraPickerProps): JSX.Element {
  const { sites, most } = props;
  const { t } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const [chosen, setChosen] = useState(props.chosen);
  const cameras = useLoaded(() => listCameras(props.of), 'all');
  useEffect(() => dialog.current?.showModal(), []);
  const show = (): void => {
    dialog.current?.close();
    props.onShow(chosen);
  };
  const toggle = (id: string): void =>
    setChosen((last) => (last.includes(id) ? last.filter((one) => one !== id) : [...last, id]));
  return (
    <dialog ref={dialog} class="keys picker" aria-labelledby="picker-title" onClose={props.onClose}>
      <h2 id="picker-title">{t(props.title, { count: chosen.length, most })}</h2>
      {cameras.problem !== null && <ProblemNote code={cameras.problem} onRetry={cameras.reload} />}
      {cameras.value === null && cameras.problem === null && <LoadingNote />}
      {cameras.value && (
        <Choices cameras={cameras.value} sites={sites} most={most} chosen={chosen} toggle={toggle} />
      )}
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
  most: number;
  chosen: string[];
  toggle: (id: string) => void;
}

function Choices({ cameras, sites, most, chosen, toggle }: ChoicesProps): JSX.Element {
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
                disabled={!picked && chosen.length >= most}
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
