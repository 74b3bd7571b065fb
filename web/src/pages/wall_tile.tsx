import { useEffect, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Camera } from '../api/cameras';
import { Link } from '../frame/link';
import { StateMark } from '../frame/state_mark';
import { formatNear } from '../time/office_time';
import type { Instant } from '../time/office_time';
import { COVERED_AFTER_MS, TOLD_AFTER_MS, useLive } from '../video/live';
import type { Live } from '../video/live';
import { describeLiveProblem } from '../video/live_picture';
import { missingOf } from '../video/missing';
import { useSeen } from '../video/seen';
import { useWords } from '../words/words';
import type { Words } from '../words/words';

interface WallTileProps {
  camera: Camera;
  /** From 1 on: the keys that choose it. */
  number: number;
  now: Instant;
  /** Another number: all anew. */
  round: number;
}

/** One camera of the wall: its picture as it is now, or since when there is none; a click leads to the camera. */
export function WallTile({ camera, number, now, round }: WallTileProps): JSX.Element {
  const words = useWords();
  const video = useRef<HTMLVideoElement>(null);
  const chosen = useRef(false);
  const seen = useSeen(video);
  const live = useLive(camera, video, { wanted: seen, held: false, of_many: true, kept: chosen });
  useAgain(live.again, round);

  const age_ms = live.frame_at === null ? Infinity : now - live.frame_at;
  const covered = live.problem !== null || age_ms >= COVERED_AFTER_MS;
  const dead = covered && (live.frame_at !== null || camera.health?.condition === 'missing');
  return (
    <li class={dead ? 'tile tile-dead' : 'tile'}>
      <Link
        id={tileId(number)}
        camera={camera.code}
        onGo={() => (chosen.current = true)}
        class="tile-link"
        to={{ name: 'camera', id: camera.id, at: null }}
      >
        <video
          ref={video}
          class={covered ? 'tile-video picture-covered' : 'tile-video'}
          data-live={covered ? 'no' : 'yes'}
          data-stream={live.stream}
          aria-hidden="true"
          muted
          playsInline
        />
        <span class="tile-head">
          <span class="tile-number">{number}</span>
          {dead ? <DeadMark /> : <StateMark state={camera.state ?? 'planned'} />}
          <strong>{camera.code}</strong> <span class="tile-name">{camera.name}</span>
        </span>
        {covered && <Missing camera={camera} live={live} now={now} />}
        {!covered && <Late age_ms={age_ms} sparse={live.sparse} words={words} />}
      </Link>
    </li>
  );
}

export function tileId(number: number): string {
  return `tile-${number}`;
}

function useAgain(again: () => void, round: number): void {
  const first = useRef(round);
  useEffect(() => {
    if (round !== first.current) again();
  }, [round]);
}

function DeadMark(): JSX.Element {
  return (
    <span class="mark mark-missing" aria-hidden="true">
      ▲
    </span>
  );
}

/** Instead of a picture: why, and since when. */
function Missing(props: { camera: Camera; live: Live; now: Instant }): JSX.Element {
  const words = useWords();
  const { t, language } = words;
  const { problem, frame_at } = props.live;
  const { since, reason } = missingOf(props.camera.health, frame_at);
  if (problem !== null) return <span class="tile-note">{describeLiveProblem(problem, words)}</span>;
  if (since === null) return <span class="tile-note">{t('wall.connecting')}</span>;
  return (
    <span class="tile-note tile-missing">
      <strong>{t('camera.missing_since', { time: formatNear(since, props.now, language) })}</strong>
      {reason && <span>{t(`gap.${reason}`)}</span>}
    </span>
  );
}

function Late(props: { age_ms: number; sparse: boolean; words: Words }): JSX.Element | null {
  const { t } = props.words;
  if (props.age_ms >= TOLD_AFTER_MS) {
    const seconds = Math.floor(props.age_ms / 1000);
    return <span class="tile-age">{t('wall.age', { seconds })}</span>;
  }
  return props.sparse ? <span class="tile-age">{t('wall.sparse')}</span> : null;
}
