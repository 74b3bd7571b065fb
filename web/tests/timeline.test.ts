import { expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, formatMinute, instantOf } from '../src/time/office_time';
import { daysOf, isWhole } from '../src/timeline/coverage_store';
import { instantAt, panned, revealing, ticksOf, xOf, zoomed } from '../src/timeline/scale';
import { gapsOf, joined, recordedFrom, stretchAt } from '../src/timeline/stretches';
import type { Stretch } from '../src/timeline/stretches';
import { describeStretch } from '../src/timeline/stretch_words';
import { wordsOf } from '../src/words/words';

const midnight = instantOf(2027, 6, 15) ?? 0;
const day = { from: midnight, to: midnight + DAY_MS };
const noon = midnight + 12 * HOUR_MS;

function stretch(
  kind: Stretch['kind'],
  from_min: number,
  to_min: number,
  reason?: Stretch['reason'],
): Stretch {
  const span = { from: noon + from_min * MINUTE_MS, to: noon + to_min * MINUTE_MS };
  return reason ? { kind, ...span, reason } : { kind, ...span };
}

test('an instant stands where its time has passed', () => {
  expect(xOf(noon, day, 1000)).toBe(500);
  expect(instantAt(250, day, 1000)).toBe(midnight + 6 * HOUR_MS);
});

test('zooming keeps the instant under the pointer', () => {
  const at = midnight + 3 * HOUR_MS;
  const closer = zoomed(day, at, 0.5);
  expect(closer.to - closer.from).toBe(DAY_MS / 2);
  expect(xOf(at, closer, 1000)).toBeCloseTo(xOf(at, day, 1000), 3);
});

test('zooming ends at two minutes and at a week', () => {
  const closest = zoomed(day, noon, 1e-9);
  const widest = zoomed(day, noon, 1e9);
  expect([closest.to - closest.from, widest.to - widest.from]).toEqual([2 * MINUTE_MS, 7 * DAY_MS]);
});

test('what plays on is kept in view, and nothing moves before it must', () => {
  const hour = { from: noon, to: noon + HOUR_MS };
  expect(revealing(hour, noon + 30 * MINUTE_MS)).toBe(hour);
  const moved = revealing(hour, noon + 59 * MINUTE_MS);
  expect(moved.to - moved.from).toBe(HOUR_MS);
  expect(xOf(noon + 59 * MINUTE_MS, moved, 100)).toBeCloseTo(70, 3);
  expect(panned(hour, MINUTE_MS)).toEqual({ from: noon + MINUTE_MS, to: noon + 61 * MINUTE_MS });
});

test('ticks stand at round times of the office', () => {
  const ticks = ticksOf({ from: noon + 90_000, to: noon + 61 * MINUTE_MS }, 800, 100);
  expect(ticks.at.map(formatMinute)).toEqual(['12:10', '12:20', '12:30', '12:40', '12:50', '13:00']);
  expect(ticksOf(day, 800, 64).step_ms).toBe(2 * HOUR_MS);
});

test('what stands at an instant, and what can be played from there on', () => {
  const gap = stretch('gap', 0, 5, 'camera_silent');
  const after = stretch('recorded', 5, 10);
  const all = [stretch('recorded', -5, 0), gap, after];
  expect(stretchAt(all, noon)).toBe(gap);
  expect(stretchAt(all, noon + 10 * MINUTE_MS)).toBeNull();
  expect(recordedFrom(all, noon + MINUTE_MS)).toBe(after);
  expect(recordedFrom(all, noon + 10 * MINUTE_MS)).toBeNull();
  expect(gapsOf(all)).toEqual([gap]);
});

test('stretches of one kind on both sides of midnight are one', () => {
  expect(joined([stretch('recorded', 0, 5), stretch('recorded', 5, 9)])).toEqual([stretch('recorded', 0, 9)]);
  const apart = [stretch('gap', 0, 5, 'camera_silent'), stretch('gap', 5, 9, 'volume_full')];
  expect(joined(apart)).toEqual(apart);
});

test('a time that the clock went through twice is told, and stays apart', () => {
  const twice = { ...stretch('recorded', 5, 9), copies: 2 };
  expect(joined([stretch('recorded', 0, 5), twice])).toEqual([stretch('recorded', 0, 5), twice]);
  expect(describeStretch(twice, noon + HOUR_MS, wordsOf('en').t)).toContain('recorded 2 times');
  expect(describeStretch(twice, noon + HOUR_MS, wordsOf('ja').t)).toContain('2 本');
});

test('a gap is told with its reason in both languages', () => {
  const gap = stretch('gap', 3, 5, 'camera_silent');
  const now = noon + HOUR_MS;
  expect(describeStretch(gap, now, wordsOf('ja').t)).toBe('欠落: カメラ無応答（12:03:00〜12:05:00）');
  expect(describeStretch(gap, now, wordsOf('en').t)).toBe('gap: camera silent (12:03:00–12:05:00)');
});

test('the end of a day is 24:00:00, and what is shorter than a second is told in tenths', () => {
  const { t } = wordsOf('en');
  const told = (from: number, to: number): string =>
    describeStretch({ kind: 'gap', from, to, reason: 'camera_silent' }, midnight + 2 * DAY_MS, t);
  expect(told(midnight, midnight + DAY_MS)).toBe('gap: camera silent (00:00:00–24:00:00)');
  expect(told(noon + 60, noon + 210)).toBe('gap: camera silent (12:00:00.0–12:00:00.3)');
});

test('the newest seconds are told to be on their way', () => {
  const newest = stretch('no_footage', -0.25, 600);
  expect(describeStretch(newest, noon, wordsOf('ja').t)).toBe('録画中（数秒後に再生できます）');
  expect(describeStretch(stretch('no_footage', -600, -60), noon, wordsOf('ja').t)).toBe('映像なし');
});

test('the days shown are asked for up to today', () => {
  expect(daysOf({ from: midnight - HOUR_MS, to: midnight + HOUR_MS }, midnight)).toEqual([
    midnight - DAY_MS,
    midnight,
  ]);
  expect(daysOf({ from: midnight, to: midnight + 3 * DAY_MS }, midnight)).toEqual([midnight]);
});

test('a day that was asked for before its last footage could be told is asked for again', () => {
  expect(isWhole(midnight, -Infinity)).toBe(false);
  expect(isWhole(midnight, noon)).toBe(false);
  expect(isWhole(midnight, midnight + DAY_MS + MINUTE_MS)).toBe(false);
  expect(isWhole(midnight, midnight + DAY_MS + 3 * MINUTE_MS)).toBe(true);
});
