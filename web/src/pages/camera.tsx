import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { listCameras, showCamera } from '../api/cameras';
import type { Camera } from '../api/cameras';
import { findFloor, listPlaces } from '../api/places';
import type { FloorPath, Site } from '../api/places';
import { TOGETHER_MAX, go } from '../frame/address';
import { useKeys } from '../frame/keys';
import { KeysDialog } from '../frame/keys_dialog';
import { Link } from '../frame/link';
import { useFresh, useLoaded } from '../frame/loaded';
import { EmptyNote, NotePage, ProblemNote } from '../frame/notes';
import { PlacesTree } from '../frame/places_tree';
import { may, useWho } from '../frame/session';
import { useNow } from '../time/clock';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../time/office_time';
import type { Instant, Span } from '../time/office_time';
import { useActivity } from '../timeline/activity_store';
import { useCoverage } from '../timeline/coverage_store';
import { HoldsRow } from '../timeline/holds_row';
import { NO_MARK } from '../timeline/mark';
import { revealing } from '../timeline/scale';
import { Timeline } from '../timeline/timeline';
import type { ControlsRef, PictureControls } from '../video/controls';
import { forgetStreams } from '../video/kept_streams';
import type { Jump } from '../video/past_picture';
import { rateBeside } from '../video/rates';
import { useWords } from '../words/words';
import { useActivitySearch } from './activity_search';
import { CameraBar } from './camera_bar';
import { commandOf } from './camera_keys';
import type { CameraCommand } from './camera_keys';
import { CameraPanel } from './camera_panel';
import type { PanelName } from './camera_panel';
import { CameraPicker } from './camera_picker';
import { CameraView } from './camera_view';
import { GoToTime } from './go_to_time';
import { useKeeping } from './keeping';
import { MarkedRange } from './marked_range';
import { TimelineBar, wholeDay } from './timeline_bar';

const BACK_MS = 10 * SECOND_MS;
const BACK_FAR_MS = MINUTE_MS;
const HEALTH_EACH_MS = 3 * SECOND_MS;
const NEIGHBOURS_EACH_MS = 10 * SECOND_MS;

interface CameraPageProps {
  id: string;
  /** Nothing: live. */
  at: Instant | null;
  theme: string;
}

export function CameraPage(props: CameraPageProps): JSX.Element {
  const { t } = useWords();
  const loaded = useLoaded(() => showCamera(props.id), props.id);
  const places = useLoaded(listPlaces, 'places');
  if (loaded.problem === 'not_found') {
    return (
      <main id="content" class="page">
        <h1>{t('viewings.camera')}</h1>
        <EmptyNote>{t('camera.not_found')}</EmptyNote>
        <Link to={{ name: 'places', floor: null }}>{t('places.back')}</Link>
      </main>
    );
  }
  if (loaded.value === null) {
    return <NotePage title={t('viewings.camera')} problem={loaded.problem} onRetry={loaded.reload} />;
  }
  return <KnownCamera key={props.id} {...props} first={loaded.value} sites={places.value ?? []} />;
}

function KnownCamera(props: CameraPageProps & { first: Camera; sites: Site[] }): JSX.Element {
  const { first, sites } = props;
  const camera = useFresh(first, () => showCamera(first.id), first.id, HEALTH_EACH_MS);
  // The picture that goes with this page keeps its stream first.
  useEffect(() => () => void setTimeout(forgetStreams), []);
  const beside = useLoaded(() => listBeside(first), first.floor_id ?? '');
  return (
    <div class="with-tree">
      <Neighbours key={String(beside.value === null)} camera={camera} sites={sites} beside={beside.value} />
      <OneCamera {...props} camera={camera} floor={findFloor(sites, camera.floor_id)} />
    </div>
  );
}

