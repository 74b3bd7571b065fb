import { MINUTE_MS } from '../time/office_time';
import type { Instant } from '../time/office_time';
import type { LiveStream } from './live_stream';

/** Long before then what they show is told of as recorded, and played from there. */
const KEPT_FOR_MS = MINUTE_MS;

interface Kept {
  camera_id: string;
  /** At most two: the one that reaches back farthest, and the newest. */
  streams: LiveStream[];
  timer: ReturnType<typeof setTimeout>;
}

let kept: Kept | null = null;

/**
 * Keeps a live stream that isn't shown any more, of one camera at a time, to go back in: what has come in the last seconds is not told of yet, and
 * whoever saw something on the wall wants to see it again at once. It was handed out, and is on record, already.
 */
export function keepStream(camera_id: string, stream: LiveStream): void {
  const others = kept?.camera_id === camera_id ? kept.streams : [];
  if (kept?.camera_id !== camera_id) forgetStreams();
  clearTimeout(kept?.timer);
  const streams = [...others, stream];
  if (streams.length > 2) streams.splice(1, 1)[0]?.stop();
  stream.keep();
  kept = { camera_id, streams, timer: setTimeout(forgetStreams, KEPT_FOR_MS) };
}

/** One that has the picture of `at`, which is the caller's from now on; the newest of them. */
export function takeStream(camera_id: string, at: Instant): LiveStream | null {
  if (kept?.camera_id !== camera_id) return null;
  const found = kept.streams.findLast((one) => one.covers(at)) ?? null;
  kept.streams = kept.streams.filter((one) => one !== found);
  return found;
}

export function forgetStreams(): void {
  clearTimeout(kept?.timer);
  for (const stream of kept?.streams ?? []) stream.stop();
  kept = null;
}
