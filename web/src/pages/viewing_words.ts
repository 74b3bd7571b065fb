import type { Viewing } from '../api/viewings';
import { MINUTE_MS, clocksOf, dayStartOf, formatDay, officeClockOf, parseRfc3339 } from '../time/office_time';
import type { Instant, Span } from '../time/office_time';
import type { Words } from '../words/words';

/** Name and post, as far as one may know them. */
export function describePerson(viewing: Viewing, { t, language }: Words): string {
  const name = viewing.person_name ?? t('viewings.unknown_person');
  const post = viewing.post === null ? '' : t(`post.${viewing.post}`);
  if (post === '' || post === name) return name;
  return language === 'ja' ? `${name}（${post}）` : `${name} (${post})`;
}

/** What was handed out, from its first instant to its last; nothing where nothing was. */
export function deliveredSpan(viewing: Viewing): Span | null {
  const froms = viewing.delivered.map((one) => parseRfc3339(one.from)).filter((at) => at !== null);
  const tos = viewing.delivered.map((one) => parseRfc3339(one.to)).filter((at) => at !== null);
  return froms.length === 0 || tos.length === 0 ? null : { from: Math.min(...froms), to: Math.max(...tos) };
}

/** What was handed out is recorded each minute: of a viewing younger than this there may be more than is told yet. */
const RECORDED_AFTER_MS = 2 * MINUTE_MS;

/** Whether it can't be told yet that nothing was handed out. */
export function isUntold(viewing: Viewing, now: Instant): boolean {
  const opened_at = parseRfc3339(viewing.opened_at);
  return viewing.delivered.length === 0 && opened_at !== null && now - opened_at < RECORDED_AFTER_MS;
}

/** "live 14:03:22 - 14:05:00", the day told where it isn't that of the viewing. */
export function describeSeen(viewing: Viewing, now: Instant, words: Words): string {
  const { t, language } = words;
  const what = t(wordOf(viewing.action));
  const span = deliveredSpan(viewing);
  if (span === null)
    return `${what}: ${t(isUntold(viewing, now) ? 'viewings.not_told_yet' : 'viewings.nothing_delivered')}`;
  const opened_at = parseRfc3339(viewing.opened_at) ?? span.from;
  const same_day = dayStartOf(opened_at) === dayStartOf(span.from);
  const clocks = t('time.span', clocksOf(span));
  return same_day ? `${what} ${clocks}` : `${what} ${formatDay(span.from, language)} ${clocks}`;
}

function wordOf(
  action: string,
): 'viewings.live' | 'viewings.download' | 'viewings.picture' | 'viewings.past' {
  if (action === 'live.play') return 'viewings.live';
  if (action === 'footage.download') return 'viewings.download';
  return action === 'frame.read' ? 'viewings.picture' : 'viewings.past';
}

const OPENS_MINUTE = 8 * 60 + 30;
const CLOSES_MINUTE = 17 * 60 + 15;

/** Before 8:30, from 17:15 on, or at a weekend. */
export function isOutsideHours(at: Instant): boolean {
  const clock = officeClockOf(at);
  const minute = clock.hour * 60 + clock.minute;
  return clock.weekday === 0 || clock.weekday === 6 || minute < OPENS_MINUTE || minute >= CLOSES_MINUTE;
}

/** 1,234 KB or MB, for people. */
export function describeBytes(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} KB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
