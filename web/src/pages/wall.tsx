import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { listCameras } from '../api/cameras';
import type { Camera } from '../api/cameras';
import { findFloor, firstFloorOf, listPlaces } from '../api/places';
import type { Site } from '../api/places';
import { WALL_MAX, go } from '../frame/address';
import { keepWall, readWall } from '../frame/kept_wall';
import type { Wall } from '../frame/kept_wall';
import { useKeys } from '../frame/keys';
import { KeysDialog } from '../frame/keys_dialog';
import { useFresh, useLoaded } from '../frame/loaded';
import { EmptyNote, NotePage } from '../frame/notes';
import { may, useWho } from '../frame/session';
import { useNow } from '../time/clock';
import { useWords } from '../words/words';
import { CameraPicker } from './camera_picker';
import { WallBar } from './wall_bar';
import { gridFor } from './wall_grid';
import type { Grid } from './wall_grid';
import { neighbourOf, numberTyped, wallCommandOf } from './wall_keys';
import type { WallCommand } from './wall_keys';
import { WallTile, tileId } from './wall_tile';

const HEALTH_EACH_MS = 3000;
const DIGITS_WITHIN_MS = 1000;

/** Up to 25 cameras live: those of a floor, or chosen ones. Its address says which. */
export function WallPage({ wall }: { wall: Wall }): JSX.Element {
  const { t } = useWords();
  const who = useWho();
  const places = useLoaded(listPlaces, who.person_id);
  const key = keyOf(wall);
  const cameras = useLoaded(() => listOf(wall), key);
  useSomeWall(wall, places.value);
  useEffect(() => {
    if (key !== '') keepWall(who.person_id, wall);
  }, [key]);
  if (places.value?.length === 0) return <EmptyPage />;
  if (places.value === null || cameras.value === null || key === '') {
    const { problem, reload } = places.problem === null ? cameras : places;
    return <NotePage title={t('wall.title')} problem={problem} onRetry={reload} />;
  }
  return <KnownWall key={key} wall={wall} sites={places.value} first={cameras.value} />;
}

/** Empty where the address names no wall. */
function keyOf(wall: Wall): string {
  return wall.floor ?? wall.cameras.join();
}

/** Those in service: others send nothing to whom this is shown. */
async function listOf(wall: Wall): Promise<Camera[]> {
  if (wall.floor !== null) return listCameras({ floor: wall.floor, state: 'in_service' });
  if (wall.cameras.length === 0) return [];
  const all = new Map((await listCameras({ state: 'in_service' })).map((one) => [one.id, one]));
  return wall.cameras.flatMap((id) => all.get(id) ?? []);
}

/** Where none was asked for, the last one that one had here, else the first floor. */
function useSomeWall(wall: Wall, sites: Site[] | null): void {
  const who = useWho();
  useEffect(() => {
    if (wall.floor !== null || wall.cameras.length > 0 || sites === null) return;
    const first = firstFloorOf(sites);
    const kept = readWall(who.person_id);
    if (kept) go(kept, true);
    else if (first) go({ name: 'wall', floor: first.id, cameras: [] }, true);
  }, [wall, sites]);
}

function EmptyPage(): JSX.Element {
  const { t } = useWords();
  return (
    <main id="content" class="page">
      <h1>{t('wall.title')}</h1>
      <EmptyNote>{t('places.empty')}</EmptyNote>
    </main>
  );
}

