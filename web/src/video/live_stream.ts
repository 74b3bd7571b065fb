import { Problem, codeOf, refuseProblem } from '../api/client';
import { now } from '../time/clock';
import { SECOND_MS } from '../time/office_time';
import type { Instant } from '../time/office_time';
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
// taken away by playing faster, so little that nobody sees it, and only where a second of that leaves enough.
const LEFT_S = 0.1;
const LEFT_JUDGED_EACH_MS = 1000;
const HURRY_RATE = 1.04;
const HURRIED_S = 0.04;
const HURRY_MORE_RATE = 1.15;
// Frames take no longer than this, for what is reckoned by them.
const FRAME_MOST_S = 0.6;
// By so much the picture may be ahead of the player's clock. Chromium, when it has run dry, stops the clock and paints each frame at once as it comes; with
// none left it stops the clock again, at every frame. The picture is in time then, but once two frames come together the clock goes on where it was, and the
// picture stands still until it has been caught up with.
const AHEAD_S = 0.25;
/** So much behind the picture is kept to go back in: of one among many, and of a single one. */
export const KEPT_OF_MANY_S = 30;
export const KEPT_OF_ONE_S = 90;
// It is trimmed by so much at a time.
const TRIMMED_S = 10;
// Going back there would leave nothing to play.
const LEFT_LEAST_S = 0.5;
const SILENT: LiveListener = { onFrame: () => {}, onSparse: () => {}, onEnd: () => {} };

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
  private frames = 0; // that have come
  private skipping = false; // up to the next keyframe
  private over = false;
  private left_s = Infinity;
  private left_judged_at = 0;
  private behind = false; // it shows what was, not what is
  private begins_at: Instant | null = null; // the wall time at the zero of the player's own

  constructor(
    readonly video: HTMLVideoElement,
    private readonly address: string,
    private readonly kept_s: number,
    private listener: LiveListener,
  ) {}

  start(): void {
    // A page that is left may be kept by the browser, with what it fetches: nobody sees that any more.
    window.addEventListener('pagehide', () => this.stopping.abort(), { signal: this.stopping.signal });
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

  /** From now on it isn't shown live, nor told of; what comes is kept too, until it is stopped. */
  keep(): void {
    this.behind = true;
    this.listener = SILENT;
    this.video.pause();
  }

  /** Whether `at` can be shown from what has come. */
  covers(at: Instant): boolean {
    const position_s = this.positionOf(at);
    const buffered = this.buffered();
    if (position_s === null || buffered === null) return false;
    return position_s >= buffered.start(0) && position_s < buffered.end(buffered.length - 1) - LEFT_LEAST_S;
  }

  /** Plays from `at` on, at the pace at which it was recorded. */
  show(at: Instant): void {
    const position_s = this.positionOf(at);
    if (position_s === null) return;
    this.behind = true;
    this.video.playbackRate = 1;
    this.video.currentTime = position_s;
    void this.video.play().catch(() => {});
  }

  /** The wall time of the picture, as it came. Nothing where there is none any more. */
  at(): Instant | null {
    if (this.begins_at === null || this.buffered() === null) return null;
    return this.begins_at + this.video.currentTime * SECOND_MS;
  }

  private positionOf(at: Instant): number | null {
    return this.begins_at === null ? null : (at - this.begins_at) / SECOND_MS;
  }

  /** Nothing where nothing is. */
  private buffered(): TimeRanges | null {
    if (this.source.readyState === 'closed' || !this.buffer) return null;
    return this.buffer.buffered.length > 0 ? this.buffer.buffered : null;
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
    else if (this.pace.sparse && !this.behind) this.skipping = true;
    return this.skipping;
  }

  /** What is on the screen, against what has come: a machine that decodes too slowly shows old pictures as if all were well. */
  private noteFrame(): void {
    const buffered = this.buffered();
    const newest_s = buffered === null ? null : buffered.end(buffered.length - 1);
    ++this.frames;
    if (newest_s !== null) this.begins_at = now() - newest_s * SECOND_MS;
    if (this.behind) return;
    const late_s = newest_s === null || this.painted_s === null ? 0 : Math.max(0, newest_s - this.painted_s);
    if (this.pace.note(late_s, performance.now())) this.listener.onSparse(this.pace.sparse);
    this.listener.onFrame(late_s * SECOND_MS);
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
    const old_s = this.video.currentTime - this.kept_s;
    const { buffered } = this.buffer;
    if (this.header !== null || !this.waiting.empty) {
      if (buffered.length > 0) this.noteLeft(buffered.end(buffered.length - 1) - this.video.currentTime);
      this.give(this.buffer, this.waiting.take());
    } else if (buffered.length > 0 && buffered.start(0) < old_s - TRIMMED_S) this.buffer.remove(0, old_s);
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
    if (this.behind) return;
    this.left_s = Math.min(this.left_s, left_s);
    if (performance.now() - this.left_judged_at < LEFT_JUDGED_EACH_MS) return;
    const hurry_rate = this.left_s > 4 * LEFT_S ? HURRY_MORE_RATE : HURRY_RATE;
    this.video.playbackRate = this.left_s > LEFT_S + HURRIED_S ? hurry_rate : 1;
    this.left_s = Infinity;
    this.left_judged_at = performance.now();
  }

  /** Near the newest frame. Behind it there is nothing to play: the element waits there for the next one. */
  private chase(): void {
    if (this.over || this.behind || !this.buffer || this.buffer.buffered.length === 0 || this.video.paused)
      return;
    const { buffered } = this.buffer;
    const newest_s = buffered.end(buffered.length - 1);
    const behind_s = newest_s - this.video.currentTime;
    const ahead_s = (this.painted_s ?? 0) - this.video.currentTime;
    // With a frame to come, or it would run dry at once, and what keeps it from that later.
    const near_s = LEFT_S + 1.5 * Math.min(FRAME_MOST_S, newest_s / Math.max(1, this.frames));
    const first_s = buffered.start(buffered.length - 1);
    const jumps = behind_s > JUMP_S || ahead_s > Math.max(AHEAD_S, near_s);
    if (!jumps && this.video.currentTime >= first_s) return;
    this.video.currentTime = Math.max(first_s, newest_s - near_s);
    this.painted_s = null;
  }
}
