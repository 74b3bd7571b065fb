import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { PastPicture } from './past_picture';
import type { Jump, PastPictureProps } from './past_picture';
import { keepStream, takeStream } from './kept_streams';
import type { LiveStream } from './live_stream';
import { setRateOf } from './rates';

/** The past: from what this page was shown live a moment ago, where that reaches, else from what is stored. */
export function RecentOrPastPicture(props: PastPictureProps): JSX.Element | null {
  const stream = useKeptStream(props.camera.id, props.jump);
  if (stream === null) return null;
  return stream === 'none' ? <PastPicture {...props} /> : <KeptPicture {...props} stream={stream} />;
}

function useKeptStream(camera_id: string, jump: Jump): LiveStream | 'none' | null {
  const own = useRef<LiveStream | null>(null);
  const [stream, setStream] = useState<LiveStream | 'none' | null>(null);
  // Not while drawing: the picture that goes keeps its stream only then.
  useLayoutEffect(() => {
    if (own.current?.covers(jump.at)) return;
    if (own.current) keepStream(camera_id, own.current);
    own.current = takeStream(camera_id, jump.at);
    setStream(own.current ?? 'none');
  }, [jump.number]);
  useEffect(
    () => () => {
      if (own.current) keepStream(camera_id, own.current);
    },
    [],
  );
  return stream;
}

const FRAME_S = 0.1;
const TOLD_EACH_MS = 250;

function KeptPicture(props: PastPictureProps & { stream: LiveStream }): JSX.Element {
  const { stream, jump } = props;
  const place = useRef<HTMLDivElement>(null);
  const listener = useRef(props);
  listener.current = props;

  useLayoutEffect(() => {
    const { video } = stream;
    place.current?.append(video);
    video.className = 'picture-video';
    video.dataset['live'] = 'no';
    video.dataset['past'] = 'yes';
    video.setAttribute('aria-label', `${props.camera.code} ${props.camera.name}`);
    video.removeAttribute('aria-hidden');
    return () => video.remove();
  }, [stream]);
  useEffect(() => stream.show(jump.at), [stream, jump.number]);
  useEffect(() => {
    setRateOf(stream.video, props.rate);
    return () => setRateOf(stream.video, 1);
  }, [stream, props.rate]);
  useEffect(() => {
    let last = listener.current.jump.at;
    const timer = setInterval(() => {
      const at = stream.at();
      if (at === null) return listener.current.onEnd(last);
      last = at;
      listener.current.onTime(at);
    }, TOLD_EACH_MS);
    return () => clearInterval(timer);
  }, [stream]);

  const setPlaying = (playing: boolean): void => {
    if (playing) void stream.video.play().catch(() => {});
    else stream.video.pause();
    props.onPaused(!playing);
  };
  props.controls.current = {
    toggle: () => setPlaying(stream.video.paused),
    step: (frames) => {
      setPlaying(false);
      stream.video.currentTime += frames * FRAME_S;
    },
    seek: (at) => stream.covers(at) && (stream.show(at), true),
    at: () => stream.at(),
  };
  return <div class="picture" ref={place} />;
}
