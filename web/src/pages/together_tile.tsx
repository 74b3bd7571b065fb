import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { playlistAddress } from '../api/cameras';
import type { Camera } from '../api/cameras';
import { Link } from '../frame/link';
import { SECOND_MS, formatClock } from '../time/office_time';
import type { Instant } from '../time/office_time';
import { stretchAt } from '../timeline/stretches';
import type { Stretch } from '../timeline/stretches';
import type { InStep } from '../video/in_step';
import { SteppedPlayer } from '../video/stepped_player';
import { useWords } from '../words/words';
import { NoPast } from './no_past';

interface TogetherTileProps {
  camera: Camera;
  step: InStep;
  /** What the step stands at, told some times a second. */
  at: Instant;
  now: Instant;
  stretches: Stretch[];
}

/** What isn't known to lack may be there: who asks for it is told. */
function mayBeRecorded(stretches: Stretch[], at: Instant): boolean {
  const stretch = stretchAt(stretches, at);
  return stretch === null || stretch.kind === 'recorded';
}

/** One of the cameras that go in step: its picture of then, or why there is none. */
export function TogetherTile(props: TogetherTileProps): JSX.Element {
  const { t } = useWords();
  const { camera, step, at } = props;
  const video = useRef<HTMLVideoElement>(null);
  const stretches = useRef(props.stretches);
  stretches.current = props.stretches;
  const [problem, setProblem] = useState<string | null>(null);
  const [loading, setLoading] = useState(true);

  useEffect(() => {
    if (!video.current) return;
    const player = new SteppedPlayer(
      video.current,
      (span, coding) => playlistAddress(camera.id, span, coding),
      (instant) => mayBeRecorded(stretches.current, instant),
      { onProblem: setProblem, onLoading: setLoading },
    );
    const leave = step.add(player);
    return () => {
      leave();
      player.stop();
    };
  }, [camera.id, step]);

  const lack = mayBeRecorded(props.stretches, at) ? problem : 'no_footage';
  return (
    <li class="together-tile" data-camera={camera.code}>
      <Link
        class="together-name"
        to={{ name: 'camera', id: camera.id, at: Math.floor(at / SECOND_MS) * SECOND_MS }}
      >
        <strong>{camera.code}</strong> {camera.name}
      </Link>
      <div class="together-picture">
        <video
          ref={video}
          class={lack === null ? 'picture-video' : 'picture-video picture-covered'}
          data-past={loading ? 'loading' : 'yes'}
          aria-label={`${camera.code} ${camera.name}`}
          muted
          playsInline
        />
        {lack !== null && <NoPast problem={lack} at={at} now={props.now} stretches={props.stretches} />}
        {lack === null && loading && (
          <p class="picture-note" role="status">
            {t('camera.loading_past', { time: formatClock(at) })}
          </p>
        )}
      </div>
    </li>
  );
}
