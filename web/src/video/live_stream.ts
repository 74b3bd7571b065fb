import { Problem, codeOf, refuseProblem } from '../api/client';
import { BoxReader, codecOf, concat } from './mp4_boxes';
import type { Box } from './mp4_boxes';
import { Pace } from './pace';
import { WaitingFrames, isKeyframe } from './waiting_frames';

export interface LiveListener {
  /** A frame has come; the one on the screen is `late_ms` behind it. */
  onFrame: (late_ms: number) => void;
  /** From now on keyframes alone are shown, because the machine can't decode them all; or all again. */
  onSparse: (sparse: boolean) => void;
  /** The stream is over: a code of the API's, `ended`, or `format` where this browser can't show it. */
  onEnd: (code: string) => void;
}

// Farther behind the newest frame than this the picture jumps there.
const JUMP_S = 1.2;
// What is left to be played when the next frame comes, at the least of a second: more of it than needed against stutter is delay, and is
// taken away by playing faster, so little that nobody sees it.
const LEFT_S = 0.09;
const LEFT_JUDGED_EACH_MS = 1000;
const HURRY_RATE = 1.04;
const HURRY_MORE_RATE = 1.15;
const KEPT_S = 10;

/**
 * A camera's live.mp4 into a video element, always near its newest frame. Each frame comes as a fragment of its own and is appended as it
 * comes. Used once: start, stop.
 */
export class LiveStream {
  private readonly stopping = new AbortController();
  private readonly source = new MediaSource();
  private buffer: SourceBuffer | null = null;
  private header: Uint8Array<ArrayBuffer> | null = null;
  private readonly waiting = new WaitingFrames();
  private readonly pace = new Pace();
  private painted_s: number | null = null;
  private skipping = false; // up to the next keyframe
  private over = false;
  private left_s = Infinity;
  private left_judged_at = 0;
  private readonly address: string;

  constructor(
    private readonly video: HTMLVideoElement,
    address: string,
    private readonly listener: LiveListener,
  ) {
    this.address = address;
  }

  start(): void {
    const object_address = URL.createObjectURL(this.source);
    this.source.addEventListener(
      'sourceopen',
      () => {
        URL.revokeObjectURL(object_address);
        this.read().catch((error: unknown) => this.end(error instanceof Problem ? codeOf(error) : 'ended'));
      },
      { once: true },
    );
    this.video.src = object_address;
  }

  /** Nothing more comes or is told; the element keeps its picture. */
  freeze(): void {
    this.over = true;
    this.stopping.abort();
    this.video.pause();
  }

  /** Nothing more comes or is told; the element shows nothing. */
  stop(): void {
    this.freeze();
    this.video.removeAttribute('src');
    this.video.load();
  }

  private end(code: string): void {
    if (this.over) return;
    this.stop();
    this.listener.onEnd(code);
  }

  private async read(): Promise<void> {
    const reply = await this.open();
    const reader = reply.body?.getReader();
    const boxes = new BoxReader();
    const header: Uint8Array<ArrayBuffer>[] = [];
    for (;;) {
      const piece = await reader?.read();
      if (piece?.value === undefined || piece.done) return this.end('ended');
      for (const box of boxes.take(piece.value)) {
        if (!this.buffer) header.push(box.bytes);
        else if (!this.skips(box)) this.waiting.push(box);
        if (box.kind === 'moov' && !this.begin(concat(header), codecOf(box.bytes))) return this.end('format');
        if (box.kind === 'mdat') this.noteFrame();
      }
      this.append();
    }
  }

  /** Where the pace asks for it, all but keyframes; and from then on up to the next one, which nothing is missing before. */
  private skips(box: Box): boolean {
    if (box.kind !== 'moof') return this.skipping;
    if (isKeyframe(box.bytes)) this.skipping = false;
    else if (this.pace.sparse) this.skipping = true;
    return this.skipping;
  }

  /** What is on the screen, against what has come: a machine that decodes too slowly shows old pictures as if all were well. */
  private noteFrame(): void {
    const buffered = this.buffer?.buffered;
    const newest_s = buffered && buffered.length > 0 ? buffered.end(buffered.length - 1) : null;
    const late_s = newest_s === null || this.painted_s === null ? 0 : Math.max(0, newest_s - this.painted_s);
    if (this.pace.note(late_s, performance.now())) this.listener.onSparse(this.pace.sparse);
    this.listener.onFrame(late_s * 1000);
  }

  private watchPaint(): void {
    this.video.requestVideoFrameCallback((_, { mediaTime }) => {
      if (this.over) return;
      this.painted_s = mediaTime;
      this.watchPaint();
    });
  }

  private async open(): Promise<Response> {
    try {
      return await refuseProblem(
        await fetch(this.address, { credentials: 'same-origin', signal: this.stopping.signal }),
      );
    } catch (error) {
      throw error instanceof Problem || this.over ? error : new Problem(0, 'unreachable');
    }
  }

  private begin(header: Uint8Array<ArrayBuffer>, codec: string | null): boolean {
    const type = `video/mp4; codecs="${codec}"`;
    if (codec === null || !MediaSource.isTypeSupported(type)) return false;
    this.buffer = this.source.addSourceBuffer(type);
    this.buffer.addEventListener('updateend', () => {
      this.chase();
      this.append();
    });
    this.header = header;
    this.watchPaint();
    void this.video.play().catch(() => {});
    return true;
  }

  private append(): void {
    if (this.over || !this.buffer || this.buffer.updating) return;
    const old_s = this.video.currentTime - KEPT_S;
    const { buffered } = this.buffer;
    if (this.header !== null || !this.waiting.empty) {
      if (buffered.length > 0) this.noteLeft(buffered.end(buffered.length - 1) - this.video.currentTime);
      this.give(this.buffer, this.waiting.take());
    } else if (buffered.length > 0 && buffered.start(0) < old_s - KEPT_S) this.buffer.remove(0, old_s);
  }

  private give(buffer: SourceBuffer, frames: Uint8Array<ArrayBuffer>): void {
    const header = this.header;
    this.header = null;
    try {
      buffer.appendBuffer(header ? concat([header, frames]) : frames);
    } catch {
      this.end('ended'); // it takes no more: begun anew, it begins with an empty buffer
    }
  }

  private noteLeft(left_s: number): void {
    this.left_s = Math.min(this.left_s, left_s);
    if (performance.now() - this.left_judged_at < LEFT_JUDGED_EACH_MS) return;
    const hurry_rate = this.left_s > 4 * LEFT_S ? HURRY_MORE_RATE : HURRY_RATE;
    this.video.playbackRate = this.left_s > LEFT_S ? hurry_rate : 1;
    this.left_s = Infinity;
    this.left_judged_at = performance.now();
  }

  /** Near the newest frame. Behind it there is nothing to play: the element waits there for the next one. */
  private chase(): void {
    if (this.over || !this.buffer || this.buffer.buffered.length === 0 || this.video.paused) return;
    const { buffered } = this.buffer;
    const newest_s = buffered.end(buffered.length - 1);
    const behind_s = newest_s - this.video.currentTime;
    if (behind_s > JUMP_S || this.video.currentTime < buffered.start(buffered.length - 1)) {
      this.video.currentTime = Math.max(buffered.start(buffered.length - 1), newest_s - 0.1);
    }
  }
}
