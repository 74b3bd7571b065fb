import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../time/office_time';
import type { Instant, Span } from '../time/office_time';

/** A range that somebody marks, one end at a time. */
export interface Mark {
  from: Instant | null;
  to: Instant | null;
}

export const NO_MARK: Mark = { from: null, to: null };
export const DOWNLOAD_MOST_MS = 2 * HOUR_MS;
const AROUND_MS = MINUTE_MS;

/** Both ends; nothing while one is missing. */
export function spanOf(mark: Mark): Span | null {
  return mark.from === null || mark.to === null ? null : { from: mark.from, to: mark.to };
}

/** Whole seconds, none of them in the future. */
function secondOf(at: Instant, now: Instant): Instant {
  return Math.floor(Math.min(at, now) / SECOND_MS) * SECOND_MS;
}

/** With its start at `at`; an end that doesn't lie after that goes. */
export function withStart(mark: Mark, at: Instant, now: Instant): Mark {
  const from = secondOf(at, now);
  return { from, to: mark.to !== null && mark.to > from ? mark.to : null };
}

/** With its end at `at`; a start that doesn't lie before that goes. */
export function withEnd(mark: Mark, at: Instant, now: Instant): Mark {
  const to = secondOf(at, now);
  return { from: mark.from !== null && mark.from < to ? mark.from : null, to };
}

/** Between two instants, whichever comes first; nothing of less than a second. */
export function markBetween(one: Instant, other: Instant, now: Instant): Mark {
  const from = secondOf(Math.min(one, other), now);
  const to = secondOf(Math.max(one, other), now);
  return from < to ? { from, to } : NO_MARK;
}

/** A minute to either side, as far as that has passed. */
export function markAround(at: Instant, now: Instant): Mark {
  return markBetween(at - AROUND_MS, at + AROUND_MS, now);
}

/** 1:02:03, or 2:03 of less than an hour. */
export function formatLength(span: Span): string {
  const seconds = Math.round((span.to - span.from) / SECOND_MS);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
