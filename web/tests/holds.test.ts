import { expect, test } from 'vitest';
import type { Hold } from '../src/api/holds';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, formatForApi, instantOf } from '../src/time/office_time';
import { LINE_LEAST_PX, linesOf } from '../src/timeline/holds';
import { describeHold } from '../src/timeline/holds_row';
import {
  NO_MARK,
  formatLength,
  markAround,
  markBetween,
  spanOf,
  withEnd,
  withStart,
} from '../src/timeline/mark';
import { commandOf } from '../src/pages/camera_keys';
import { fitsReason } from '../src/pages/hold_dialogs';
import { wordsOf } from '../src/words/words';

const noon = instantOf(2027, 6, 15, 12) ?? 0;
const late = noon + DAY_MS;
const day = { from: noon - 12 * HOUR_MS, to: noon + 12 * HOUR_MS };

function holdOf(from_h: number, to_h: number, released = false): Hold {
  return {
    id: `${from_h}-${to_h}`,
    from: formatForApi(noon + from_h * HOUR_MS),
    to: formatForApi(noon + to_h * HOUR_MS),
    reason: '転倒の確認',
    review_at: formatForApi(noon + 30 * DAY_MS),
    placed_at: formatForApi(noon),
    person_id: 'p',
    person_name: '山田',
    gone: [],
    release: released ? { at: formatForApi(noon), person_name: '佐藤', reason: '済' } : null,
  };
}

test('a range is marked by its start and its end, in whole seconds', () => {
  const begun = withStart(NO_MARK, noon + 400, late);
  expect([begun, spanOf(begun)]).toEqual([{ from: noon, to: null }, null]);
  const whole = withEnd(begun, noon + MINUTE_MS, late);
  expect(spanOf(whole)).toEqual({ from: noon, to: noon + MINUTE_MS });
});

test('an end that is set beyond the other lets that one go', () => {
  const mark = { from: noon, to: noon + MINUTE_MS };
  expect(withStart(mark, noon + MINUTE_MS, late)).toEqual({ from: noon + MINUTE_MS, to: null });
  expect(withEnd(mark, noon - SECOND_MS, late)).toEqual({ from: null, to: noon - SECOND_MS });
});

test('nothing of the future is marked, and nothing of no length', () => {
  expect(markBetween(noon + HOUR_MS, noon - SECOND_MS, noon)).toEqual({ from: noon - SECOND_MS, to: noon });
  expect(markBetween(noon, noon + 500, late)).toEqual(NO_MARK);
  expect(markAround(noon, noon + 1500)).toEqual({ from: noon - MINUTE_MS, to: noon + SECOND_MS });
});

test.each([
  [59, '0:59'],
  [61, '1:01'],
  [3723, '1:02:03'],
])('%i s are %s long', (seconds, length) => {
  expect(formatLength({ from: noon, to: noon + seconds * SECOND_MS })).toBe(length);
});

test('a hold is a line over its time; what is released or elsewhere is none', () => {
  const lines = linesOf([holdOf(0, 6), holdOf(0, 6, true), holdOf(12, 13), holdOf(-14, -12)], day, 2400);
  expect(lines.map(({ left_px, width_px, lane }) => [left_px, width_px, lane])).toEqual([[1200, 600, 0]]);
});

test('lines never lie over each other, also where they are too short to be hit', () => {
  const lines = linesOf([holdOf(0, 6), holdOf(1, 1.1), holdOf(6, 7), holdOf(11.9, 12)], day, 240);
  expect(lines.map(({ left_px, width_px, lane }) => [left_px, width_px, lane])).toEqual([
    [120, 60, 0],
    [130, LINE_LEAST_PX, 1],
    [180, LINE_LEAST_PX, 0],
    [216, LINE_LEAST_PX, 0],
  ]);
});

test('a hold says why, by whom and until when', () => {
  const told = (['ja', 'en'] as const).map((language) =>
    describeHold(holdOf(0, 1), wordsOf(language).t, language),
  );
  expect(told).toEqual([
    '保全 12:00:00〜13:00:00: 転倒の確認（山田、見直し 2027年7月15日(木)）',
    'Held 12:00:00–13:00:00: 転倒の確認 (山田, review on Thu 15 Jul 2027)',
  ]);
});

test('a reason has something in it, and at most a thousand bytes', () => {
  const fits = [' ', '転倒', 'あ'.repeat(333), 'あ'.repeat(334)].map(fitsReason);
  expect(fits).toEqual([false, true, true, false]);
});

test('ranges and holds have keys', () => {
  expect(['[', ']', 'h', 'H'].map((key) => commandOf(key, key === 'H'))).toEqual([
    'mark_start',
    'mark_end',
    'hold',
    'hold',
  ]);
});
