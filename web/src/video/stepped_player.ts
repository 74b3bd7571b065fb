import { SECOND_MS } from '../time/office_time';
import type { Instant, Span } from '../time/office_time';
import { pullOf } from './in_step';
import type { Stepped } from './in_step';
import { PastPlayer, spanAround } from './past_player';
import type { PlaylistOf } from './past_player';

export interface SteppedListener {
  /** A code as PastListener's; nothing: there is none any more. */
  onProblem: (code: string | null) => void;
  onLoading: (loading: boolean) => void;
}

/** Others wait so long for one that is being fetched. */
const PATIENCE_MS = 10_000;
/** What doesn't change while one looks; of anything else another try may help. */
const LASTING = ['no_footage', 'format', 'permission_denied'];
const AGAIN_AFTER_MS = 10_000;
/** Nearer than half a frame of most cameras is there. */
const THERE_S = 0.02;

/** One camera's stored footage in a video element, by the time that it is told. Used once: follow, stop. */
export class SteppedPlayer implements Stepped {
  private past: PastPlayer | null = null;
  private asked: Span | null = null;
  private ready = false;
  private failed: { lasting: boolean; at_ms: number } | null = null;
  private waits_since_ms: number | null = null;
  private frame_ms: number | null = null;
  private last_s: number | null = null;
  private handle = 0;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly playlistOf: PlaylistOf,
    private readonly isRecorded: (at: Instant) => boolean,
    private readonly listener: SteppedListener,
  ) {
    this.handle = video.requestVideoFrameCallback(this.onFrame);
  }

  isReady(at: Instant): boolean {
    const here = this.isHere(at);
    if (here) this.waits_since_ms = null;
    else this.waits_since_ms ??= performance.now();
    return here || performance.now() - (this.waits_since_ms ?? 0) > PATIENCE_MS;
  }

  follow(at: Instant, rate: number): void {
    if (!this.isRecorded(at)) return this.video.pause();
    if (!this.hasAsked(at) || this.wantsAgain()) this.open(at);
    const place = this.ready ? this.past?.placeOf(at) : null;
    if (!place) return this.video.pause();
    const off_s = this.video.currentTime - place.position_s;
    if (rate === 0 || !place.recorded) {
      this.video.pause();
      if (Math.abs(off_s) > THERE_S && !this.video.seeking) this.video.currentTime = place.position_s;
      return;
    }
    const pull = pullOf(off_s, rate);
    if (pull === null && !this.video.seeking) this.video.currentTime = place.position_s;
    this.video.playbackRate = rate * (pull ?? 1);
    if (this.video.paused) void this.video.play().catch(() => {});
  }

  frameMs(): number | null {
    return this.frame_ms;
  }

  stop(): void {
    this.video.cancelVideoFrameCallback(this.handle);
    this.past?.stop();
  }

  private isHere(at: Instant): boolean {
    if (!this.isRecorded(at)) return true;
    if (!this.hasAsked(at)) return false;
    if (this.failed) return true;
    if (!this.ready) return false;
    if (!this.past?.placeOf(at)?.recorded) return true;
    return !this.video.seeking && this.video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA;
  }

  private hasAsked(at: Instant): boolean {
    return this.asked !== null && at >= this.asked.from && at < this.asked.to;
  }

  private wantsAgain(): boolean {
    const { failed } = this;
    return failed !== null && !failed.lasting && performance.now() - failed.at_ms >= AGAIN_AFTER_MS;
  }

  private open(at: Instant): void {
    this.past?.stop();
    this.ready = false;
    this.failed = null;
    this.listener.onProblem(null);
    this.listener.onLoading(true);
    const past = new PastPlayer(this.video, {
      onReady: () => this.arrive(),
      onEnd: () => this.arrive(),
      onProblem: (code) => this.fail(code),
    });
    this.past = past;
    this.asked = spanAround(at);
    past.start(this.playlistOf, this.asked, at, false).catch(() => this.fail('unreachable'));
  }

  private arrive(): void {
    if (this.ready) return;
    this.ready = true;
    this.listener.onLoading(false);
  }

  private fail(code: string): void {
    this.failed = { lasting: LASTING.includes(code), at_ms: performance.now() };
    this.listener.onLoading(false);
    this.listener.onProblem(code);
  }

  /** Which instant is on the screen stands at the element; how long a frame is shown is measured while it plays. */
  private readonly onFrame: VideoFrameRequestCallback = (_, { mediaTime }) => {
    const length_ms = this.last_s === null ? 0 : (mediaTime - this.last_s) * SECOND_MS;
    if (length_ms > 1 && length_ms < 500) this.frame_ms = Math.min(length_ms, this.frame_ms ?? length_ms);
    this.last_s = mediaTime;
    this.video.dataset['at'] = String(this.past?.instantOf(mediaTime) ?? '');
    this.handle = this.video.requestVideoFrameCallback(this.onFrame);
  };
}
