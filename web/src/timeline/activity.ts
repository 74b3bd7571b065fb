import { HOUR_MS, SECOND_MS } from '../time/office_time';
import type { Instant, Span } from '../time/office_time';

/** How far a second is above the camera's quiet, 0 to 100; null: nobody can tell, or nothing is recorded. */
export type Level = number | null;

/** Levels of one hour, a second each; what is missing at their end is unknown. */
export interface ActivityHour {
  from: Instant;
  levels: Level[];
}

/** From here on it is worth a look: single quiet seconds of some coders reach half of it. */
export const NOTABLE_LEVEL = 30;

/** Of more than this nothing is shown, nor asked for. */
export const ACTIVITY_SHOWN_MOST_MS = HOUR_MS;

/** So near is what one sees already. */
const NEAR_MS = 5 * SECOND_MS;

export function showsActivity(shown: Span): boolean {
  return shown.to - shown.from <= ACTIVITY_SHOWN_MOST_MS;
}

/** The hour of the clock that `at` lies in; the office's and UTC's begin together. */
export function hourOf(at: Instant): Instant {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}

/** The hours of `shown` that have begun; of a time too long for activity none. */
export function hoursOf(shown: Span, now: Instant): Instant[] {
  const hours: Instant[] = [];
  if (!showsActivity(shown)) return hours;
  for (let hour = hourOf(shown.from); hour < shown.to && hour <= now; hour += HOUR_MS) hours.push(hour);
  return hours;
}

/** Nothing where the hour isn't among `hours`. */
export function levelAt(hours: ActivityHour[], at: Instant): Level | undefined {
  const hour = hours.find((one) => one.from === hourOf(at));
  return hour && (hour.levels[Math.floor((at - hour.from) / SECOND_MS)] ?? null);
}

/**
 * What is drawn in each of `width_px` columns of `shown`: the highest level of its seconds that is known, null where none is. Nothing where the
 * hour hasn't been told, and after `now`.
 */
export function columnsOf(
  hours: ActivityHour[],
  shown: Span,
  width_px: number,
  now: Instant,
): (Level | undefined)[] {
  const column_ms = (shown.to - shown.from) / width_px;
  const columns: (Level | undefined)[] = [];
  for (let x = 0; x < width_px; ++x) {
    const from = shown.from + x * column_ms;
    columns.push(from > now ? undefined : highestIn(hours, from, from + column_ms));
  }
  return columns;
}

function highestIn(hours: ActivityHour[], from: Instant, to: Instant): Level | undefined {
  let highest = levelAt(hours, from);
  for (let at = Math.floor(from / SECOND_MS + 1) * SECOND_MS; at < to; at += SECOND_MS) {
    const level = levelAt(hours, at);
    if (level === undefined || level === null) highest ??= level;
    else highest = Math.max(highest ?? 0, level);
  }
  return highest;
}

/** On in time, or back. */
export type Way = 1 | -1;

/** The notable second of `hour` nearest to `at`, on that way and not what one sees already. */
export function notableIn(hour: ActivityHour, at: Instant, way: Way): Instant | null {
  const seconds = hour.levels.flatMap((level, second) =>
    level !== null && level >= NOTABLE_LEVEL ? [hour.from + second * SECOND_MS] : [],
  );
  const found =
    way === 1
      ? seconds.find((second) => second >= at + NEAR_MS)
      : seconds.findLast((second) => second <= at - NEAR_MS);
  return found ?? null;
}

/** A night and what is around it; each hour is asked for, and that is on record. */
const SEARCHED_HOURS_MAX = 24;

export interface Search {
  /** Nothing: there is none as far as was searched. */
  found: Instant | null;
  /** The farthest instant of which anything is known; nothing: of none. */
  known_to: Instant | null;
}

/** How far the hour is known from `at` on, or back. */
function knownTo(hour: ActivityHour, at: Instant, way: Way): Instant | null {
  const is_known = (level: Level): boolean => level !== null;
  const second = way === 1 ? hour.levels.findLastIndex(is_known) : hour.levels.findIndex(is_known);
  if (second < 0) return null;
  const edge = hour.from + (way === 1 ? second + 1 : second) * SECOND_MS;
  return (edge - at) * way > 0 ? edge : null;
}

/** The notable second nearest to `at` on that way, hour by hour, up to `now`. */
export async function searchNotable(
  load: (hour: Instant) => Promise<ActivityHour>,
  at: Instant,
  way: Way,
  now: Instant,
): Promise<Search> {
  let known_to: Instant | null = null;
  let hour = hourOf(at + way * NEAR_MS);
  for (let searched = 0; searched < SEARCHED_HOURS_MAX && hour <= now; ++searched) {
    const told = await load(hour);
    const found = notableIn(told, at, way);
    known_to = knownTo(told, at, way) ?? known_to;
    if (found !== null) return { found, known_to };
    hour += way * HOUR_MS;
  }
  return { found: null, known_to };
}
