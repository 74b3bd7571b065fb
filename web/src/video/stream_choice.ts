import { useEffect, useState } from 'preact/hooks';
import type { RefObject } from 'preact';
import type { Camera, Stream } from '../api/cameras';

/** What sub streams are as wide as, at most: 640 and 704 pixels are usual. Up to there nobody sees a difference. */
const SMALL_PX = 704;
/** Back to the main stream only where there is clearly more room: no picture begins anew again and again at the border. */
const LARGE_PX = 800;
const SETTLED_AFTER_MS = 500;

/** The stream for a picture of this width, in the screen's own pixels; `last` is the one that is shown, if any. */
export function streamFor(camera: Camera, width_px: number, last: Stream | null): Stream {
  if (!camera.sub_stream) return 'main';
  return width_px < (last === 'sub' ? LARGE_PX : SMALL_PX) ? 'sub' : 'main';
}

/**
 * The stream for the picture as large as it is now; nothing until that is known. A size that is still changing changes nothing, nor does
 * one of a picture that is `held`.
 */
export function useStream(
  camera: Camera,
  picture: RefObject<HTMLElement | null>,
  held: boolean,
): Stream | null {
  const [stream, setStream] = useState<Stream | null>(null);
  useEffect(() => {
    const element = picture.current;
    if (!element || held) return;
    const choose = (): void =>
      setStream((last) => streamFor(camera, element.clientWidth * devicePixelRatio, last));
    choose();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const observer = new ResizeObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(choose, SETTLED_AFTER_MS);
    });
    observer.observe(element);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [camera.id, !camera.sub_stream, held]);
  return stream;
}
