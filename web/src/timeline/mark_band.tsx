import type { JSX } from 'preact';
import type { Span } from '../time/office_time';
import type { Mark } from './mark';
import { xOf } from './scale';

/** What is marked, over the row: a band, or a line while one end is missing. */
export function MarkBand({ mark, shown }: { mark: Mark; shown: Span }): JSX.Element | null {
  const first = mark.from ?? mark.to;
  if (first === null) return null;
  const last = mark.to ?? first;
  const left = Math.max(0, xOf(first, shown, 100));
  const right = Math.min(100, xOf(last, shown, 100));
  if (left > 100 || right < 0) return null;
  return <div class="mark-band" style={{ left: `${left}%`, width: `${right - left}%` }} />;
}
