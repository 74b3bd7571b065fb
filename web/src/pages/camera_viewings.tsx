import type { JSX } from 'preact';
import type { Camera } from '../api/cameras';
import { listViewings } from '../api/viewings';
import type { Viewing } from '../api/viewings';
import { useLoaded } from '../frame/loaded';
import { EmptyNote, LoadingNote, ProblemNote } from '../frame/notes';
import { DAY_MS, formatInstant, parseRfc3339 } from '../time/office_time';
import type { Instant } from '../time/office_time';
import { useWords } from '../words/words';
import { describePerson, describeSeen } from './viewing_words';

const LOOKED_BACK_MS = 30 * DAY_MS;

/** Who looked at this camera, for whoever is in charge of it; the newest first. */
export function CameraViewings({ camera, now }: { camera: Camera; now: Instant }): JSX.Element {
  const { t } = useWords();
  const viewings = useLoaded(
    () => listViewings({ from: now - LOOKED_BACK_MS, to: now }, camera.id),
    camera.id,
  );
  if (viewings.problem !== null) return <ProblemNote code={viewings.problem} onRetry={viewings.reload} />;
  if (viewings.value === null) return <LoadingNote />;
  if (viewings.value.length === 0) return <EmptyNote>{t('viewings.empty_camera')}</EmptyNote>;
  const newest = viewings.value.toSorted((a, b) => b.opened_at.localeCompare(a.opened_at));
  return (
    <ul class="viewings">
      {newest.map((viewing) => (
        <Line key={viewing.id} viewing={viewing} now={now} />
      ))}
    </ul>
  );
}

function Line({ viewing, now }: { viewing: Viewing; now: Instant }): JSX.Element {
  const words = useWords();
  const opened_at = parseRfc3339(viewing.opened_at);
  return (
    <li>
      <span class="viewing-when">{opened_at === null ? '' : formatInstant(opened_at, words.language)}</span>
      <strong>{describePerson(viewing, words)}</strong>
      <span>{describeSeen(viewing, now, words)}</span>
    </li>
  );
}
