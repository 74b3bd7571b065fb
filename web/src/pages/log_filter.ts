import type { Viewing } from '../api/viewings';
import { DAY_MS, dayStartOf, officeClockOf, parseRfc3339 } from '../time/office_time';
import type { Instant, Span } from '../time/office_time';
import { isOutsideHours } from './viewing_words';

/** Which viewings are asked about. Days are those of the office, both included, each by its midnight. */
export interface LogFilter {
  first_day: Instant;
  last_day: Instant;
  person: string;
  camera: string;
  outside_hours: boolean;
}

type Days = Pick<LogFilter, 'first_day' | 'last_day'>;

export function lastDays(now: Instant, days: number): Days {
  const today = dayStartOf(now);
  return { first_day: today - (days - 1) * DAY_MS, last_day: today };
}

/** Monday to Sunday of the week before. */
export function lastWeek(now: Instant): Days {
  const today = dayStartOf(now);
  const since_monday = (officeClockOf(today).weekday + 6) % 7;
  const monday = today - (since_monday + 7) * DAY_MS;
  return { first_day: monday, last_day: monday + 6 * DAY_MS };
}

export function spanOf(filter: Days): Span {
  return { from: filter.first_day, to: Math.max(filter.first_day, filter.last_day) + DAY_MS };
}

function contains(text: string | null, part: string): boolean {
  const plain = (one: string): string => one.normalize('NFKC').trim().toLowerCase();
  return plain(text ?? '').includes(plain(part));
}

export function filterViewings(viewings: Viewing[], filter: LogFilter): Viewing[] {
  return viewings.filter((viewing) => {
    const opened_at = parseRfc3339(viewing.opened_at);
    if (!contains(viewing.person_name, filter.person) || !contains(viewing.camera_code, filter.camera))
      return false;
    return !filter.outside_hours || (opened_at !== null && isOutsideHours(opened_at));
  });
}
