import type { JSX } from 'preact';
import { formatClock, formatNear } from '../time/office_time';
import type { Instant } from '../time/office_time';
import { NOT_TOLD_YET_MS, recordedFrom, stretchAt } from '../timeline/stretches';
import type { Stretch } from '../timeline/stretches';
import { describeStretch } from '../timeline/stretch_words';
import { describeProblem } from '../words/problem_words';
import { useWords } from '../words/words';
import type { Words } from '../words/words';

interface NoPastProps {
  problem: string;
  at: Instant;
  now: Instant;
  stretches: Stretch[];
  /** Nothing: what is shown goes on by itself. */
  onPlay?: (at: Instant) => void;
}

/** Why an instant can't be shown, and what can be instead. */
export function NoPast({ problem, at, now, stretches, onPlay }: NoPastProps): JSX.Element {
  const words = useWords();
  const next = recordedFrom(stretches, at);
  return (
    <div class="picture">
      <div class="picture-note" role="alert">
        <p class="picture-note-first">{describe(problem, at, now, stretches, words)}</p>
        {problem === 'no_footage' && next && onPlay && (
          <button type="button" class="primary" onClick={() => onPlay(Math.max(next.from, at))}>
            {words.t('camera.no_footage_next', {
              time: formatNear(Math.max(next.from, at), now, words.language),
            })}
          </button>
        )}
        {problem === 'no_footage' && !next && onPlay && <p>{words.t('camera.no_footage_hint')}</p>}
      </div>
    </div>
  );
}

function describe(
  problem: string,
  at: Instant,
  now: Instant,
  stretches: Stretch[],
  { t, language }: Words,
): string {
  if (problem === 'ended') return t('camera.ended');
  if (problem === 'playback') return t('camera.playback');
  if (problem === 'format') return t('camera.format');
  if (problem === 'permission_denied') return t('camera.past_denied');
  if (problem !== 'no_footage') return describeProblem(problem, t);
  const time = formatNear(at, now, language);
  const stretch = stretchAt(stretches, at);
  if (stretch?.kind === 'gap') return `${t('camera.gap_at', { time })} ${describeStretch(stretch, now, t)}`;
  if (at > now - NOT_TOLD_YET_MS) return t('camera.not_told', { time: formatClock(at) });
  return t('camera.no_footage', { time });
}
