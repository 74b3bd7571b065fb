import type Hls from 'hls.js';
import type { Events, Fragment } from 'hls.js';
import type { Coding } from '../api/cameras';
import { codeOf, request } from '../api/client';
import { MINUTE_MS, SECOND_MS } from '../time/office_time';
import type { Instant, Span } from '../time/office_time';
import { codingFor, noteLacking } from './lacking';
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

/** The address of a playlist. */
export type PlaylistOf = (span: Span, coding: Coding) => string;

/** What an answer's status means; of any other the footage just doesn't play. */
const PROBLEMS: Record<number, string> = {
  401: 'unauthenticated',
  403: 'permission_denied',
  404: 'no_footage',
  501: 'format',
  503: 'unavailable',
};

interface Asked {
  playlistOf: PlaylistOf;
  span: Span;
  at: Instant;
  /** The stream, whatever of it is asked for. */
  what: string;
  loaded: Events.LEVEL_LOADED;
}

function piecesOf(fragments: Fragment[]): CodedPiece[] {
  const pieces: CodedPiece[] = [];
  for (const one of fragments) {
    if (one.programDateTime === null) continue;
    const header = one.initSegment?.url ?? '';
    pieces.push({ start_s: one.start, duration_s: one.duration, at: one.programDateTime, header });
  }
  return pieces;
}

/** The stored footage around an instant in a video element, by hls.js, which is fetched at the first need. As the camera sent it or, where this
 * browser lacks its codec, as H.264; where that can't be had now, the part around the instant that it can decode. Used once: start, stop. */
export class PastPlayer {
  private hls: Hls | null = null;
  private pieces: CodedPiece[] = [];
  private over = false;
  private coding: Coding = 'as_sent';
  private asked: Asked | null = null;
  private tried_as_sent = false;
  /** What can be played without any transcoding. */
  private decodable: Span | null = null;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly listener: PastListener,
  ) {}

  /** Plays the playlist of `span` from the picture of `at`, or of the next one there is. */
  async start(playlistOf: PlaylistOf, span: Span, at: Instant, playing: boolean): Promise<void> {
    const { default: Player } = await import('hls.js/light');
    if (this.over) return;
    // A worker would need a script from a blob: address, and our footage needs no remuxing.
    const hls = new Player({ enableWorker: false, autoStartLoad: false, maxBufferLength: 30 });
    this.hls = hls;
    this.asked = {
      playlistOf,
      span,
      at,
      what: playlistOf(span, 'as_sent').split('?')[0] ?? '',
      loaded: Player.Events.LEVEL_LOADED,
    };
    hls.on(Player.Events.LEVEL_UPDATED, (_, data) => (this.pieces = piecesOf(data.details.fragments)));
    const { BUFFER_ADD_CODEC_ERROR, BUFFER_INCOMPATIBLE_CODECS_ERROR } = Player.ErrorDetails;
    hls.on(Player.Events.ERROR, (_, data) => {
      const format =
        data.details === BUFFER_ADD_CODEC_ERROR || data.details === BUFFER_INCOMPATIBLE_CODECS_ERROR;
      if (format) this.onLacking();
      else if (data.fatal) void this.onFatal(data.response?.code ?? 0);
    });
    this.video.onended = () => this.listener.onEnd(this.at() ?? at);
    this.video.oncanplay = () => this.listener.onReady();
    hls.attachMedia(this.video);
    this.load(codingFor(this.asked.what), span);
    if (playing) void this.video.play().catch(() => {});
  }

  private load(coding: Coding, span: Span): void {
    const { hls, asked } = this;
    if (!hls || !asked) return;
    this.coding = coding;
    this.tried_as_sent ||= coding === 'as_sent';
    const on = !this.video.paused;
    hls.once(asked.loaded, (_, data) => {
      this.pieces = piecesOf(data.details.fragments);
      void this.onPlaylist(span);
    });
    hls.loadSource(asked.playlistOf(span, coding)); // stops the video
    if (on) void this.video.play().catch(() => {});
  }

  private async onPlaylist(span: Span): Promise<void> {
    const { asked } = this;
    if (!asked) return;
    const part = this.coding === 'as_sent' && span === asked.span ? await this.partOf(span, asked.at) : span;
    if (this.over) return;
    if (part !== span) {
      this.decodable = part;
      return this.onLacking();
    }
    const position_s = positionOf(this.pieces, asked.at);
    if (position_s === null) this.listener.onEnd(asked.at);
    else this.hls?.startLoad(position_s);
  }

  /** This browser lacks a codec of what was asked for. */
  private onLacking(): void {
    if (!this.asked || this.over) return;
    if (this.coding === 'h264') return this.fail('format');
    noteLacking(this.asked.what);
    this.load('h264', this.asked.span);
  }

  private async onFatal(status: number): Promise<void> {
    const { asked } = this;
    if (this.coding === 'as_sent' && PROBLEMS[status] === 'format') return this.onLacking();
    if (this.coding === 'as_sent' || status !== 503 || !asked)
      return this.fail(PROBLEMS[status] ?? 'playback');
    const why = await request(asked.playlistOf(asked.span, 'h264')).then(() => 'unavailable', codeOf);
    if (this.over) return;
    const instead = this.decodable ?? (this.tried_as_sent ? null : asked.span);
    if (why !== 'transcodes_busy' || !instead) return this.fail(why);
    this.load('as_sent', instead);
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
