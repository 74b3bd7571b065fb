import type { Instant, Span } from '../time/office_time';

export type GapReason =
  | 'camera_unreachable'
  | 'authentication_failed'
  | 'camera_refused'
  | 'protocol_error'
  | 'unsupported_stream'
  | 'camera_silent'
  | 'frames_damaged'
  | 'waiting_for_keyframe'
  | 'recorder_restart'
  | 'recorder_overloaded'
  | 'write_failed'
  | 'volume_full'
  | 'clock_step'
  | 'camera_parked'
  | 'worker_failed'
  | 'certificate_changed';

/** What became of a stretch of a camera's time. `no_footage` is all of which nothing may be told. */
export interface Stretch extends Span {
  kind: 'recorded' | 'gap' | 'no_footage';
  reason?: GapReason;
  /** Of what is recorded more than once: our clock was set back. */
  copies?: number;
}

/** What is being recorded is told of some seconds later: this much of the newest may not be there yet. */
export const NOT_TOLD_YET_MS = 20_000;
/** What was told of while its clip was being written may be told a little differently until that is closed. */
export const NOT_CLOSED_YET_MS = 130_000;

export function stretchAt(stretches: Stretch[], at: Instant): Stretch | null {
  return stretches.find((one) => one.from <= at && at < one.to) ?? null;
}

/** The stretch that `at` lies in, or the next one, of what can be played. */
export function recordedFrom(stretches: Stretch[], at: Instant): Stretch | null {
  return stretches.find((one) => one.kind === 'recorded' && one.to > at) ?? null;
}

export function gapsOf(stretches: Stretch[]): Stretch[] {
  return stretches.filter((one) => one.kind === 'gap');
}

/** The end of what can be played at the newest, or nothing. */
export function recordedUntil(stretches: Stretch[]): Instant | null {
  return stretches.findLast((one) => one.kind === 'recorded')?.to ?? null;
}

/** Neighbours that were asked for separately and are of one kind, as one. */
export function joined(stretches: Stretch[]): Stretch[] {
  const all: Stretch[] = [];
  for (const one of stretches) {
    const last = all.at(-1);
    const alike = last?.kind === one.kind && last.reason === one.reason && last.copies === one.copies;
    if (last && last.to === one.from && alike) {
      all[all.length - 1] = { ...last, to: one.to };
    } else {
      all.push(one);
    }
  }
  return all;
}