/** The places, with the cameras beside this one. */
function Neighbours(props: { camera: Camera; sites: Site[]; beside: Camera[] | null }): JSX.Element {
  const { camera, sites } = props;
  const first = props.beside ?? [camera];
  const beside = useFresh(first, () => listBeside(camera), camera.floor_id ?? '', NEIGHBOURS_EACH_MS);
  return (
    <PlacesTree
      sites={sites}
      floor_id={camera.floor_id}
      cameras={beside.map((one) => (one.id === camera.id ? camera : one))}
      camera_id={camera.id}
    />
  );
}

function listBeside(camera: Camera): Promise<Camera[]> {
  return camera.floor_id === null ? Promise.resolve([camera]) : listCameras({ floor: camera.floor_id });
}

/** One camera: its picture, live or past, and its time below. */
function OneCamera(
  props: CameraPageProps & { camera: Camera; sites: Site[]; floor: FloorPath | null },
): JSX.Element {
  const { camera } = props;
  const now = useNow();
  const [jump, jumpTo] = useJump(camera.id, props.at);
  const [shown, setShown] = useState<Span>(() => wholeDay(props.at ?? now));
  const [cursor, setCursor] = useState<Instant | null>(null);
  const [paused, setPaused] = useState(false);
  const [rate, setRate] = useState(1);
  const [panel, setPanel] = useState<PanelName | null>(null);
  const [helping, setHelping] = useState(false);
  const [picking, setPicking] = useState(false);
  const controls: ControlsRef = useRef<PictureControls | null>(null);
  const typed = useRef<HTMLInputElement>(null);
  const coverage = useCoverage(camera.id, shown);
  const present = (): Instant => controls.current?.at() ?? cursor ?? now;
  const keeping = useKeeping(camera, now, present);
  const play_until = useRef<Instant | null>(null);
  const may_play = may(useWho(), 'footage.play');
  const activity = useActivity(camera.id, shown, may_play);
  const search = useActivitySearch(activity.store, now, (at) => {
    play_until.current = null;
    goTo(at);
  });

  useEffect(() => setCursor(jump?.at ?? null), [jump]);
  useEffect(() => {
    if (cursor !== null) setShown((last) => followed(last, cursor));
    if (cursor !== null && play_until.current !== null && cursor >= play_until.current) {
      play_until.current = null;
      if (!paused) controls.current?.toggle();
    }
  }, [cursor]);

  const play = (at: Instant): void => {
    play_until.current = null;
    search.stop();
    setPaused(false);
    jumpTo(Math.min(at, now));
  };
  const playRange = (span: Span): void => {
    play(span.from);
    play_until.current = span.to;
  };
  const live = (): void => {
    play_until.current = null;
    search.stop();
    if (jump === null && paused) controls.current?.toggle();
    setPaused(false);
    setRate(1);
    jumpTo(null);
    setShown((last) => (last.from <= now && now < last.to ? last : wholeDay(now)));
  };
  const goTo = (at: Instant): void => {
    search.stop();
    if (jump === null || !controls.current?.seek(at)) play(at);
  };
  const run = (command: CameraCommand): void => {
    keeping.run(command);
    if (command === 'toggle') controls.current?.toggle();
    if (command === 'live') live();
    if (command === 'back') goTo(present() - BACK_MS);
    if (command === 'back_minute') goTo(present() - BACK_FAR_MS);
    if (command === 'frame_back') controls.current?.step(-1);
    if (command === 'frame_on') controls.current?.step(1);
    if (command === 'slower' && jump !== null) setRate(rateBeside(rate, -1));
    if (command === 'faster' && jump !== null) setRate(rateBeside(rate, 1));
    if (command === 'activity_before' && may_play) search.start(present(), -1);
    if (command === 'activity_next' && may_play) search.start(present(), 1);
    if (command === 'go_to') typed.current?.focus();
    if (command === 'help') setHelping(true);
  };
  useKeys(commandOf, run);

  return (
    <main id="content" class={panel === null ? 'camera' : 'camera camera-with-panel'}>
      <CameraView
        camera={camera}
        floor={props.floor}
        jump={jump}
        cursor={cursor}
        now={now}
        paused={paused}
        rate={rate}
        stretches={coverage.stretches}
        controls={controls}
        onTime={setCursor}
        onPaused={setPaused}
        onPlay={play}
      />
      <CameraBar
        camera={camera}
        at={jump === null ? null : cursor}
        paused={paused}
        rate={rate}
        panel={panel}
        said={search.said}
        run={run}
        onRate={setRate}
        onPanel={(name) => setPanel(panel === name ? null : name)}
        onTogether={() => setPicking(true)}
      />
      <section class="time">
        <div class="time-bar">
          <TimelineBar
            shown={shown}
            now={now}
            at={(jump && cursor) ?? now}
            with_activity={may_play}
            calendar_of={camera.id}
            onShow={setShown}
          />
          <GoToTime input={typed} now={now} shown={cursor ?? (shown.from + shown.to) / 2} onGo={play} />
        </div>
        {coverage.problem !== null && <ProblemNote code={coverage.problem} />}
        {keeping.holds.problem !== null && (
          <ProblemNote code={keeping.holds.problem} onRetry={keeping.holds.reload} />
        )}
        <HoldsRow holds={keeping.holds.holds} shown={shown} onOpen={keeping.openHold} />
        <Timeline
          camera={camera.id}
          stretches={coverage.stretches}
          activity={may_play ? activity : null}
          shown={shown}
          now={now}
          cursor={jump === null ? null : cursor}
          theme={props.theme}
          onShow={setShown}
          onPlay={play}
          marking={{ mark: keeping.mark, onMark: keeping.setMark, onMarkEnd: keeping.markEnd }}
        />
        <MarkedRange
          camera={camera}
          mark={keeping.mark}
          run={run}
          onPlay={playRange}
          onClear={() => keeping.setMark(NO_MARK)}
        />
      </section>
      {panel !== null && (
        <CameraPanel
          name={panel}
          camera={camera}
          shown={shown}
          stretches={coverage.stretches}
          now={now}
          onPlay={play}
          onClose={() => setPanel(null)}
        />
      )}
      {keeping.dialogs}
      {helping && <KeysDialog of="camera" onClose={() => setHelping(false)} />}
      {picking && (
        <CameraPicker
          title="together.pick_title"
          sites={props.sites}
          of={{}}
          most={TOGETHER_MAX}
          chosen={[camera.id]}
          onShow={(cameras) => go({ name: 'together', cameras, at: jump === null ? null : present() })}
          onClose={() => setPicking(false)}
        />
      )}
    </main>
  );
}

