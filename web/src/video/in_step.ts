import type { Instant } from '../time/office_time';

/** A picture that goes with others. */
export interface Stepped {
  /** It shows `at`, or nothing is to be shown then; else it is on its way there. */
  isReady: (at: Instant) => boolean;
  /** Goes on from `at`, at `rate` times real time; 0: stands there. */
  follow: (at: Instant, rate: number) => void;
  /** How long it shows a frame; nothing: not known yet. */
  frameMs: () => number | null;
}

const FRAME_MS_UNKNOWN = 100;
/** A page that was held up goes on from where it stood. */
const TICK_MS_MAX = 250;

/** The time that several pictures show: it goes on while all of them can, and each goes by it. */
export class InStep {
  playing = true;
  rate = 1;
  private readonly pictures = new Set<Stepped>();
  private ticked_ms: number | null = null;

  constructor(private instant: Instant) {}

  at(): Instant {
    return this.instant;
  }

  /** Gives what takes it away again. */
  add(picture: Stepped): () => void {
    this.pictures.add(picture);
    return () => void this.pictures.delete(picture);
  }

  seek(at: Instant): void {
    this.instant = at;
  }

  /** So many frames on, or back, paused: of the picture with the shortest ones. */
  step(frames: number): void {
    const known = [...this.pictures].flatMap((one) => one.frameMs() ?? []);
    this.playing = false;
    this.instant += frames * (known.length === 0 ? FRAME_MS_UNKNOWN : Math.min(...known));
  }

  /** To be called for each picture of the screen; `end` is as far as time goes. Gives whether it goes on. */
  tick(now_ms: number, end: Instant): boolean {
    const passed_ms = Math.min(now_ms - (this.ticked_ms ?? now_ms), TICK_MS_MAX);
    this.ticked_ms = now_ms;
    if (this.instant >= end) this.playing = false;
    const goes = this.playing && [...this.pictures].every((one) => one.isReady(this.instant));
    if (goes) this.instant = Math.min(this.instant + passed_ms * this.rate, end);
    for (const one of this.pictures) one.follow(this.instant, goes ? this.rate : 0);
    return goes;
  }
}

/** Beyond that it is sooner there by a jump. */
const JUMP_S = 0.5;
/** An eighth of a frame: nobody sees it. */
const EXACT_S = 0.008;
/** What is off is to be gone within that. */
const WITHIN_S = 0.5;
const PULL_MAX = 0.15;

/** How much faster a player goes that is `off_s` ahead of where it should be, or behind (below 0). Nothing: it jumps there. */
export function pullOf(off_s: number, rate: number): number | null {
  if (Math.abs(off_s) > JUMP_S * Math.max(1, rate)) return null;
  if (Math.abs(off_s) <= EXACT_S) return 1;
  return 1 - Math.min(PULL_MAX, Math.max(-PULL_MAX, off_s / WITHIN_S / Math.max(1, rate)));
}
