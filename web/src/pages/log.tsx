import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { listViewings } from '../api/viewings';
import type { Viewing } from '../api/viewings';
import { Link } from '../frame/link';
import { useLoaded } from '../frame/loaded';
import { EmptyNote, LoadingNote, ProblemNote } from '../frame/notes';
import { may, useWho } from '../frame/session';
import { now as serverNow } from '../time/clock';
import { formatInstant, parseRfc3339 } from '../time/office_time';
import { useWords } from '../words/words';
import { LogFilters } from './log_filters';
import { filterViewings, lastDays, spanOf } from './log_filter';
import type { LogFilter } from './log_filter';
import { deliveredSpan, describeBytes, describePerson, describeSeen } from './viewing_words';

/** Who looked at which camera's footage, when, and why; the newest first. */
export function LogPage(): JSX.Element {
  const { t } = useWords();
  const [filter, setFilter] = useState<LogFilter>(() => ({
    ...lastDays(serverNow(), 7),
    person: '',
    camera: '',
    outside_hours: false,
  }));
  const span = spanOf(filter);
  const viewings = useLoaded(() => listViewings(span, null), `${span.from} ${span.to}`);
  return (
    <main id="content" class="page page-wide">
      <h1>{t('viewings.title')}</h1>
      <LogFilters filter={filter} onFilter={setFilter} />
      {viewings.problem !== null && <ProblemNote code={viewings.problem} onRetry={viewings.reload} />}
      {viewings.problem === null && viewings.value === null && <LoadingNote />}
      {viewings.value !== null && <ViewingTable viewings={filterViewings(viewings.value, filter)} />}
    </main>
  );
}

function ViewingTable({ viewings }: { viewings: Viewing[] }): JSX.Element {
  const { t } = useWords();
  if (viewings.length === 0) return <EmptyNote>{t('viewings.empty')}</EmptyNote>;
  const newest = viewings.toSorted((a, b) => b.opened_at.localeCompare(a.opened_at));
  return (
    <table>
      <caption>{t('viewings.count', { count: viewings.length })}</caption>
      <thead>
        <tr>
          <th scope="col">{t('viewings.opened_at')}</th>
          <th scope="col">{t('viewings.person')}</th>
          <th scope="col">{t('viewings.camera')}</th>
          <th scope="col">{t('viewings.what')}</th>
          <th scope="col">{t('viewings.purpose')}</th>
          <th scope="col">{t('viewings.amount')}</th>
        </tr>
      </thead>
      <tbody>
        {newest.map((viewing) => (
          <ViewingRow key={viewing.id} viewing={viewing} />
        ))}
      </tbody>
    </table>
  );
}

function ViewingRow({ viewing }: { viewing: Viewing }): JSX.Element {
  const words = useWords();
  const { t, language } = words;
  const opened_at = parseRfc3339(viewing.opened_at);
  return (
    <tr>
      <th scope="row" class="times">
        {opened_at === null ? '' : formatInstant(opened_at, language)}
      </th>
      <td>{describePerson(viewing, words)}</td>
      <td>{viewing.camera_code ?? ''}</td>
      <td>
        <Seen viewing={viewing} />
      </td>
      <td>{viewing.purpose || t('viewings.none')}</td>
      <td class="amount">{viewing.bytes === 0 ? t('viewings.none') : describeBytes(viewing.bytes)}</td>
    </tr>
  );
}

/** Opens what was seen, for whoever may see it too. */
function Seen({ viewing }: { viewing: Viewing }): JSX.Element {
  const words = useWords();
  const who = useWho();
  const said = describeSeen(viewing, serverNow(), words);
  const span = deliveredSpan(viewing);
  if (span === null || !may(who, 'footage.play')) return <>{said}</>;
  return <Link to={{ name: 'camera', id: viewing.camera_id, at: span.from }}>{said}</Link>;
}
