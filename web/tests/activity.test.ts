import { expect, test } from 'vitest';
import { HOUR_MS, MINUTE_MS, SECOND_MS, instantOf } from '../src/time/office_time';
import type { Instant, Span } from '../src/time/office_time';
import { columnsOf, hoursOf, levelAt, notableIn, searchNotable } from '../src/timeline/activity';
import type { ActivityHour, Level } from '../src/timeline/activity';
import { ActivityStore, holds } from '../src/timeline/activity_store';
import { describeActivity } from '../src/timeline/activity_words';
import { hourAround } from '../src/timeline/scale';
import { commandOf } from '../src/pages/camera_keys';
import { wordsOf } from '../src/words/words';

const noon = instantOf(2027, 6, 15, 12) ?? 0;
const late = noon + 100 * HOUR_MS;

/** An hour in which nothing moves but in these seconds. */
function hourWith(from: Instant, seconds: Record<number, Level>): ActivityHour {
  const levels = Array<Level>(3600).fill(0);
  for (const [second, level] of Object.entries(seconds)) levels[Number(second)] = level;
  return { from, levels };
}

const at = (second: number): Instant => noon + second * SECOND_MS;

test('the hours shown are asked for one by one, up to this one, and of more than an hour none', () => {
  const half = { from: noon - 30 * MINUTE_MS, to: noon + 30 * MINUTE_MS };
  expect(hoursOf(half, late)).toEqual([noon - HOUR_MS, noon]);
  expect(hoursOf(half, noon - MINUTE_MS)).toEqual([noon - HOUR_MS]);
  expect(hoursOf({ from: noon, to: noon + HOUR_MS }, late)).toEqual([noon]);
  expect(hoursOf({ from: noon, to: noon + HOUR_MS + 1 }, late)).toEqual([]);
});

test('what is known is told from what is not, and from what nobody asked for', () => {
  const hours = [{ from: noon, levels: [0, 40, null] }];
  const told = [0, 1.5, 2, 3, 3600].map((second) => levelAt(hours, at(second)));
  expect(told).toEqual([0, 40, null, null, undefined]);
});

test('where a column has many seconds the highest is drawn, and unknown only where none is known', () => {
  const hours = [hourWith(noon, { 4: 55, 5: null, 6: null, 8: null, 9: null })];
  expect(columnsOf(hours, { from: noon, to: at(10) }, 5, late)).toEqual([0, 0, 55, 0, null]);
});

test('where a second has many columns each is drawn with its level, and the future has none', () => {
  const hours = [hourWith(noon, { 1: 55 })];
  const drawn = columnsOf(hours, { from: noon, to: at(4) }, 8, at(2));
  expect(drawn).toEqual([0, 0, 55, 55, 0, undefined, undefined, undefined]);
});

test('an hour that wasn’t told has no columns', () => {
  expect(columnsOf([], { from: noon, to: at(10) }, 2, late)).toEqual([undefined, undefined]);
});

test('the next notable second is one that isn’t seen already', () => {
  const hour = hourWith(noon, { 10: 30, 11: 80, 20: 29, 30: 31, 31: null });
  const next = [0, 5, 5.2, 6.5, 25.5].map((second) => notableIn(hour, at(second), 1));
  expect(next).toEqual([at(10), at(10), at(11), at(30), null]);
  const before = [40, 35, 34.9, 16, 14].map((second) => notableIn(hour, at(second), -1));
  expect(before).toEqual([at(30), at(30), at(11), at(11), null]);
});

/** A camera that was recorded for two hours, with something in the seconds named of each. */
function cameraWith(...hours: Record<number, Level>[]): {
  load: (hour: Instant) => Promise<ActivityHour>;
  asked: Instant[];
} {
  const asked: Instant[] = [];
  const load = (hour: Instant): Promise<ActivityHour> => {
    asked.push(hour);
    const seconds = hours[(hour - noon) / HOUR_MS];
    return Promise.resolve(seconds ? hourWith(hour, seconds) : { from: hour, levels: [] });
  };
  return { load, asked };
}

test('a search goes on into the hours that follow, or came before', async () => {
  const camera = cameraWith({ 10: 90 }, {}, { 7: 90 });
  const third = noon + 2 * HOUR_MS + 7 * SECOND_MS;
  expect((await searchNotable(camera.load, at(20), 1, late)).found).toBe(third);
  expect(camera.asked).toEqual([noon, noon + HOUR_MS, noon + 2 * HOUR_MS]);
  expect((await searchNotable(camera.load, third, -1, late)).found).toBe(at(10));
});

