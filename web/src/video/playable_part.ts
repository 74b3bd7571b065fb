import type { Instant, Span } from '../time/office_time';
import { SECOND_MS } from '../time/office_time';
import { codecOf } from './mp4_boxes';
import type { TimedPiece } from './past_player';

export interface CodedPiece extends TimedPiece {
  /** Address of the init segment that it is decoded with. */
  header: string;
}

/** So near its end a piece has nothing more to show. */
const END_MS = 100;

/** Whether the browser can decode what begins with this init segment; what can't be fetched is left to the player. */
export async function canDecode(header: string): Promise<boolean> {
  const answer = await fetch(header, { credentials: 'same-origin' }).catch(() => null);
  if (!answer?.ok) return true;
  const codec = codecOf(new Uint8Array(await answer.arrayBuffer()));
  return codec !== null && MediaSource.isTypeSupported(`video/mp4; codecs="${codec}"`);
}

/** Which time around `at`, or around what was recorded next, has only headers of `playable`: within `asked`, the same where all of it has. Nothing where not
 * even the picture of `at` can be decoded. */
export function playablePart(
  pieces: CodedPiece[],
  at: Instant,
  playable: Set<string>,
  asked: Span,
): Span | null {
  const here = pieces.findIndex((one) => at < one.at + one.duration_s * SECOND_MS - END_MS);
  const first = pieces[here];
  if (!first) return asked;
  if (!playable.has(first.header)) return null;
  const before = pieces.slice(0, here).findLastIndex((one) => !playable.has(one.header));
  const after = pieces.slice(here).find((one) => !playable.has(one.header));
  const begin = before < 0 ? undefined : pieces[before + 1];
  // Instants are whole milliseconds, rounded down: a little later is behind the last picture that can't be decoded.
  return { from: begin ? begin.at + 1 : asked.from, to: after ? after.at : asked.to };
}
