import { beforeEach, expect, test, vi } from 'vitest';
import type { PastListener, Place } from '../src/video/past_player';
import { SteppedPlayer } from '../src/video/stepped_player';

/** The player within, as far as the stepped one uses it. */
const within = vi.hoisted(() => ({
  opened: [] as { listener: PastListener }[],
  place: null as Place | null,
}));
vi.mock('../src/video/past_player', async (real) => ({
  ...(await real<object>()),
  PastPlayer: class {
    constructor(_: unknown, listener: PastListener) {
      within.opened.push({ listener });
    }
    start = (): Promise<void> => Promise.resolve();
    stop = (): void => {};
    placeOf = (): Place | null => within.place;
    instantOf = (): null => null;
  },
}));

const AT = 1_000_000;
let now_ms = 0;
let video: {
  currentTime: number;
  playbackRate: number;
  paused: boolean;
  seeking: boolean;
  readyState: number;
};
let player: SteppedPlayer;
let recorded: boolean;
let problem: string | null;

beforeEach(() => {
  now_ms = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now_ms);
  vi.stubGlobal('HTMLMediaElement', { HAVE_FUTURE_DATA: 3 });
  within.opened = [];
  within.place = { position_s: 30, recorded: true };
  recorded = true;
  problem = null;
  video = { currentTime: 30, playbackRate: 1, paused: true, seeking: false, readyState: 3 };
  const element = {
    ...{ requestVideoFrameCallback: () => 0, cancelVideoFrameCallback: () => {}, dataset: {} },
    play: () => ((video.paused = false), Promise.resolve()),
    pause: () => (video.paused = true),
  };
  Object.setPrototypeOf(element, video); // reads and, by the setters below, writes go there
  for (const name of ['currentTime', 'playbackRate'] as const)
    Object.defineProperty(element, name, { get: () => video[name], set: (value) => (video[name] = value) });
  player = new SteppedPlayer(
    element as unknown as HTMLVideoElement,
    () => '',
    () => recorded,
    { onProblem: (code) => (problem = code), onLoading: () => {} },
  );
});

function open(): PastListener {
  player.follow(AT, 1);
  const { listener } = within.opened.at(-1) ?? { listener: null };
  if (listener === null) throw new Error('nothing was opened');
  return listener;
}

test('it is ready once its picture is there, or after others have waited ten seconds', () => {
  expect(player.isReady(AT)).toBe(false);
  const listener = open();
  now_ms = 9_000;
  expect(player.isReady(AT)).toBe(false);
  now_ms = 10_001;
  expect(player.isReady(AT)).toBe(true);
  listener.onReady();
  expect(player.isReady(AT)).toBe(true);
  video.readyState = 2;
  expect(player.isReady(AT)).toBe(false);
});

test('it plays at the pull that brings it to the time told, and jumps where that is far', () => {
  open().onReady();
  video.currentTime = 29.95;
  player.follow(AT, 2);
  expect(video.paused).toBe(false);
  expect(video.playbackRate).toBeCloseTo(2 * 1.05, 6);
  video.currentTime = 10;
  player.follow(AT, 2);
  expect(video.currentTime).toBe(30);
});

test('paused it stands at the time told, and of a gap where the next footage begins', () => {
  open().onReady();
  video.currentTime = 29;
  player.follow(AT, 0);
  expect([video.paused, video.currentTime]).toEqual([true, 30]);
  within.place = { position_s: 40, recorded: false };
  player.follow(AT, 1);
  expect([video.paused, video.currentTime, player.isReady(AT)]).toEqual([true, 40, true]);
});

test('of a time that was not recorded nothing is asked for, and nobody waits', () => {
  recorded = false;
  player.follow(AT, 1);
  expect([within.opened.length, player.isReady(AT)]).toEqual([0, true]);
});

test.each([
  ['unavailable', 2],
  ['no_footage', 1],
])('after %s it was asked for %d times within ten seconds and more, and kept nobody', (code, times) => {
  open().onProblem(code);
  expect([problem, player.isReady(AT)]).toEqual([code, true]);
  player.follow(AT, 1);
  expect(within.opened.length).toBe(1);
  now_ms = 10_001;
  player.follow(AT, 1);
  expect(within.opened.length).toBe(times);
});

test('another ten minutes are asked for where those at hand end', () => {
  open().onReady();
  player.follow(AT + 11 * 60_000, 1);
  expect(within.opened.length).toBe(2);
});
