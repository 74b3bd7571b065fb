import { useEffect, useRef, useState } from 'preact/hooks';
import { codeOf } from '../api/client';
import { SECOND_MS, formatNear } from '../time/office_time';
import type { Instant, Language } from '../time/office_time';
import { searchNotable } from '../timeline/activity';
import type { Way } from '../timeline/activity';
import type { ActivityStore } from '../timeline/activity_store';
import { describeProblem } from '../words/problem_words';
import { useWords } from '../words/words';
import type { Translate } from '../words/words';

const SAID_MS = 8 * SECOND_MS;
/** A search that takes no longer needs no words. */
const UNSAID_MS = SECOND_MS / 2;

function describeNone(
  known_to: Instant | null,
  way: Way,
  now: Instant,
  t: Translate,
  language: Language,
): string {
  if (known_to === null) return t('activity.none_known');
  const word = way === 1 ? 'activity.none_after' : 'activity.none_before';
  return t(word, { time: formatNear(known_to, now, language) });
}

export interface ActivitySearch {
  /** Looks from `at` and goes to what it finds; one that is under way ends. */
  start: (at: Instant, way: Way) => void;
  /** Somebody went elsewhere meanwhile. */
  stop: () => void;
  /** Under way, or how it ended. */
  said: string | null;
}

/** From one notable second to the next, beyond the time shown too. */
export function useActivitySearch(
  store: ActivityStore,
  now: Instant,
  onFound: (at: Instant) => void,
): ActivitySearch {
  const { t, language } = useWords();
  const current = useRef(new AbortController());
  const [said, setSaid] = useState<string | null>(null);
  const stop = (): void => {
    current.current.abort();
    setSaid(null);
  };
  useEffect(() => () => current.current.abort(), []);

  const search = async (at: Instant, way: Way, signal: AbortSignal): Promise<string | null> => {
    try {
      const search = await searchNotable((hour) => store.load(hour, signal), at, way, now);
      if (search.found !== null && !signal.aborted) onFound(search.found);
      return search.found === null ? describeNone(search.known_to, way, now, t, language) : null;
    } catch (error) {
      return describeProblem(codeOf(error), t);
    }
  };
  const start = (at: Instant, way: Way): void => {
    stop();
    const { signal } = (current.current = new AbortController());
    const say = (words: string | null): void => void (signal.aborted || setSaid(words));
    const waiting = setTimeout(() => say(t('activity.searching')), UNSAID_MS);
    void search(at, way, signal).then((outcome) => {
      clearTimeout(waiting);
      say(outcome);
      setTimeout(() => say(null), SAID_MS);
    });
  };
  return { start, stop, said };
}
