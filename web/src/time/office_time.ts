/** Milliseconds since 1970 UTC. */
export type Instant = number;

/** Half-open: [from, to). */
export interface Span {
  from: Instant;
  to: Instant;
}

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The office's clock is Japan's: nine hours ahead of UTC, all year. */
const OFFICE_AHEAD_MS = 9 * HOUR_MS;

export interface OfficeClock {
  year: number;
  month: number; // 1-12
  day: number;
  weekday: number; // 0: Sunday
  hour: number;
  minute: number;
  second: number;
}

export function officeClockOf(at: Instant): OfficeClock {
  const there = new Date(at + OFFICE_AHEAD_MS);
  return {
    year: there.getUTCFullYear(),
    month: there.getUTCMonth() + 1,
    day: there.getUTCDate(),
    weekday: there.getUTCDay(),
    hour: there.getUTCHours(),
    minute: there.getUTCMinutes(),
    second: there.getUTCSeconds(),
  };
}

/** Nothing where there is no such day, or no such time of day. */
export function instantOf(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
): Instant | null {
  if (hour > 23 || minute > 59 || second > 59) return null;
  const at = Date.UTC(year, month - 1, day, hour, minute, second) - OFFICE_AHEAD_MS;
  const clock = officeClockOf(at);
  return clock.year === year && clock.month === month && clock.day === day ? at : null;
}

/** The midnight that the office's day of `at` begins with. */
export function dayStartOf(at: Instant): Instant {
  return Math.floor((at + OFFICE_AHEAD_MS) / DAY_MS) * DAY_MS - OFFICE_AHEAD_MS;
}

/** The first instant from `at` on at which the office's clock shows a whole multiple of `step_ms` since midnight. */
export function nextMultiple(at: Instant, step_ms: number): Instant {
  return Math.ceil((at + OFFICE_AHEAD_MS) / step_ms) * step_ms - OFFICE_AHEAD_MS;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** 14:03:22 */
export function formatClock(at: Instant): string {
  const c = officeClockOf(at);
  return `${two(c.hour)}:${two(c.minute)}:${two(c.second)}`;
}

const TENTH_MS = 100;

/** 14:03:22.4 */
function formatTenth(at: Instant): string {
  return `${formatClock(at)}.${Math.floor((at - Math.floor(at / SECOND_MS) * SECOND_MS) / TENTH_MS)}`;
}

/**
 * The clock at both ends, for the word `time.span`: a midnight at the end is 24:00:00, and of less than a second tenths are told, rounded
 * outwards.
 */
export function clocksOf(span: Span): { from: string; to: string } {
  const brief = span.to - span.from < SECOND_MS;
  const clock = brief ? formatTenth : formatClock;
  const to = brief ? Math.ceil(span.to / TENTH_MS) * TENTH_MS : span.to;
  const ends_day = to > span.from && dayStartOf(to) === to;
  return { from: clock(span.from), to: ends_day ? clock(to).replace(/^00/, '24') : clock(to) };
}

/** 14:03 */
export function formatMinute(at: Instant): string {
  return formatClock(at).slice(0, 5);
}

export type Language = 'ja' | 'en';

const WEEKDAYS: Record<Language, string[]> = {
  ja: ['日', '月', '火', '水', '木', '金', '土'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
};
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** 2027年6月15日(火); Tue 15 Jun 2027 */
export function formatDay(at: Instant, language: Language): string {
  const c = officeClockOf(at);
  const weekday = WEEKDAYS[language][c.weekday] ?? '';
  if (language === 'ja') return `${c.year}年${c.month}月${c.day}日(${weekday})`;
  return `${weekday} ${c.day} ${MONTHS[c.month - 1] ?? ''} ${c.year}`;
}

/** 火; Tue. From 0, which is Sunday. */
export function weekdayName(weekday: number, language: Language): string {
  return WEEKDAYS[language][weekday] ?? '';
}

/** 2027年6月; Jun 2027 */
export function formatMonth(at: Instant, language: Language): string {
  const c = officeClockOf(at);
  return language === 'ja' ? `${c.year}年${c.month}月` : `${MONTHS[c.month - 1] ?? ''} ${c.year}`;
}

/** 23時間50分; 23 h 50 min. Rounded to minutes, one at the least; what is none is left out. */
export function formatHours(span_ms: number, language: Language): string {
  const minutes = Math.max(1, Math.round(span_ms / MINUTE_MS));
  const [hour, minute, between] = language === 'ja' ? ['時間', '分', ''] : [' h', ' min', ' '];
  const parts = [
    ...(minutes >= 60 ? [`${Math.floor(minutes / 60)}${hour}`] : []),
    ...(minutes % 60 > 0 ? [`${minutes % 60}${minute}`] : []),
  ];
  return parts.join(between);
}

/** 2027年6月15日(火) 14:03:22 */
export function formatInstant(at: Instant, language: Language): string {
  return `${formatDay(at, language)} ${formatClock(at)}`;
}

/** The time of day alone where `at` is on the day of `now`, with its day elsewhere. */
export function formatNear(at: Instant, now: Instant, language: Language): string {
  return dayStartOf(at) === dayStartOf(now) ? formatClock(at) : formatInstant(at, language);
}

/** 6/15 */
export function formatMonthDay(at: Instant): string {
  const c = officeClockOf(at);
  return `${c.month}/${c.day}`;
}

/** 2027-06-15, as an `<input type="date">` takes it. */
export function formatDateValue(at: Instant): string {
  const c = officeClockOf(at);
  return `${c.year}-${two(c.month)}-${two(c.day)}`;
}

export function parseDateValue(value: string): Instant | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  return parts ? instantOf(Number(parts[1]), Number(parts[2]), Number(parts[3])) : null;
}

/** RFC 3339 by the office's clock, for addresses that people hand on: 2027-06-15T14:03:22+09:00 */
export function formatRfc3339(at: Instant): string {
  return `${formatDateValue(at)}T${formatClock(at)}+09:00`;
}

/** RFC 3339 in UTC to the millisecond, for the API. */
export function formatForApi(at: Instant): string {
  return new Date(at).toISOString();
}

export function parseRfc3339(text: string): Instant | null {
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}
