import type { JSX } from 'preact';
import type { Camera, CameraState } from '../api/cameras';
import { buildingsOf } from '../api/places';
import type { Building, CameraCounts, Floor, Site } from '../api/places';
import { useWords } from '../words/words';
import { HealthMark } from './health_mark';
import { Link } from './link';
import { StateMark } from './state_mark';

const COUNTED: CameraState[] = ['in_service', 'staged', 'accepted', 'suspended', 'planned'];

interface Chosen {
  floor_id: string | null;
  /** Those of that floor, where one of them is shown. */
  cameras?: Camera[];
  camera_id?: string;
}

/** Sites, buildings and floors with cameras that one may see, and how many. */
export function PlacesTree({ sites, ...chosen }: { sites: Site[] } & Chosen): JSX.Element {
  const { t } = useWords();
  return (
    <nav class="tree" aria-label={t('places.tree')}>
      {buildingsOf(sites).map((building) => (
        <BuildingBranch key={building.id} building={building} {...chosen} />
      ))}
    </nav>
  );
}

/** A building with one floor is one line. */
function BuildingBranch({ building, ...chosen }: { building: Building } & Chosen): JSX.Element {
  const [only] = building.floors;
  if (only && building.floors.length === 1) {
    return (
      <ul>
        <FloorLine floor={only} name={`${building.name} ${only.name}`} {...chosen} />
      </ul>
    );
  }
  return (
    <details open>
      <summary>{building.name}</summary>
      <ul class="tree-floors">
        {building.floors.map((floor) => (
          <FloorLine key={floor.id} floor={floor} name={floor.name} {...chosen} />
        ))}
      </ul>
    </details>
  );
}

interface FloorLineProps extends Chosen {
  floor: Floor;
  name: string;
}

function FloorLine({ floor, name, floor_id, cameras, camera_id }: FloorLineProps): JSX.Element {
  const here = floor.id === floor_id;
  return (
    <li>
      <Link to={{ name: 'places', floor: floor.id }} current={here && camera_id === undefined}>
        <span class="tree-name">{name}</span>
        <Counts counts={floor.cameras} />
      </Link>
      {here && cameras && (
        <ul class="tree-cameras">
          {cameras.map((camera) => (
            <li key={camera.id}>
              <Link to={{ name: 'camera', id: camera.id, at: null }} current={camera.id === camera_id}>
                <span class="tree-name">{camera.code}</span>
                <span class="tree-camera">{camera.name}</span>
                <HealthMark health={camera.health} />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function Counts({ counts }: { counts: CameraCounts }): JSX.Element {
  const { t } = useWords();
  const shown = COUNTED.filter((state) => (counts[state] ?? 0) > 0);
  return (
    <span class="tree-counts">
      {shown.map((state) => {
        const words = t('places.count', { state: t(`state.${state}`), count: counts[state] ?? 0 });
        return (
          <span key={state} title={words}>
            <StateMark state={state} />
            <span aria-hidden="true">{counts[state]}</span>
            <span class="only-read">{words}</span>
          </span>
        );
      })}
    </span>
  );
}
