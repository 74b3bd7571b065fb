import { expect, test } from 'vitest';
import { addressOf, pageAt } from '../src/frame/address';
import { commandOf } from '../src/pages/camera_keys';
import { HEAD_PX, gridFor } from '../src/pages/wall_grid';
import { neighbourOf, numberTyped, wallCommandOf } from '../src/pages/wall_keys';
import { Pace } from '../src/video/pace';

function idOf(number: number): string {
  return `0f8fad5b-d9cb-469f-a165-${String(number).padStart(12, '0')}`;
}

test('the address of a wall leads back to it', () => {
  for (const wall of [
    { name: 'wall', floor: idOf(1), cameras: [] },
    { name: 'wall', floor: null, cameras: [idOf(2), idOf(1)] },
    { name: 'wall', floor: null, cameras: [] },
  ] as const) {
    const [path = '', query = ''] = addressOf({ ...wall, cameras: [...wall.cameras] }).split('?');
    expect(pageAt(path, query)).toEqual(wall);
  }
});

test('a wall has at most 25 cameras, each once, and nothing that is no id', () => {
  const asked = Array.from({ length: 40 }, (_, number) => idOf(number));
  const page = pageAt('/wall', `cameras=x,${idOf(0)},${asked.join()}`);
  expect(page).toEqual({ name: 'wall', floor: null, cameras: asked.slice(0, 25) });
});

test.each([
  [1, 1280, 624, 1],
  [4, 1280, 624, 2],
  [9, 1280, 624, 3],
  [25, 1280, 624, 7],
  [25, 1920, 984, 5],
  [3, 600, 900, 1],
])('%i tiles on %i x %i stand %i beside each other', (count, width_px, height_px, columns) => {
  const grid = gridFor(count, width_px, height_px);
  expect(grid.columns).toBe(columns);
  expect(grid.row_px * Math.ceil(count / columns)).toBeLessThanOrEqual(height_px + 0.001);
});

test('where tiles would be too small to tell anything, the wall scrolls', () => {
  const grid = gridFor(25, 600, 300);
  expect(grid.columns).toBe(3);
  expect(grid.row_px * 9).toBeGreaterThan(300);
  expect((grid.row_px - HEAD_PX) * (16 / 9)).toBeCloseTo(200);
});

test.each([
  ['', '1', 25, '1'],
  ['1', '2', 25, '12'],
  ['1', '2', 9, '2'],
  ['2', '6', 25, '6'],
  ['', '7', 4, ''],
  ['', '0', 25, ''],
  ['1', '0', 25, '10'],
])('after "%s" the key %s of %i tiles makes "%s"', (before, digit, count, text) => {
  expect(numberTyped(before, digit, count)).toBe(text);
});

test('arrows lead to the next tile and stay at the edge', () => {
  expect(neighbourOf(null, 'left', 3, 8)).toBe(0);
  expect(['left', 'right', 'up', 'down'].map((arrow) => neighbourOf(4, arrow, 3, 8))).toEqual([3, 5, 1, 7]);
  expect([neighbourOf(0, 'up', 3, 8), neighbourOf(7, 'right', 3, 8), neighbourOf(5, 'down', 3, 8)]).toEqual([
    0, 7, 5,
  ]);
});

test('keys of the wall, and back by a minute with Shift', () => {
  expect(wallCommandOf('7')).toEqual({ kind: 'digit', digit: '7' });
  expect([wallCommandOf('L')?.kind, wallCommandOf('g')?.kind, wallCommandOf('x')]).toEqual([
    'live',
    'go_to',
    null,
  ]);
  expect([commandOf('ArrowLeft', false), commandOf('ArrowLeft', true)]).toEqual(['back', 'back_minute']);
});

test('a machine that stays behind gets keyframes alone for a while, and longer where that was too short', () => {
  const pace = new Pace();
  const sparse_at: number[] = [];
  for (let at_ms = 0; at_ms <= 60_000; at_ms += 500) {
    if (pace.note(pace.sparse ? 0 : 4, at_ms)) sparse_at.push(pace.sparse ? at_ms : -at_ms);
  }
  expect(sparse_at).toEqual([2000, -17_000, 19_500, -49_500, 52_000]);
});

test('a hiccup costs no frames', () => {
  const pace = new Pace();
  for (let at_ms = 0; at_ms <= 60_000; at_ms += 500) pace.note(at_ms % 2000 === 0 ? 0 : 10, at_ms);
  expect(pace.sparse).toBe(false);
});