function KnownWall({ wall, sites, first }: { wall: Wall; sites: Site[]; first: Camera[] }): JSX.Element {
  const { t } = useWords();
  const who = useWho();
  const cameras = useFresh(first, () => listOf(wall), keyOf(wall), HEALTH_EACH_MS);
  const now = useNow();
  const [page, setPage] = useState(0);
  const [round, setRound] = useState(0);
  const [open, setOpen] = useState<'keys' | 'picker' | null>(null);
  const typed = useRef<HTMLInputElement>(null);
  const area = useRef<HTMLUListElement>(null);
  const pages = Math.max(1, Math.ceil(cameras.length / WALL_MAX));
  const shown_page = Math.min(page, pages - 1);
  const shown = cameras.slice(shown_page * WALL_MAX, (shown_page + 1) * WALL_MAX);
  const grid = useGrid(area, shown.length);
  const tiles = useChosenTile(shown.length, grid.columns);

  useKeys(wallCommandOf, (command: WallCommand) => {
    if (command.kind === 'live') setRound((last) => last + 1);
    else if (command.kind === 'go_to') typed.current?.focus();
    else if (command.kind === 'help') setOpen('keys');
    else tiles.run(command);
  });
  const found = findFloor(sites, wall.floor);
  const title = found ? `${found.building.name} ${found.floor.name}` : t('wall.picked');
  if (!may(who, 'live.play'))
    return <NotePage title={title} problem="permission_denied" onRetry={() => {}} />;
  return (
    <main id="content" class="wall">
      <WallBar
        title={title}
        wall={wall}
        sites={sites}
        goal={shown[tiles.chosen.current ?? 0] ?? null}
        typed={typed}
        now={now}
        page={shown_page}
        pages={pages}
        onPage={setPage}
        onPick={() => setOpen('picker')}
        onKeys={() => setOpen('keys')}
      />
      {shown.length === 0 && <EmptyNote>{t('wall.empty')}</EmptyNote>}
      <ul
        ref={area}
        class="tiles"
        aria-label={t('wall.tiles', { name: title })}
        style={{ '--columns': grid.columns, '--row': `${grid.row_px}px` }}
        onFocusIn={tiles.onFocus}
      >
        {shown.map((camera, index) => (
          <WallTile key={camera.id} camera={camera} number={index + 1} now={now} round={round} />
        ))}
      </ul>
      {open === 'keys' && <KeysDialog of="wall" onClose={() => setOpen(null)} />}
      {open === 'picker' && (
        <CameraPicker
          title="wall.pick_title"
          sites={sites}
          of={{ state: 'in_service' }}
          most={WALL_MAX}
          chosen={shown.map((one) => one.id)}
          onShow={(chosen) => go({ name: 'wall', floor: null, cameras: chosen })}
          onClose={() => setOpen(null)}
        />
      )}
    </main>
  );
}

interface ChosenTile {
  /** From 0. */
  chosen: { current: number | null };
  run: (command: WallCommand) => void;
  onFocus: (event: FocusEvent) => void;
}

/** The tile that keys chose: it has the focus, so that Enter opens it. */
function useChosenTile(count: number, columns: number): ChosenTile {
  const chosen = useRef<number | null>(null);
  const typed = useRef({ text: '', at: 0 });
  const choose = (index: number): void => document.getElementById(tileId(index + 1))?.focus();
  const run = (command: WallCommand): void => {
    if (command.kind !== 'digit') return choose(neighbourOf(chosen.current, command.kind, columns, count));
    const recent = performance.now() - typed.current.at < DIGITS_WITHIN_MS ? typed.current.text : '';
    const text = numberTyped(recent, command.digit, count);
    typed.current = { text, at: performance.now() };
    if (text !== '') choose(Number(text) - 1);
  };
  const onFocus = (event: FocusEvent): void => {
    const link = event.target instanceof Element ? event.target.closest('.tile-link') : null;
    const index = Number(link?.id.replace('tile-', '')) - 1;
    if (index >= 0) chosen.current = index;
  };
  return { chosen, run, onFocus };
}

function useGrid(area: { current: HTMLElement | null }, count: number): Grid {
  const [size, setSize] = useState({ width_px: 0, height_px: 0 });
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    const measure = (): void => setSize({ width_px: element.clientWidth, height_px: element.clientHeight });
    const observer = new ResizeObserver(() => requestAnimationFrame(measure));
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  return gridFor(count, size.width_px, size.height_px);
}
