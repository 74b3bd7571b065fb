import type { JSX } from 'preact';
import type { Health } from '../api/cameras';
import { now } from '../time/clock';
import { formatNear, parseRfc3339 } from '../time/office_time';
import type { Instant } from '../time/office_time';
import { useWords } from '../words/words';
import type { Words } from '../words/words';

/** "Not recorded since 14:03:10: camera silent"; nothing where it is recorded. */
export function describeHealth(health: Health | null, at: Instant, { t, language }: Words): string | null {
  if (health === null || health.condition === 'recording') return null;
  if (health.condition === 'unknown') return t('health.unknown');
  const since = parseRfc3339(health.since ?? '');
  const time = since === null ? '' : formatNear(since, at, language);
  return t('health.missing', { time, reason: health.reason === null ? '' : t(`gap.${health.reason}`) });
}

/** A mark beside a camera that is not recorded; its words are read to whom can't see it. */
export function HealthMark({ health }: { health: Health | null }): JSX.Element | null {
  const told = describeHealth(health, now(), useWords());
  if (told === null) return null;
  return (
    <span class="mark mark-missing" title={told}>
      <span aria-hidden="true">▲</span>
      <span class="only-read">{told}</span>
    </span>
  );
}

/** The same in words. */
export function HealthWord({ health }: { health: Health | null }): JSX.Element | null {
  const told = describeHealth(health, now(), useWords());
  if (told === null) return null;
  return (
    <span class="state">
      <span class="mark mark-missing" aria-hidden="true">
        ▲
      </span>
      {told}
    </span>
  );
}
