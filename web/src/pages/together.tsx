import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { showCamera } from '../api/cameras';
import type { Camera } from '../api/cameras';
import { Problem } from '../api/client';
import { listPlaces } from '../api/places';
import { TOGETHER_MAX, go } from '../frame/address';
import type { Page } from '../frame/address';
import { useKeys } from '../frame/keys';
import { KeysDialog } from '../frame/keys_dialog';
import { useLoaded } from '../frame/loaded';
import { EmptyNote, NotePage, ProblemNote } from '../frame/notes';
import { may, useWho } from '../frame/session';
import { now as clockNow, useNow } from '../time/clock';
import { MINUTE_MS, SECOND_MS } from '../time/office_time';
import type { Instant, Span } from '../time/office_time';
import { useCoverage } from '../timeline/coverage_store';
import type { Coverage } from '../timeline/coverage_store';
import { hourAround, revealing } from '../timeline/scale';
import { Timeline } from '../timeline/timeline';
import { InStep } from '../video/in_step';
import { rateBeside } from '../video/rates';
import { useWords } from '../words/words';
import { CameraPicker } from './camera_picker';
import { GoToTime } from './go_to_time';
import { TimelineBar } from './timeline_bar';
import { TogetherBar } from './together_bar';
import { togetherCommandOf } from './together_keys';
import type { TogetherCommand } from './together_keys';
import { TogetherTile } from './together_tile';

/** Where one begins who names no instant: what is newer may not be stored yet. */
const NEWEST_MS = 3 * MINUTE_MS;
const BACK_MS = 10 * SECOND_MS;
const TOLD_EACH_MS = 200;

interface TogetherPageProps {
  cameras: string[];
  at: Instant | null;
  theme: string;
}

/** The past of up to four cameras, in step: one time, one row of it for each. */
export function TogetherPage(props: TogetherPageProps): JSX.Element {
  const { t } = useWords();
  const key = props.cameras.join();
  const loaded = useLoaded(() => listThese(props.cameras), key);
  const who = useWho();
  if (!may(who, 'footage.play'))
    return <NotePage title={t('together.title')} problem="permission_denied" onRetry={() => {}} />;
  if (loaded.value === null)
    return <NotePage title={t('together.title')} problem={loaded.problem} onRetry={loaded.reload} />;
  return <KnownCameras key={key} {...props} known={loaded.value} />;
}

/** Without those that one may not see. */
async function listThese(ids: string[]): Promise<Camera[]> {
  const found = await Promise.all(
    ids.map((id) =>
      showCamera(id).catch((error: unknown) => {
        if (error instanceof Problem && error.status === 404) return null;
        throw error;
      }),
    ),
  );
  return found.filter((one) => one !== null);
}

function KnownCameras(props: TogetherPageProps & { known: Camera[] }): JSX.Element {
  const { t } = useWords();
  const { known } = props;
  const now = useNow();
  const [open, setOpen] = useState<'keys' | 'picker' | null>(null);
  const typed = useRef<HTMLInputElement>(null);
  const places = useLoaded(listPlaces, 'places');
  const ids = known.map((one) => one.id);
  const steps = useSteps(props.at, ids);
  const [shown, setShown] = useState<Span>(() => hourAround(steps.at, now));
  // As many each time: the page is another one for other cameras.
  const coverages = known.map((one) => useCoverage(one.id, shown));
  useEffect(() => setShown((last) => revealing(last, steps.at)), [steps.at]);

  const run = (command: TogetherCommand): void => {
    if (command === 'go_to') typed.current?.focus();
    else if (command === 'help') setOpen('keys');
    else steps.run(command);
  };
  useKeys(togetherCommandOf, run);
  const page: Page = { name: 'together', cameras: ids, at: wholeSecond(steps.at) };
  const problem = coverages.find((one) => one.problem !== null)?.problem;
  return (
    <main id="content" class="together">
      <h1 class="only-read">{t('together.title')}</h1>
      <div class="together-top">
        {known.length < props.cameras.length && <p class="note">{t('together.some_hidden')}</p>}
        {known.length === 0 && <EmptyNote>{t('together.none')}</EmptyNote>}
        <ul class="together-tiles" data-count={known.length} aria-label={t('together.title')}>
          {known.map((camera, i) => (
            <TogetherTile
              key={camera.id}
              camera={camera}
              step={steps.step}
              at={steps.at}
              now={now}
              stretches={coverages[i]?.stretches ?? []}
            />
          ))}
        </ul>
      </div>
      <TogetherBar
        at={steps.at}
        page={page}
        playing={steps.step.playing}
        waiting={steps.step.playing && !steps.going}
        rate={steps.step.rate}
        onRate={steps.setRate}
        onPick={() => setOpen('picker')}
        run={run}
      />
      <section class="time">
        <div class="time-bar">
          <TimelineBar shown={shown} now={now} at={steps.at} with_activity={false} onShow={setShown} />
          <GoToTime input={typed} now={now} shown={steps.at} onGo={steps.goTo} />
        </div>
        {problem && <ProblemNote code={problem} />}
        <Rows
          cameras={known}
          coverages={coverages}
          shown={shown}
          now={now}
          at={steps.at}
          theme={props.theme}
          onShow={setShown}
          onPlay={steps.goTo}
        />
      </section>
      {open === 'keys' && <KeysDialog of="together" onClose={() => setOpen(null)} />}
      {open === 'picker' && (
        <CameraPicker
          title="together.pick_title"
          sites={places.value ?? []}
          of={{}}
          most={TOGETHER_MAX}
          chosen={ids}
          onShow={(cameras) => go({ ...page, cameras })}
          onClose={() => setOpen(null)}
        />
      )}
    </main>
  );
}

