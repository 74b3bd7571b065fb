import type { Coding } from '../api/cameras';

/** What was asked for as it is sent, and this browser couldn't decode: it is asked for as H.264 from then on. */
const lacking = new Set<string>();

/** `what` names a stream of a camera, however. */
export function codingFor(what: string): Coding {
  return lacking.has(what) ? 'h264' : 'as_sent';
}

export function noteLacking(what: string): void {
  lacking.add(what);
}
