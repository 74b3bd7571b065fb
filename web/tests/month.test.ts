import { expect, test } from 'vitest';
import {
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  SECOND_MS,
  formatHours,
  formatMonthDay,
  instantOf,
} from '../src/time/office_time';
import { monthBeside, monthOf, standingOf, weeksOf } from '../src/timeline/month';

const at = (year: number, month: number, day: number, hour = 0): number =>
  instantOf(year, month, day, hour) ?? NaN;

test('a month is the office’s', () => {
  expect(monthOf(at(2027, 6, 15, 14))).toEqual({ from: at(2027, 6, 1), to: at(2027, 7, 1) });
  expect(monthOf(at(2027, 12, 31, 23))).toEqual({ from: at(2027, 12, 1), to: at(2028, 1, 1) });
  expect(monthOf(at(2028, 2, 1)).to).toBe(at(2028, 3, 1));
});

test('beside a month lies the next, also over the year’s end', () => {
  expect(monthBeside(monthOf(at(2027, 1, 9)), -1).from).toBe(at(2026, 12, 1));
  expect(monthBeside(monthOf(at(2027, 12, 9)), 1).from).toBe(at(2028, 1, 1));
});

test('weeks begin on Sunday, and hold each day of the month once', () => {
  const weeks = weeksOf(monthOf(at(2027, 6, 15)));
  expect(weeks.every((week) => week.length === 7)).toBe(true);
  expect(weeks[0]?.map((day) => (day === null ? '' : formatMonthDay(day)))).toEqual([
    '',
    '',
    '6/1',
    '6/2',
    '6/3',
    '6/4',
    '6/5',
  ]);
  expect(weeks.flat().filter((day) => day !== null)).toHaveLength(30);
});

test('a day’s standing is what of it is recorded and what is missing', () => {
  const day = at(2027, 6, 15);
  const stretches = [
    { kind: 'recorded' as const, from: day - HOUR_MS, to: day + 10 * HOUR_MS },
    { kind: 'gap' as const, from: day + 10 * HOUR_MS, to: day + 11 * HOUR_MS },
    { kind: 'recorded' as const, from: day + 11 * HOUR_MS, to: day + DAY_MS + HOUR_MS },
    { kind: 'no_footage' as const, from: day + DAY_MS + HOUR_MS, to: day + 3 * DAY_MS },
  ];
  expect(standingOf(stretches, day)).toEqual({ recorded_ms: 23 * HOUR_MS, gap_ms: HOUR_MS });
  expect(standingOf(stretches, day + 2 * DAY_MS)).toEqual({ recorded_ms: 0, gap_ms: 0 });
});

test('seconds count too, and are told as a minute', () => {
  const day = at(2027, 6, 15);
  const brief = [{ kind: 'gap' as const, from: day, to: day + 20 * SECOND_MS }];
  expect(standingOf(brief, day).gap_ms).toBe(20 * SECOND_MS);
  expect(formatHours(20 * SECOND_MS, 'en')).toBe('1 min');
});

test('hours are told in words', () => {
  expect(formatHours(23 * HOUR_MS + 50 * MINUTE_MS, 'ja')).toBe('23時間50分');
  expect(formatHours(24 * HOUR_MS, 'en')).toBe('24 h');
  expect(formatHours(10 * MINUTE_MS, 'en')).toBe('10 min');
  expect(formatHours(61 * MINUTE_MS, 'en')).toBe('1 h 1 min');
});
