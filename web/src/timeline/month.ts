import { DAY_MS, instantOf, officeClockOf } from '../time/office_time';
import type { Instant, Span } from '../time/office_time';
import type { Stretch } from './stretches';

const WEEK_DAYS = 7;

/** The office's month that `at` lies in. */
export function monthOf(at: Instant): Span {
  const { year, month } = officeClockOf(at);
  return { from: firstOf(year, month), to: firstOf(year, month + 1) };
}

/** The month before (-1), or after (1). */
export function monthBeside(month: Span, step: number): Span {
  const begin = officeClockOf(month.from);
  return monthOf(firstOf(begin.year, begin.month + step));
}

/** `month` may be 0 or 13: of the year before, or after. */
function firstOf(year: number, month: number): Instant {
  const years = Math.floor((month - 1) / 12);
  return instantOf(year + years, month - years * 12, 1) ?? 0;
}

/** Weeks from Sunday to Saturday, each day by its midnight; nothing where a week has days of other months. */
export function weeksOf(month: Span): (Instant | null)[][] {
  const cells: (Instant | null)[] = Array.from({ length: officeClockOf(month.from).weekday }, () => null);
  for (let day = month.from; day < month.to; day += DAY_MS) cells.push(day);
  while (cells.length % WEEK_DAYS > 0) cells.push(null);
  return Array.from({ length: cells.length / WEEK_DAYS }, (_, week) =>
    cells.slice(week * WEEK_DAYS, (week + 1) * WEEK_DAYS),
  );
}

export interface DayStanding {
  recorded_ms: number;
  gap_ms: number;
}

/** How much of a day is recorded, and how much is missing with its reason. */
export function standingOf(stretches: Stretch[], day: Instant): DayStanding {
  const of = (kind: Stretch['kind']): number =>
    stretches
      .filter((one) => one.kind === kind)
      .reduce((sum, one) => sum + Math.max(0, Math.min(one.to, day + DAY_MS) - Math.max(one.from, day)), 0);
  return { recorded_ms: of('recorded'), gap_ms: of('gap') };
}
