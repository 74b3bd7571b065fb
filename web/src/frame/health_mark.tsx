import type { JSX } from 'preact';
import type { Health } from '../api/cameras';
import { now } from '../time/clock';
import { formatNear, parseRfc3339 } from '../time/office_time';
import type { Instant } from '../time/office_time';
import { useWords } from '../words/words';
import type { Words } from '../words/words';

/** "Not recorded since 14:03:10: camera silent", "picture black since 14:03:10"; nothing where all is well. */
export function describeHealth(health: Health | null, at: Instant, { t, language }: Words): string | null {
  const told = (since: string | null): string => {
    const from = parseRfc3339(since ?? '');
    return from === null ? '' : formatNear(from, at, language);
  };
  if (health === null) return null;
  if (health.condition === 'unknown') return t('health.unknown');
  if (health.condition === 'recording') {
    const { picture } = health;
    return picture === null ? null : t(`health.${picture.fault}`, { time: told(picture.since) });
  }
  const time = told(health.since);
  return t('health.missing', { time, reason: health.reason === null ? '' : t(`gap.${health.reason}`) });
}

/** A mark beside a camera that is not recorded, or not well; its words are read to whom can't see it. */
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
