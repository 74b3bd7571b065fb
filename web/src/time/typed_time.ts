import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, dayStartOf, instantOf, officeClockOf } from './office_time';
import type { Instant } from './office_time';

/** What a time is told in relation to. */
export interface TypedTimeContext {
  now: Instant;
  /** Some instant of the day that is being looked at: "14:03" means that day's. */
  shown: Instant;
}

interface TimeOfDay {
  hour: number;
  minute: number;
  second: number;
}

const UNITS_MS: [RegExp, number][] = [
  [/^(\d+)\s*(?:秒前|s(?:ec(?:onds?)?)? ago)$/, SECOND_MS],
  [/^(\d+)\s*(?:分前|m(?:in(?:utes?)?)? ago)$/, MINUTE_MS],
  [/^(\d+)\s*(?:時間前|h(?:ours?)? ago)$/, HOUR_MS],
];

const DAYS_BEFORE: [RegExp, number][] = [
  [/^(?:今日|きょう|本日|today)/, 0],
  [/^(?:一昨日|おととい)/, 2],
  [/^(?:昨日|きのう|yesterday)/, 1],
];

/**
 * The instant that a person means by "14:03", "14時半", "昨日 14時", "6/15 9:30", "2027年6月15日 9時30分", "5分前", "yesterday 14:00";
 * nothing where it isn't understood. A time without a day is of the day shown, and never in the future.
 */
export function parseTypedTime(text: string, context: TypedTimeContext): Instant | null {
  const typed = text.normalize('NFKC').trim().toLowerCase().replace(/\s+/g, ' ');
  return parseAgo(typed, context.now) ?? parseDayAndTime(typed, context);
}

function parseAgo(typed: string, now: Instant): Instant | null {
  for (const [pattern, unit_ms] of UNITS_MS) {
    const found = pattern.exec(typed);
    if (found) return now - Number(found[1]) * unit_ms;
  }
  return null;
}

function parseDayAndTime(typed: string, context: TypedTimeContext): Instant | null {
  const named = parseDay(typed, context.now);
  if (named) {
    const rest = typed.slice(named.length).trim();
    const time = rest === '' ? { hour: 0, minute: 0, second: 0 } : parseTimeOfDay(rest);
    return named.day === null || time === null ? null : named.day + lengthOf(time);
  }
  const time = parseTimeOfDay(typed);
  if (time === null) return null;
  const at = dayStartOf(context.shown) + lengthOf(time);
  return at > context.now ? at - DAY_MS : at;
}

function lengthOf(time: TimeOfDay): number {
  return time.hour * HOUR_MS + time.minute * MINUTE_MS + time.second * SECOND_MS;
}

/** A day at the beginning of what was typed; `day` is nothing where there is no such day. */
function parseDay(typed: string, now: Instant): { day: Instant | null; length: number } | null {
  for (const [pattern, days] of DAYS_BEFORE) {
    const found = pattern.exec(typed);
    if (found) return { day: dayStartOf(now) - days * DAY_MS, length: found[0].length };
  }
  const whole = /^(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?/.exec(typed);
  if (whole) {
    const day = instantOf(Number(whole[1]), Number(whole[2]), Number(whole[3]));
    return { day, length: whole[0].length };
  }
  const short = /^(\d{1,2})[/月](\d{1,2})日?/.exec(typed);
  if (!short) return null;
  return { day: latestDay(Number(short[1]), Number(short[2]), now), length: short[0].length };
}

/** The latest such day that isn't in the future. */
function latestDay(month: number, day: number, now: Instant): Instant | null {
  const year = officeClockOf(now).year;
  const this_year = instantOf(year, month, day);
  return this_year !== null && this_year <= now ? this_year : instantOf(year - 1, month, day);
}

function parseTimeOfDay(text: string): TimeOfDay | null {
  const half = /^(午前|午後|am |pm )?\s*(.*)$/.exec(text);
  const time = parseClock(half?.[2] ?? text);
  if (time === null || time.hour > 23 || time.minute > 59 || time.second > 59) return null;
  const later = half?.[1] === '午後' || half?.[1] === 'pm ';
  return later && time.hour < 12 ? { ...time, hour: time.hour + 12 } : time;
}

function parseClock(text: string): TimeOfDay | null {
  const colons = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (colons) return timeOf(colons[1], colons[2], colons[3]);
  const half_past = /^(\d{1,2})時半$/.exec(text);
  if (half_past) return timeOf(half_past[1], '30');
  const words = /^(\d{1,2})時(?:\s*(\d{1,2})分(?:\s*(\d{1,2})秒)?)?$/.exec(text);
  return words ? timeOf(words[1], words[2], words[3]) : null;
}

function timeOf(hour?: string, minute?: string, second?: string): TimeOfDay {
  return { hour: Number(hour ?? 0), minute: Number(minute ?? 0), second: Number(second ?? 0) };
}