test('near the end of an hour the next one is begun with', async () => {
  const camera = cameraWith({}, { 1: 90, 9: 90 });
  expect((await searchNotable(camera.load, at(3598), 1, late)).found).toBe(at(3609));
  expect(camera.asked).toEqual([noon + HOUR_MS]);
});

test('a search ends at now, or after a day', async () => {
  const camera = cameraWith({}, {});
  await searchNotable(camera.load, noon, 1, at(5000));
  expect(camera.asked).toEqual([noon, noon + HOUR_MS]);
  await searchNotable(camera.load, noon, 1, late);
  expect([camera.asked.length - 2, camera.asked.at(-1)]).toEqual([24, noon + 23 * HOUR_MS]);
  await searchNotable(camera.load, at(60), -1, late);
  expect([camera.asked.length - 26, camera.asked.at(-1)]).toEqual([24, noon - 23 * HOUR_MS]);
});

test('a search that finds nothing says how far anything was known', async () => {
  const unknown: Record<number, Level> = { 0: null, 1: null, 3598: null, 3599: null };
  const camera = cameraWith({}, unknown);
  const after = await searchNotable(camera.load, noon, 1, late);
  const before = await searchNotable(camera.load, at(3600 + 1800), -1, late);
  expect([after, before]).toEqual([
    { found: null, known_to: at(3600 + 3598) },
    { found: null, known_to: noon },
  ]);
  const begun = (hour: Instant): Promise<ActivityHour> => Promise.resolve({ from: hour, levels: [0, 0] });
  const beyond = await searchNotable(begun, at(60), 1, at(3000));
  expect(beyond).toEqual({ found: null, known_to: null });
});

test('an answer holds for a minute, and for good once all its footage and what it is compared with is there', () => {
  expect(holds(noon, at(600), at(659))).toBe(true);
  expect(holds(noon, at(600), at(660))).toBe(false);
  expect(holds(noon, at(3600 + 400), late)).toBe(false);
  expect(holds(noon, at(3600 + 430), late)).toBe(true);
});

/** A store whose clock stands still, and what it asked for. */
function storeAt(now: Instant): { store: ActivityStore; asked: Span[]; signal: AbortSignal } {
  const asked: Span[] = [];
  const ask = (span: Span): Promise<Level[]> => Promise.resolve([asked.push(span)]);
  return { store: new ActivityStore(ask, () => now), asked, signal: new AbortController().signal };
}

test('an hour that is past is asked for once', async () => {
  const { store, asked, signal } = storeAt(late);
  await store.load(noon, signal);
  expect(await store.load(noon, signal)).toMatchObject({ from: noon, levels: [1] });
  expect(asked).toEqual([{ from: noon, to: noon + HOUR_MS }]);
  expect(store.of([noon - HOUR_MS, noon]).map((hour) => hour.from)).toEqual([noon]);
});

test('no more than two days of hours are kept', async () => {
  const { store, asked, signal } = storeAt(late);
  for (let n = 0; n <= 48; ++n) await store.load(noon + n * HOUR_MS, signal);
  await store.load(noon + HOUR_MS, signal);
  expect(asked.length).toBe(49);
  await store.load(noon, signal);
  expect(asked.length).toBe(50);
});

test('an answer to a question that was left is not kept', async () => {
  const left = new AbortController();
  const ask = (): Promise<Level[]> => Promise.resolve((left.abort(), [1]));
  const store = new ActivityStore(ask, () => late);
  await expect(store.load(noon, left.signal)).rejects.toThrow();
  expect(store.of([noon])).toEqual([]);
});

test('activity is told by words in both languages', () => {
  const told = (['ja', 'en'] as const).map((language) =>
    [undefined, null, 29, 30].map((level) => describeActivity(level, wordsOf(language).t)),
  );
  expect(told).toEqual([
    ['', '動きは不明', '目立つ動きなし', '動きあり（強さ 30）'],
    ['', 'activity unknown', 'little activity', 'activity (level 30)'],
  ]);
});

test('an hour is shown around what one looks at, and at the newest little of the future', () => {
  expect(hourAround(noon, late)).toEqual({ from: noon - 30 * MINUTE_MS, to: noon + 30 * MINUTE_MS });
  expect(hourAround(noon, noon)).toEqual({ from: noon - 57 * MINUTE_MS, to: noon + 3 * MINUTE_MS });
});

test.each([
  ['n', false, 'activity_next'],
  ['N', true, 'activity_before'],
  ['ArrowLeft', true, 'back_minute'],
  ['L', true, 'live'],
  ['x', true, null],
])('%s, with Shift: %s, asks for %s', (key, shift, command) => {
  expect(commandOf(key, shift)).toBe(command);
});
