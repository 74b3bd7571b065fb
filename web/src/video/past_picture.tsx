import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { playlistAddress } from '../api/cameras';
import type { Camera } from '../api/cameras';
import { SECOND_MS, formatClock } from '../time/office_time';
import type { Instant } from '../time/office_time';
import { useWords } from '../words/words';
import type { ControlsRef } from './controls';
import { PastPlayer, spanAround } from './past_player';
import { setRateOf } from './rates';

/** Where somebody wants to be; `number` tells one jump from the next to the same instant. */
export interface Jump {
  at: Instant;
  number: number;
}

export interface PastPictureProps {
  camera: Camera;
  jump: Jump;
  /** Times real time. */
  rate: number;
  controls: ControlsRef;
  onTime: (at: Instant) => void;
  onPaused: (paused: boolean) => void;
  /** Nothing more can be played from `at` on within what was asked for. */
  onEnd: (at: Instant) => void;
  /** A code of the API's, `playback`, or `format`: the browser can't decode it. */
  onProblem: (code: string) => void;
}

const FRAME_S_UNKNOWN = 0.1;

/** Stored footage around an instant. Whoever moves within what is at hand stays in one player. */
export function PastPicture(props: PastPictureProps): JSX.Element {
  const { t } = useWords();
  const video = useRef<HTMLVideoElement>(null);
  const player = useRef<PastPlayer | null>(null);
  const wants_playing = useRef(true);
  const listener = useRef(props);
  listener.current = props;
  const [loading, setLoading] = useState(true);
  const frame_s = useFrameLength(video);

  useEffect(() => {
    if (!video.current) return;
    setPlaying(true); // who goes somewhere wants to see it, also from where it stood still
    if (player.current?.seek(props.jump.at)) return;
    player.current?.stop();
    setLoading(true);
    const past = new PastPlayer(video.current, {
      onReady: () => setLoading(false),
      onEnd: (at) => listener.current.onEnd(at),
      onProblem: (code) => {
        setLoading(false);
        listener.current.onProblem(code);
      },
    });
    player.current = past;
    const { at } = props.jump;
    past
      .start(
        (span, coding) => playlistAddress(props.camera.id, span, coding),
        spanAround(at),
        at,
        wants_playing.current,
      )
      .catch(() => listener.current.onProblem('unreachable'));
  }, [props.camera.id, props.jump.number]);
  useEffect(
    () => () => {
      player.current?.stop();
      props.controls.current = null;
    },
    [],
  );

  useEffect(() => {
    if (video.current) setRateOf(video.current, props.rate);
  }, [props.rate]);

  const setPlaying = (playing: boolean): void => {
    wants_playing.current = playing;
    if (playing) void video.current?.play().catch(() => {});
    else video.current?.pause();
    props.onPaused(!playing);
  };
  props.controls.current = {
    toggle: () => setPlaying(video.current?.paused ?? false),
    step: (frames) => {
      setPlaying(false);
      if (video.current) video.current.currentTime += frames * (frame_s.current ?? FRAME_S_UNKNOWN);
    },
    seek: (at) => player.current?.seek(at) ?? false,
    // A player that is still being filled stands elsewhere.
    at: () => (loading ? null : (player.current?.at() ?? null)),
  };

  const onTimeUpdate = (): void => {
    const at = player.current?.at();
    if (at !== null && at !== undefined && !loading) props.onTime(at);
  };
  return (
    <div class="picture">
      <video
        ref={video}
        class="picture-video"
        data-past={loading ? 'loading' : 'yes'}
        aria-label={`${props.camera.code} ${props.camera.name}`}
        muted
        playsInline
        onTimeUpdate={onTimeUpdate}
        onSeeked={onTimeUpdate}
      />
      {loading && (
        <p class="picture-note" role="status">
          {t('camera.loading_past', { time: formatClock(props.jump.at) })}
        </p>
      )}
    </div>
  );
}

/** How long a frame is shown, in seconds, measured while it plays. */
function useFrameLength(video: { current: HTMLVideoElement | null }): { current: number | null } {
  const frame_s = useRef<number | null>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    let last_s: number | null = null;
    let handle = 0;
    const onFrame: VideoFrameRequestCallback = (_, { mediaTime }) => {
      const length_s = last_s === null ? 0 : mediaTime - last_s;
      if (length_s > 0 && length_s * SECOND_MS < 500) frame_s.current = length_s;
      last_s = mediaTime;
      handle = element.requestVideoFrameCallback(onFrame);
    };
    handle = element.requestVideoFrameCallback(onFrame);
    return () => element.cancelVideoFrameCallback(handle);
  }, []);
  return frame_s;
}
