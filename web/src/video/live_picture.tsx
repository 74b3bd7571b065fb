import { useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Camera, Health } from '../api/cameras';
import { now as serverNow } from '../time/clock';
import { formatNear } from '../time/office_time';
import type { Instant } from '../time/office_time';
import { describeProblem } from '../words/problem_words';
import { useWords } from '../words/words';
import type { Words } from '../words/words';
import type { ControlsRef } from './controls';
import { COVERED_AFTER_MS, TOLD_AFTER_MS, useLive } from './live';
import { missingOf } from './missing';
import { useSeen } from './seen';

interface LivePictureProps {
  camera: Camera;
  now: Instant;
  controls: ControlsRef;
  onPaused: (paused: boolean) => void;
}

/** What a camera shows now. Where nothing comes, since when, and never its last picture as if it were live. */
export function LivePicture(props: LivePictureProps): JSX.Element {
  const words = useWords();
  const video = useRef<HTMLVideoElement>(null);
  const [paused, setPaused] = useState(false);
  const seen = useSeen(video);
  const kept = useRef(true);
  const { stream, frame_at, problem, sparse, again, freeze } = useLive(props.camera, video, {
    wanted: seen || paused,
    held: paused,
    of_many: false,
    kept,
  });

  props.controls.current = {
    toggle: () => {
      if (paused) again();
      else freeze();
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
      {!covered && !paused && age_ms < TOLD_AFTER_MS && sparse && (
        <p class="picture-age" role="status">
          {words.t('wall.sparse')}
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
  const { since, reason } = missingOf(health, frame_at);
  if (problem !== null) return <p class="picture-note">{describeLiveProblem(problem, words)}</p>;
  if (since === null) {
    return (
      <p class="picture-note" role="status">
        {t('camera.connecting')}
      </p>
    );
  }
  const hint = reason ? t('camera.missing_reason', { reason: t(`gap.${reason}`) }) : t('camera.missing_wait');
  return (
    <div class="picture-note picture-missing" role="alert">
      <p class="picture-note-first">
        {t('camera.missing_since', { time: formatNear(since, now, language) })}
      </p>
      <p>{hint}</p>
    </div>
  );
}

export function describeLiveProblem(code: string, { t }: Words): string {
  if (code === 'permission_denied' || code === 'not_found') return t('camera.live_denied');
  if (code === 'format') return t('camera.format');
  return describeProblem(code, t);
}
