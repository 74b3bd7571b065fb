import { expect, test } from 'vitest';
import { formatInstant, instantOf } from '../src/time/office_time';
import { parseTypedTime } from '../src/time/typed_time';

// Tuesday, 15 June 2027, 14:03:22; looked at: the day before.
const now = instantOf(2027, 6, 15, 14, 3, 22) ?? 0;
const shown = instantOf(2027, 6, 14, 10) ?? 0;

function meant(text: string, context = { now, shown: now }): string | null {
  const at = parseTypedTime(text, context);
  return at === null ? null : formatInstant(at, 'ja');
}

test.each([
  ['13:05', '2027年6月15日(火) 13:05:00'],
  ['9:30:15', '2027年6月15日(火) 09:30:15'],
  ['１３：０５', '2027年6月15日(火) 13:05:00'],
  ['9時', '2027年6月15日(火) 09:00:00'],
  ['9時半', '2027年6月15日(火) 09:30:00'],
  ['9時5分', '2027年6月15日(火) 09:05:00'],
  ['午後1時', '2027年6月15日(火) 13:00:00'],
  ['昨日 14時', '2027年6月14日(月) 14:00:00'],
  ['きのう23:59', '2027年6月14日(月) 23:59:00'],
  ['一昨日 8:00', '2027年6月13日(日) 08:00:00'],
  ['yesterday 14:00', '2027年6月14日(月) 14:00:00'],
  ['Today 9:00', '2027年6月15日(火) 09:00:00'],
  ['6/15 9:30', '2027年6月15日(火) 09:30:00'],
  ['6月1日 9時30分', '2027年6月1日(火) 09:30:00'],
  ['2026/12/31 23:00', '2026年12月31日(木) 23:00:00'],
  ['2026年12月31日', '2026年12月31日(木) 00:00:00'],
  ['5分前', '2027年6月15日(火) 13:58:22'],
  ['30 秒前', '2027年6月15日(火) 14:02:52'],
  ['2 hours ago', '2027年6月15日(火) 12:03:22'],
  ['5 min ago', '2027年6月15日(火) 13:58:22'],
])('%s is %s', (text, expected) => {
  expect(meant(text)).toBe(expected);
});

test('a time without a day is of the day that is looked at', () => {
  expect(meant('9:00', { now, shown })).toBe('2027年6月14日(月) 09:00:00');
});

test('a time of today that has not come yet was yesterday', () => {
  expect(meant('23:00')).toBe('2027年6月14日(月) 23:00:00');
});

test('a day of this year that has not come yet was last year', () => {
  expect(meant('12/24 8:00')).toBe('2026年12月24日(木) 08:00:00');
});

test.each(['', 'x', '25:00', '14:60', '2/30 9:00', '14', '昨日 25時', '3F', '-5分前'])(
  '"%s" is no time',
  (text) => {
    expect(meant(text)).toBeNull();
  },
);
