import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { liveAddress } from '../api/cameras';
import type { Camera, Health } from '../api/cameras';
import { now as serverNow } from '../time/clock';
import { formatNear, parseRfc3339 } from '../time/office_time';
import type { Instant } from '../time/office_time';
import { describeProblem } from '../words/problem_words';
import { useWords } from '../words/words';
import type { Words } from '../words/words';
import type { ControlsRef } from './controls';
import { LiveStream } from './live_stream';
import { useStream } from './stream_choice';

interface LivePictureProps {
  camera: Camera;
  now: Instant;
  controls: ControlsRef;
  onPaused: (paused: boolean) => void;
}

const AGAIN_AFTER_MS = 2000;
/** A sub stream is asked for at the camera only now. From then on the main one is shown instead, which is there. */
const SUB_COMES_WITHIN_MS = 8000;
/** From then on the age of the newest frame is told; from then on the picture is covered. */
const TOLD_AFTER_MS = 2000;
const COVERED_AFTER_MS = 5000;

/** Worth another try by itself. */
const PASSING = [
  'ended',
  'unavailable',
  'unreachable',
  'deadline_exceeded',
  'resource_exhausted',
  'aborted',
  'internal',
];

/** What a camera shows now. Where nothing comes, since when, and never its last picture as if it were live. */
export function LivePicture(props: LivePictureProps): JSX.Element {
  const words = useWords();
  const video = useRef<HTMLVideoElement>(null);
  const live_stream = useRef<LiveStream | null>(null);
  const [round, setRound] = useState(0);
  const [frame_at, setFrameAt] = useState<Instant | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [paused, setPaused] = useState(false);
  const [main_only, setMainOnly] = useState<string | null>(null);
  const chosen = useStream(props.camera, video, paused);
  const stream = main_only === props.camera.id && chosen !== null ? 'main' : chosen;

  useEffect(() => {
    if (!video.current || stream === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const leaveSub = (): void => setMainOnly(props.camera.id);
    const patience = stream === 'sub' ? setTimeout(leaveSub, SUB_COMES_WITHIN_MS) : undefined;
    const live = new LiveStream(video.current, liveAddress(props.camera.id, stream), {
      onFrame: () => {
        clearTimeout(patience);
        setFrameAt(serverNow());
        setProblem(null);
      },
      onEnd: (code) => {
        if (code === 'no_sub_stream') leaveSub();
        else if (PASSING.includes(code))
          timer = setTimeout(() => setRound((last) => last + 1), AGAIN_AFTER_MS);
        else setProblem(code);
      },
    });
    live_stream.current = live;
    live.start();
    return () => {
      clearTimeout(timer);
      clearTimeout(patience);
      live.stop();
    };
  }, [props.camera.id, stream, round]);

  props.controls.current = {
    toggle: () => {
      if (paused) setRound((last) => last + 1);
      else live_stream.current?.freeze();
      setPaused(!paused);
      props.onPaused(!paused);
    },
    step: () => {},
    seek: () => false,
    at: () => serverNow(),
  };

  const age_ms = frame_at === null ? Infinity : props.now - frame_at;
  const covered = !paused && (problem !== null || age_ms >= COVERED_AFTER_MS);
  return (
    <div class="picture">
      <video
        ref={video}
        class={covered ? 'picture-video picture-covered' : 'picture-video'}
        data-live={covered || paused ? 'no' : 'yes'}
        data-stream={stream}
        aria-label={`${props.camera.code} ${props.camera.name}`}
        muted
        playsInline
      />
      {!covered && !paused && age_ms >= TOLD_AFTER_MS && (
        <p class="picture-age" role="status">
          {words.t('camera.age', { seconds: Math.floor(age_ms / 1000) })}
        </p>
      )}
      {covered && (
        <NoPicture
          problem={problem}
          frame_at={frame_at}
          health={props.camera.health}
          now={props.now}
          words={words}
        />
      )}
    </div>
  );
}

interface NoPictureProps {
  problem: string | null;
  frame_at: Instant | null;
  health: Health | null;
  now: Instant;
  words: Words;
}

/** What stands where the picture would. */
function NoPicture({ problem, frame_at, health, now, words }: NoPictureProps): JSX.Element {
  const { t, language } = words;
  const missing = health?.condition === 'missing' ? health : null;
  const since = parseRfc3339(missing?.since ?? '') ?? frame_at;
  if (problem !== null) return <p class="picture-note">{describeLiveProblem(problem, words)}</p>;
  if (since === null) {
    return (
      <p class="picture-note" role="status">
        {t('camera.connecting')}
      </p>
    );
  }
  const hint = missing?.reason
    ? t('camera.missing_reason', { reason: t(`gap.${missing.reason}`) })
    : t('camera.missing_wait');
  return (
    <div class="picture-note picture-missing" role="alert">
      <p class="picture-note-first">
        {t('camera.missing_since', { time: formatNear(since, now, language) })}
      </p>
      <p>{hint}</p>
    </div>
  );
}

function describeLiveProblem(code: string, { t }: Words): string {
  if (code === 'permission_denied' || code === 'not_found') return t('camera.live_denied');
  if (code === 'format') return t('camera.format');
  return describeProblem(code, t);
}
