import { useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Hold } from '../api/holds';
import { clocksOf, formatDay, parseRfc3339 } from '../time/office_time';
import type { Language, Span } from '../time/office_time';
import { useWords } from '../words/words';
import type { Translate } from '../words/words';
import { linesOf, spanOfHold } from './holds';
import type { HoldLine } from './holds';
import { useWidth } from './timeline';

const LANE_PX = 24;
const TOLD_HALF_PX = 160;

/** "Held 14:00:00 - 14:05:00: reason (Head1, review by 15 Jul 2027)" */
export function describeHold(hold: Hold, t: Translate, language: Language): string {
  return t('hold.told', {
    span: t('time.span', clocksOf(spanOfHold(hold))),
    reason: hold.reason,
    person: hold.person_name,
    day: formatDay(parseRfc3339(hold.review_at) ?? 0, language),
  });
}

/** Above a camera's row: a line for each hold, which tells why, by whom and until when; it opens to be released. */
export function HoldsRow(props: { holds: Hold[]; shown: Span; onOpen: (hold: Hold) => void }): JSX.Element {
  const { t, language } = useWords();
  const row = useRef<HTMLUListElement>(null);
  const width_px = useWidth(row);
  const [told, setTold] = useState<HoldLine | null>(null);
  const lines = linesOf(props.holds, props.shown, width_px);
  const lanes = Math.max(0, ...lines.map((line) => line.lane + 1));
  const shown_told = told && lines.find((line) => line.hold.id === told.hold.id);
  return (
    <div
      class="holds"
      onPointerLeave={() => setTold(null)}
      onKeyDown={(event) => event.key === 'Escape' && setTold(null)}
    >
      <ul ref={row} class="holds-row" aria-label={t('hold.held')} style={{ height: `${lanes * LANE_PX}px` }}>
        {lines.map((line) => (
          <li key={line.hold.id}>
            <button
              type="button"
              class="hold-line"
              style={{
                left: `${line.left_px}px`,
                width: `${line.width_px}px`,
                bottom: `${line.lane * LANE_PX}px`,
              }}
              onClick={() => props.onOpen(line.hold)}
              onPointerEnter={() => setTold(line)}
              onFocus={() => setTold(line)}
              onBlur={() => setTold(null)}
            >
              <span aria-hidden="true">{t('hold.held')}</span>
              <span class="only-read">{describeHold(line.hold, t, language)}</span>
            </button>
          </li>
        ))}
      </ul>
      {shown_told && (
        <p class="hold-told" aria-hidden="true" style={{ left: `${toldAt(shown_told, width_px)}px` }}>
          {describeHold(shown_told.hold, t, language)}
        </p>
      )}
    </div>
  );
}

function toldAt(line: HoldLine, width_px: number): number {
  const middle = line.left_px + line.width_px / 2;
  return Math.max(TOLD_HALF_PX, Math.min(middle, width_px - TOLD_HALF_PX));
}
