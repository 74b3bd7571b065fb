import { concat } from './mp4_boxes';
import type { Box } from './mp4_boxes';

/** More than this is not kept for a player that takes nothing: some seconds of any camera. */
export const WAITING_BYTES_MAX = 8 * 1024 * 1024;

const HEADER_BYTES = 8;
// A `trun` of live.mp4 (ISO/IEC 14496-12 8.8.8): version and flags, sample count, data offset; of the sample its duration, size, flags.
const SAMPLE_FLAGS_AT = HEADER_BYTES + 4 + 4 + 4 + 4 + 4;
const IS_NO_SYNC_SAMPLE = 0x10000;

/** The content of the box in `within` (boxes, one behind the other) that has this name, with its header. */
function boxNamed(within: Uint8Array, kind: string): Uint8Array | null {
  let at = 0;
  while (at + HEADER_BYTES <= within.length) {
    const size_bytes = new DataView(within.buffer, within.byteOffset + at).getUint32(0);
    if (size_bytes < HEADER_BYTES || at + size_bytes > within.length) return null;
    const name = String.fromCharCode(...within.subarray(at + 4, at + HEADER_BYTES));
    if (name === kind) return within.subarray(at, at + size_bytes);
    at += size_bytes;
  }
  return null;
}

/** Whether the frame of this `moof` can be shown without those before it. */
export function isKeyframe(moof: Uint8Array): boolean {
  const traf = boxNamed(moof.subarray(HEADER_BYTES), 'traf');
  const trun = traf && boxNamed(traf.subarray(HEADER_BYTES), 'trun');
  if (!trun || trun.length < SAMPLE_FLAGS_AT + 4) return false;
  return (new DataView(trun.buffer, trun.byteOffset).getUint32(SAMPLE_FLAGS_AT) & IS_NO_SYNC_SAMPLE) === 0;
}

/**
 * Frames of a live stream that a player hasn't taken yet. Where it takes none for long, what is older than the newest keyframe goes; and
 * where even that is too much, all of it, up to the next keyframe.
 */
export class WaitingFrames {
  private parts: Uint8Array<ArrayBuffer>[] = [];
  private size_bytes = 0;
  private keyframe: number | null = null; // which of `parts` the newest one begins with
  private skipping = false;

  get empty(): boolean {
    return this.parts.length === 0;
  }

  push(box: Box): void {
    if (box.kind === 'moof' && isKeyframe(box.bytes)) {
      this.skipping = false;
      this.keyframe = this.parts.length;
    }
    if (this.skipping) return;
    this.parts.push(box.bytes);
    this.size_bytes += box.bytes.length;
    if (this.size_bytes > WAITING_BYTES_MAX) this.dropOld();
    if (this.size_bytes > WAITING_BYTES_MAX) this.dropAll();
  }

  /** All of them, in order. */
  take(): Uint8Array<ArrayBuffer> {
    const all = concat(this.parts);
    this.keep([]);
    return all;
  }

  private dropOld(): void {
    if (this.keyframe === null) return this.dropAll();
    this.keep(this.parts.slice(this.keyframe));
    this.keyframe = 0;
  }

  private dropAll(): void {
    this.keep([]);
    this.skipping = true;
  }

  private keep(parts: Uint8Array<ArrayBuffer>[]): void {
    this.parts = parts;
    this.size_bytes = parts.reduce((sum, part) => sum + part.length, 0);
    this.keyframe = null;
  }
}
