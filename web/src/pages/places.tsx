import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { listCameras } from '../api/cameras';
import type { Camera } from '../api/cameras';
import { findFloor, firstFloorOf, listPlaces } from '../api/places';
import type { FloorPath, Site } from '../api/places';
import { go } from '../frame/address';
import { HealthWord } from '../frame/health_mark';
import { Link } from '../frame/link';
import { useFresh, useLoaded } from '../frame/loaded';
import { EmptyNote, LoadingNote, NotePage, ProblemNote } from '../frame/notes';
import { PlacesTree } from '../frame/places_tree';
import { useWho } from '../frame/session';
import { StateWord } from '../frame/state_mark';
import { useWords } from '../words/words';

const HEALTH_EACH_MS = 10_000;

/** The places one may see, and the cameras of one floor. */
export function PlacesPage({ floor_id }: { floor_id: string | null }): JSX.Element {
  const { t } = useWords();
  const who = useWho();
  const places = useLoaded(listPlaces, who.person_id);
  const sites = places.value;
  useFirstFloor(sites, floor_id);
  if (sites === null)
    return <NotePage title={t('places.title')} problem={places.problem} onRetry={places.reload} />;
  const found = findFloor(sites, floor_id);
  return (
    <div class="with-tree">
      <PlacesTree sites={sites} floor_id={floor_id} />
      <main id="content" class="page">
        <h1>{found ? `${found.building.name} ${found.floor.name}` : t('places.title')}</h1>
        {sites.length === 0 && <EmptyNote>{t('places.empty')}</EmptyNote>}
        {sites.length > 0 && !found && <EmptyNote>{t('places.choose')}</EmptyNote>}
        {found && <FloorCameras key={found.floor.id} found={found} />}
      </main>
    </div>
  );
}

/** Where none was asked for, the first. */
function useFirstFloor(sites: Site[] | null, floor_id: string | null): void {
  useEffect(() => {
    const first = firstFloorOf(sites ?? []);
    if (floor_id === null && first) go({ name: 'places', floor: first.id }, true);
  }, [sites, floor_id]);
}

function FloorCameras({ found }: { found: FloorPath }): JSX.Element {
  const { t } = useWords();
  const cameras = useLoaded(() => listCameras({ floor: found.floor.id }), found.floor.id);
  if (cameras.problem !== null) return <ProblemNote code={cameras.problem} onRetry={cameras.reload} />;
  if (cameras.value === null) return <LoadingNote />;
  if (cameras.value.length === 0) return <EmptyNote>{t('places.no_cameras')}</EmptyNote>;
  return <CameraCards found={found} first={cameras.value} />;
}

function CameraCards({ found, first }: { found: FloorPath; first: Camera[] }): JSX.Element {
  const { t } = useWords();
  const [filter, setFilter] = useState('');
  const floor = found.floor.id;
  const cameras = useFresh(first, () => listCameras({ floor }), floor, HEALTH_EACH_MS);
  const matching = cameras.filter((camera) => matches(camera, filter));
  return (
    <>
      <label class="field field-inline">
        <span>{t('places.filter')}</span>
        <input type="search" value={filter} onInput={(event) => setFilter(event.currentTarget.value)} />
      </label>
      {matching.length === 0 && <EmptyNote>{t('places.no_match', { text: filter })}</EmptyNote>}
      <ul class="cameras" aria-label={t('places.cameras', { floor: found.floor.name })}>
        {matching.map((camera) => (
          <li key={camera.id}>
            <Link class="camera-card" to={{ name: 'camera', id: camera.id, at: null }}>
              <strong>{camera.code}</strong>
              <span class="camera-name">{camera.name}</span>
              <StateWord state={camera.state} />
              <HealthWord health={camera.health} />
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

function matches(camera: Camera, filter: string): boolean {
  const wanted = filter.normalize('NFKC').trim().toLowerCase();
  return `${camera.code} ${camera.name}`.normalize('NFKC').toLowerCase().includes(wanted);
}