interface RowsProps {
  cameras: Camera[];
  coverages: Coverage[];
  shown: Span;
  now: Instant;
  at: Instant;
  theme: string;
  onShow: (shown: Span) => void;
  onPlay: (at: Instant) => void;
}

function Rows(props: RowsProps): JSX.Element {
  return (
    <ul class="together-rows">
      {props.cameras.map((camera, i) => (
        <li key={camera.id}>
          <span class="together-code">{camera.code}</span>
          <Timeline
            camera={camera.id}
            name={camera.code}
            ticks={i === props.cameras.length - 1}
            stretches={props.coverages[i]?.stretches ?? []}
            activity={null}
            shown={props.shown}
            now={props.now}
            cursor={props.at}
            theme={props.theme}
            onShow={props.onShow}
            onPlay={props.onPlay}
          />
        </li>
      ))}
    </ul>
  );
}

function wholeSecond(at: Instant): Instant {
  return Math.floor(at / SECOND_MS) * SECOND_MS;
}

interface Steps {
  step: InStep;
  /** What the pictures show, told some times a second. */
  at: Instant;
  going: boolean;
  goTo: (at: Instant) => void;
  setRate: (rate: number) => void;
  run: (command: Exclude<TogetherCommand, 'go_to' | 'help'>) => void;
}

/** The time of the page, and what moves it; the address tells where one went. */
function useSteps(wanted: Instant | null, cameras: string[]): Steps {
  const step = useMemo(() => new InStep(wanted ?? clockNow() - NEWEST_MS), []);
  const [told, setTold] = useState({ at: step.at(), going: false });
  const gone_to = useRef(wanted);
  const tell = (going: boolean): void => setTold({ at: step.at(), going });

  useEffect(() => {
    let told_ms = 0;
    let handle = 0;
    const tick = (now_ms: number): void => {
      const going = step.tick(now_ms, clockNow());
      if (now_ms - told_ms >= TOLD_EACH_MS) {
        told_ms = now_ms;
        tell(going);
      }
      handle = requestAnimationFrame(tick);
    };
    handle = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(handle);
  }, [step]);
  useEffect(() => {
    if (wanted !== null && wanted !== gone_to.current) step.seek(wanted);
    gone_to.current = wanted;
  }, [wanted]);

  const goTo = (at: Instant): void => {
    step.seek(Math.min(at, clockNow()));
    step.playing = true;
    gone_to.current = wholeSecond(step.at());
    go({ name: 'together', cameras, at: gone_to.current }, true);
    tell(false);
  };
  const setRate = (rate: number): void => {
    step.rate = rate;
    tell(told.going);
  };
  const run: Steps['run'] = (command) => {
    if (command === 'toggle') step.playing = !step.playing;
    if (command === 'back') goTo(step.at() - BACK_MS);
    if (command === 'back_minute') goTo(step.at() - MINUTE_MS);
    if (command === 'frame_back') step.step(-1);
    if (command === 'frame_on') step.step(1);
    if (command === 'slower') step.rate = rateBeside(step.rate, -1);
    if (command === 'faster') step.rate = rateBeside(step.rate, 1);
    tell(false);
  };
  return { step, ...told, goTo, setRate, run };
}
