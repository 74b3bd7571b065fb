import type Hls from 'hls.js';
import type { Fragment } from 'hls.js';
import { MINUTE_MS, SECOND_MS } from '../time/office_time';
import type { Instant, Span } from '../time/office_time';
import { canDecode, playablePart } from './playable_part';
import type { CodedPiece } from './playable_part';

export interface PastListener {
  /** Playing has begun, or goes on. */
  onReady: () => void;
  /** The end of what was asked for is reached. */
  onEnd: (at: Instant) => void;
  /** A code of the API's, `playback`, or `format`: the browser can't decode it. */
  onProblem: (code: string) => void;
}

/** What is asked for around an instant: some of before for going back at once, ten minutes in all, which is one viewing. */
const BEFORE_MS = 30 * SECOND_MS;
const ASKED_MS = 10 * MINUTE_MS;

export function spanAround(at: Instant): Span {
  return { from: at - BEFORE_MS, to: at - BEFORE_MS + ASKED_MS };
}

/** A piece of the player's own time and the wall time that its first frame was recorded at. */
export interface TimedPiece {
  start_s: number;
  duration_s: number;
  at: Instant;
}

export interface Place {
  position_s: number;
  /** Else it is where the next piece begins. */
  recorded: boolean;
}

/** Where `at` stands in the player's time; of a time that wasn't recorded, where the next piece begins. Nothing beyond the last. */
export function placeOf(pieces: TimedPiece[], at: Instant): Place | null {
  for (const piece of pieces) {
    if (at >= piece.at + piece.duration_s * SECOND_MS) continue;
    return { position_s: piece.start_s + Math.max(0, at - piece.at) / SECOND_MS, recorded: at >= piece.at };
  }
  return null;
}

export function positionOf(pieces: TimedPiece[], at: Instant): number | null {
  return placeOf(pieces, at)?.position_s ?? null;
}

/** The wall time of the picture at a position of the player. */
export function instantOfPosition(pieces: TimedPiece[], position_s: number): Instant | null {
  const piece = pieces.findLast((one) => one.start_s <= position_s + 0.001) ?? pieces[0];
  // Rounded: a player's time falls short of what it was set to by microseconds, which would tell the second before.
  return piece ? Math.round(piece.at + (position_s - piece.start_s) * SECOND_MS) : null;
}

/** What an answer's status means; of any other the footage just doesn't play. */
const PROBLEMS: Record<number, string> = {
  401: 'unauthenticated',
  403: 'permission_denied',
  404: 'no_footage',
  501: 'format',
  503: 'unavailable',
};

function piecesOf(fragments: Fragment[]): CodedPiece[] {
  const pieces: CodedPiece[] = [];
  for (const one of fragments) {
    if (one.programDateTime === null) continue;
    const header = one.initSegment?.url ?? '';
    pieces.push({ start_s: one.start, duration_s: one.duration, at: one.programDateTime, header });
  }
  return pieces;
}

/** The stored footage around an instant in a video element, by hls.js, which is fetched at the first need. Used once: start, stop. */
export class PastPlayer {
  private hls: Hls | null = null;
  private pieces: CodedPiece[] = [];
  private over = false;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly listener: PastListener,
  ) {}

  /** Plays the playlist of `asked` from the picture of `at`, or of the next one there is. */
  async start(playlistOf: (span: Span) => string, asked: Span, at: Instant, playing: boolean): Promise<void> {
    const { default: Player } = await import('hls.js/light');
    if (this.over) return;
    // A worker would need a script from a blob: address, and our footage needs no remuxing.
    const hls = new Player({ enableWorker: false, autoStartLoad: false, maxBufferLength: 30 });
    this.hls = hls;
    const begin = (): void => {
      const position_s = positionOf(this.pieces, at);
      if (position_s === null) this.listener.onEnd(at);
      else hls.startLoad(position_s);
    };
    hls.once(Player.Events.LEVEL_LOADED, (_, data) => {
      this.pieces = piecesOf(data.details.fragments);
      void this.partOf(asked, at).then((part) => {
        if (this.over) return;
        if (part === null) return this.fail('format');
        if (part === asked) return begin();
        hls.once(Player.Events.LEVEL_LOADED, (_, narrowed) => {
          this.pieces = piecesOf(narrowed.details.fragments);
          begin();
        });
        const on = !this.video.paused;
        hls.loadSource(playlistOf(part)); // stops the video
        if (on) void this.video.play().catch(() => {});
      });
    });
    hls.on(Player.Events.LEVEL_UPDATED, (_, data) => (this.pieces = piecesOf(data.details.fragments)));
    const { BUFFER_ADD_CODEC_ERROR, BUFFER_INCOMPATIBLE_CODECS_ERROR } = Player.ErrorDetails;
    hls.on(Player.Events.ERROR, (_, data) => {
      const format =
        data.details === BUFFER_ADD_CODEC_ERROR || data.details === BUFFER_INCOMPATIBLE_CODECS_ERROR;
      if (format) this.fail('format');
      else if (data.fatal) this.fail(PROBLEMS[data.response?.code ?? 0] ?? 'playback');
    });
    this.video.onended = () => this.listener.onEnd(this.at() ?? at);
    this.video.oncanplay = () => this.listener.onReady();
    hls.loadSource(playlistOf(asked));
    hls.attachMedia(this.video);
    if (playing) void this.video.play().catch(() => {});
  }

  stop(): void {
    this.over = true;
    this.video.onended = null;
    this.video.oncanplay = null;
    this.hls?.destroy();
  }

  /** The wall time of the picture that is shown. */
  at(): Instant | null {
    return this.instantOf(this.video.currentTime);
  }

  instantOf(position_s: number): Instant | null {
    return instantOfPosition(this.pieces, position_s);
  }

  placeOf(at: Instant): Place | null {
    return placeOf(this.pieces, at);
  }

  /** Shows `at` if it lies in what was asked for. */
  seek(at: Instant): boolean {
    const first = this.pieces[0];
    const position_s = positionOf(this.pieces, at);
    if (!first || at < first.at || position_s === null) return false;
    this.video.currentTime = position_s;
    return true;
  }

  /** What of `asked` the browser can decode around `at`: one player can't go on over what it can't. */
  private async partOf(asked: Span, at: Instant): Promise<Span | null> {
    const headers = [...new Set(this.pieces.map((one) => one.header))];
    if (headers.length < 2) return asked;
    const decoded = await Promise.all(headers.map(canDecode));
    if (decoded.every((one) => one)) return asked;
    return playablePart(this.pieces, at, new Set(headers.filter((_, i) => decoded[i])), asked);
  }

  private fail(problem: string): void {
    if (!this.over) this.listener.onProblem(problem);
  }
}