/** `shown`, with the cursor in it: moved where it plays on or one looks closely, another day where it jumped. */
function followed(shown: Span, cursor: Instant): Span {
  const length_ms = shown.to - shown.from;
  if (cursor >= shown.from && cursor < shown.to) return shown;
  const near = length_ms <= HOUR_MS || (cursor > shown.from - length_ms && cursor < shown.to + length_ms);
  return near && length_ms < wholeDay(cursor).to - wholeDay(cursor).from
    ? revealing(shown, cursor)
    : wholeDay(cursor);
}

/** Where one is, told by the address too, so that a link or the browser's way back lead there. Nothing: live. */
function useJump(camera_id: string, at: Instant | null): [Jump | null, (at: Instant | null) => void] {
  const count = useRef(0);
  const newJump = (to: Instant): Jump => ({ at: to, number: ++count.current });
  const [jump, setJump] = useState<Jump | null>(() => (at === null ? null : newJump(at)));
  const jumpTo = (wanted: Instant | null): void => {
    const whole = wanted === null ? null : Math.floor(wanted / SECOND_MS) * SECOND_MS;
    setJump(whole === null ? null : newJump(whole));
    go({ name: 'camera', id: camera_id, at: whole }, jump !== null);
  };
  useEffect(() => {
    setJump((last) => {
      if (at === null) return null;
      return last?.at === at ? last : newJump(at);
    });
  }, [at]);
  return [jump, jumpTo];
}
