import { expect, test } from 'vitest';
import { BoxReader, codecOf } from '../src/video/mp4_boxes';
import { WAITING_BYTES_MAX, WaitingFrames, isKeyframe } from '../src/video/waiting_frames';
import type { Camera } from '../src/api/cameras';
import { streamFor } from '../src/video/stream_choice';
import { instantOfPosition, positionOf } from '../src/video/past_player';
import { playablePart } from '../src/video/playable_part';

function box(kind: string, ...content: number[]): number[] {
  const size = 8 + content.length;
  return [0, 0, 0, size, ...[...kind].map((letter) => letter.charCodeAt(0)), ...content];
}

test('boxes come whole, whatever the pieces', () => {
  const stream = new Uint8Array([...box('ftyp', 1, 2), ...box('moof'), ...box('mdat', 3)]);
  for (let piece = 1; piece <= stream.length; ++piece) {
    const reader = new BoxReader();
    const kinds: string[] = [];
    for (let at = 0; at < stream.length; at += piece) {
      kinds.push(
        ...reader.take(stream.slice(at, at + piece)).map((one) => `${one.kind} ${one.bytes.length}`),
      );
    }
    expect(kinds).toEqual(['ftyp 10', 'moof 8', 'mdat 9']);
  }
});

test('a box that ends before it begins is refused', () => {
  expect(() => new BoxReader().take(new Uint8Array([0, 0, 0, 4, 1, 2, 3, 4]))).toThrow('a box of 4 bytes');
});

test('the codec is told by profile, compatibility and level', () => {
  const moov = new Uint8Array(
    box('moov', ...box('avcC', 1, 0x4d, 0x40, 0x1e, ...Array<number>(16).fill(0xff))),
  );
  expect(codecOf(moov)).toBe('avc1.4d401e');
  expect(codecOf(new Uint8Array(box('moov')))).toBeNull();
});

test.each([
  ['hvc1.1.6.L93.B0', [0x01, 0x60, 0, 0, 0, 0xb0, 0, 0, 0, 0, 0, 93]],
  ['hvc1.A2.4.H120.90.0.8', [0x62, 0x20, 0, 0, 0, 0x90, 0, 8, 0, 0, 0, 120]],
])('the codec of H.265 is told as %s', (name, told) => {
  expect(codecOf(new Uint8Array(box('moov', ...box('hvcC', 1, ...told, 0xf0))))).toBe(name);
});

/** A frame's head, as the API's live_muxer writes it. */
function moof(keyframe: boolean): Uint8Array<ArrayBuffer> {
  const flags = keyframe ? [0x02, 0, 0, 0] : [0x01, 0x01, 0, 0];
  const trun = box(
    'trun',
    1,
    0,
    0x0f,
    1,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    99,
    0,
    0,
    11,
    184,
    0,
    0,
    0,
    5,
    ...flags,
    0,
    0,
    0,
    0,
  );
  return new Uint8Array(box('moof', ...box('mfhd', 0, 0, 0, 0), ...box('traf', ...box('tfhd', 1), ...trun)));
}

/** Puts a frame there, of which only the size matters. */
function push(frames: WaitingFrames, keyframe: boolean, size_bytes: number): void {
  frames.push({ kind: 'moof', bytes: moof(keyframe) });
  frames.push({ kind: 'mdat', bytes: new Uint8Array(size_bytes) });
}

test('a keyframe is told by its sample flags', () => {
  expect([isKeyframe(moof(true)), isKeyframe(moof(false)), isKeyframe(new Uint8Array(box('moof')))]).toEqual([
    true,
    false,
    false,
  ]);
});

test('frames that nobody takes go, but from the newest keyframe on', () => {
  const frames = new WaitingFrames();
  const part = WAITING_BYTES_MAX / 4;
  for (const keyframe of [true, false, true, false]) push(frames, keyframe, part);
  // The second keyframe and what comes behind it.
  expect(frames.take().length).toBe(2 * (moof(true).length + part));
  expect(frames.empty).toBe(true);
});

test('where one keyframe has too much behind it, nothing is kept up to the next', () => {
  const frames = new WaitingFrames();
  push(frames, true, 1000);
  for (let i = 0; i < 6; ++i) push(frames, false, WAITING_BYTES_MAX / 4);
  expect(frames.empty).toBe(true);
  push(frames, false, 1000);
  expect(frames.empty).toBe(true);
  push(frames, true, 1000);
  expect(frames.take().length).toBe(moof(true).length + 1000);
});

// Two stretches, recorded from 100,000 and from 500,000 on, that the player plays one behind the other.
const pieces = [
  { start_s: 0, duration_s: 6, at: 100_000 },
  { start_s: 6, duration_s: 4, at: 106_000 },
  { start_s: 10, duration_s: 5, at: 500_000 },
];

test.each([
  [99_000, 0],
  [103_500, 3.5],
  [108_000, 8],
  [200_000, 10],
  [502_000, 12],
  [505_000, null],
])('instant %d is at %s s', (at, position_s) => {
  expect(positionOf(pieces, at)).toBe(position_s);
});

test('the time of a picture is that of its recording, across a gap', () => {
  expect([0, 8, 10, 12].map((position_s) => instantOfPosition(pieces, position_s))).toEqual([
    100_000, 108_000, 500_000, 502_000,
  ]);
  expect(instantOfPosition(pieces, 5.999999)).toBe(106_000);
  expect(instantOfPosition([], 3)).toBeNull();
});

const changing = ['h264', 'h264', 'hevc', 'h264', 'h264'].map((header, i) => ({
  start_s: 10 * i,
  duration_s: 10,
  at: 10_000 * i + 5,
  header,
}));
const asked = { from: 0, to: 60_000 };

test.each([
  [0, { from: 0, to: 20_005 }],
  [15_000, { from: 0, to: 20_005 }],
  [20_004, null],
  [25_000, null],
  [30_004, { from: 30_006, to: 60_000 }],
  [45_000, { from: 30_006, to: 60_000 }],
  [70_000, asked],
])('around %d what can be decoded is %o', (at, part) => {
  expect(playablePart(changing, at, new Set(['h264']), asked)).toEqual(part);
});

test('a small picture is of the sub stream, where there is one', () => {
  const without: Camera = {
    id: 'a',
    code: '1F-01',
    name: '',
    floor_id: null,
    department_id: null,
    state: 'in_service',
    health: null,
    sub_stream: null,
  };
  const camera = { ...without, sub_stream: { recorded: false } };
  expect([320, 703, 704, 1280].map((width_px) => streamFor(camera, width_px, null))).toEqual([
    'sub',
    'sub',
    'main',
    'main',
  ]);
  expect(streamFor(without, 320, null)).toBe('main');
});

test('a picture whose size is at the border stays with its stream', () => {
  const camera = { sub_stream: { recorded: false } } as Camera;
  expect([790, 800].map((width_px) => streamFor(camera, width_px, 'sub'))).toEqual(['sub', 'main']);
  expect([710, 700].map((width_px) => streamFor(camera, width_px, 'main'))).toEqual(['main', 'sub']);
});
