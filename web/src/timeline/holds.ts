import type { Hold } from '../api/holds';
import { parseRfc3339 } from '../time/office_time';
import type { Span } from '../time/office_time';
import { xOf } from './scale';

/** So narrow that it can still be hit. */
export const LINE_LEAST_PX = 24;

/** Where a hold's line stands: a lane of its own beside others of the same time. */
export interface HoldLine {
  hold: Hold;
  left_px: number;
  width_px: number;
  lane: number;
}

export function spanOfHold(hold: Hold): Span {
  const from = parseRfc3339(hold.from) ?? 0;
  return { from, to: parseRfc3339(hold.to) ?? from };
}

/** Lines of the holds in force that touch `shown`, by their start, no two of a lane over each other. */
export function linesOf(holds: Hold[], shown: Span, width_px: number): HoldLine[] {
  const lanes: number[] = []; // where each ends
  return holds
    .filter((hold) => hold.release === null)
    .map((hold) => ({ hold, span: spanOfHold(hold) }))
    .filter(({ span }) => span.from < shown.to && span.to > shown.from)
    .sort((one, other) => one.span.from - other.span.from)
    .map(({ hold, span }) => {
      const from = Math.max(0, xOf(span.from, shown, width_px));
      const to = Math.min(width_px, xOf(span.to, shown, width_px));
      const line_px = Math.max(LINE_LEAST_PX, to - from);
      const left_px = Math.max(0, Math.min(from, width_px - line_px));
      const free = lanes.findIndex((end) => end <= left_px);
      const lane = free === -1 ? lanes.length : free;
      lanes[lane] = left_px + line_px;
      return { hold, left_px, width_px: line_px, lane };
    });
}
