import { expect, test } from 'vitest';
import { InStep, pullOf } from '../src/video/in_step';
import type { Stepped } from '../src/video/in_step';
import { placeOf } from '../src/video/past_player';
import { togetherCommandOf } from '../src/pages/together_keys';
import { rateBeside } from '../src/video/rates';

const END = 1e9;

class Picture implements Stepped {
  ready = true;
  told: [number, number][] = [];
  constructor(private readonly frame_ms: number | null = null) {}
  isReady(): boolean {
    return this.ready;
  }
  follow(at: number, rate: number): void {
    this.told.push([at, rate]);
  }
  frameMs(): number | null {
    return this.frame_ms;
  }
}

test('all pictures are told one time, which goes on by its rate', () => {
  const step = new InStep(1000);
  const pictures = [new Picture(), new Picture()];
  for (const one of pictures) step.add(one);
  step.rate = 4;
  expect([step.tick(0, END), step.tick(50, END)]).toEqual([true, true]);
  for (const one of pictures)
    expect(one.told).toEqual([
      [1000, 4],
      [1200, 4],
    ]);
});

test('one that is on its way keeps all where they are; who has left keeps nobody', () => {
  const step = new InStep(1000);
  const [here, coming] = [new Picture(), new Picture()];
  step.add(here);
  const leave = step.add(coming);
  coming.ready = false;
  step.tick(0, END);
  expect(step.tick(100, END)).toBe(false);
  expect(here.told.at(-1)).toEqual([1000, 0]);
  leave();
  expect(step.tick(200, END)).toBe(true);
  expect(here.told.at(-1)).toEqual([1100, 1]);
});

test('a page that was held up goes on from where it stood', () => {
  const step = new InStep(1000);
  step.tick(0, END);
  step.tick(60_000, END);
  expect(step.at()).toBe(1250);
});

test('time ends at its end, paused', () => {
  const step = new InStep(1000);
  step.tick(0, 1100);
  step.tick(200, 1100);
  expect([step.at(), step.tick(300, 1100), step.playing]).toEqual([1100, false, false]);
});

test('a step is the shortest frame of all, paused', () => {
  const step = new InStep(1000);
  step.step(1);
  expect([step.at(), step.playing]).toEqual([1100, false]);
  step.add(new Picture(200));
  step.add(new Picture(40));
  step.add(new Picture(null));
  step.step(-2);
  expect(step.at()).toBe(1020);
});

test.each([
  [0.005, 1, 1],
  [0.05, 1, 0.9],
  [-0.05, 1, 1.1],
  [0.4, 1, 0.85],
  [-0.4, 1, 1.15],
  [0.6, 1, null],
  [-0.6, 4, 1.15],
  [2.1, 4, null],
])('what is %d s off at %d times goes by %d', (off_s, rate, pull) => {
  const found = pullOf(off_s, rate);
  if (pull === null) expect(found).toBeNull();
  else expect(found).toBeCloseTo(pull, 6);
});

test('an instant stands in a piece, or before the next one', () => {
  const pieces = [
    { start_s: 0, duration_s: 10, at: 0 },
    { start_s: 10, duration_s: 10, at: 15_000 },
  ];
  expect(placeOf(pieces, 9_000)).toEqual({ position_s: 9, recorded: true });
  expect(placeOf(pieces, 12_000)).toEqual({ position_s: 10, recorded: false });
  expect(placeOf(pieces, 15_000)).toEqual({ position_s: 10, recorded: true });
  expect(placeOf(pieces, 25_000)).toBeNull();
});

test('speeds go from one to the next, to the last', () => {
  expect([rateBeside(1, 1), rateBeside(1, -1), rateBeside(16, 1), rateBeside(0.25, -1)]).toEqual([
    2, 0.5, 16, 0.25,
  ]);
  expect(togetherCommandOf('ArrowLeft', true)).toBe('back_minute');
  expect(togetherCommandOf('x', false)).toBeNull();
});
