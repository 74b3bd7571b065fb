import { clocksOf } from '../time/office_time';
import type { Instant } from '../time/office_time';
import type { Translate } from '../words/words';
import { NOT_TOLD_YET_MS } from './stretches';
import type { Stretch } from './stretches';

/** "recorded", "gap: camera silent, 14:03:10 - 14:05:00", "no footage"; what our clock went through twice, and what is just being recorded is said to be that. */
export function describeStretch(stretch: Stretch | null, now: Instant, t: Translate): string {
  if (stretch === null) return '';
  if (stretch.copies) return t('timeline.copies', { count: stretch.copies });
  if (stretch.kind === 'recorded') return t('timeline.recorded');
  if (stretch.kind === 'gap') {
    const reason = stretch.reason ? t(`gap.${stretch.reason}`) : '';
    const span = t('time.span', clocksOf({ from: stretch.from, to: Math.min(stretch.to, now) }));
    return t('timeline.gap', { reason, span });
  }
  return stretch.to >= now && stretch.from > now - NOT_TOLD_YET_MS
    ? t('timeline.not_told')
    : t('timeline.no_footage');
}
