import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, nextMultiple } from '../time/office_time';
import type { Instant, Span } from '../time/office_time';

const SHOWN_LEAST_MS = 2 * MINUTE_MS;
const SHOWN_MOST_MS = 7 * DAY_MS;

/** Where an instant stands on a timeline `width_px` wide that shows `shown`; outside it, outside [0, width_px). */
export function xOf(at: Instant, shown: Span, width_px: number): number {
  return ((at - shown.from) / (shown.to - shown.from)) * width_px;
}

export function instantAt(x_px: number, shown: Span, width_px: number): Instant {
  return Math.round(shown.from + (x_px / width_px) * (shown.to - shown.from));
}

/** `shown` with `factor` times its length, within what is of use; `at` stays where it stands. */
export function zoomed(shown: Span, at: Instant, factor: number): Span {
  const length_ms = shown.to - shown.from;
  const wanted_ms = Math.min(SHOWN_MOST_MS, Math.max(SHOWN_LEAST_MS, length_ms * factor));
  const from = Math.round(at - ((at - shown.from) / length_ms) * wanted_ms);
  return { from, to: from + Math.round(wanted_ms) };
}

export function panned(shown: Span, by_ms: number): Span {
  return { from: Math.round(shown.from + by_ms), to: Math.round(shown.to + by_ms) };
}

/** `shown` moved as little as needed for `at` to be in it, not at its very edge. */
export function revealing(shown: Span, at: Instant): Span {
  const length_ms = shown.to - shown.from;
  const margin_ms = length_ms * 0.05;
  if (at < shown.from + margin_ms) return panned(shown, at - shown.from - length_ms * 0.3);
  if (at > shown.to - margin_ms) return panned(shown, at - shown.to + length_ms * 0.3);
  return shown;
}

/** An hour with `at` in its middle, with little of the future. */
export function hourAround(at: Instant, now: Instant): Span {
  const to = Math.min(at + HOUR_MS / 2, now + HOUR_MS / 20);
  return { from: to - HOUR_MS, to };
}

const STEPS_MS = [
  5 * SECOND_MS,
  10 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
];

export interface Ticks {
  step_ms: number;
  at: Instant[];
}

/** Round instants of the office's clock, at least `distance_px` from each other. */
export function ticksOf(shown: Span, width_px: number, distance_px: number): Ticks {
  const least_ms = ((shown.to - shown.from) * distance_px) / Math.max(1, width_px);
  const step_ms = STEPS_MS.find((step) => step >= least_ms) ?? DAY_MS;
  const at: Instant[] = [];
  for (let one = nextMultiple(shown.from, step_ms); one < shown.to; one += step_ms) at.push(one);
  return { step_ms, at };
}
