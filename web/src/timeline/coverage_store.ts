import { useEffect, useRef, useState } from 'preact/hooks';
import { showCoverage } from '../api/cameras';
import { codeOf } from '../api/client';
import { now } from '../time/clock';
import { DAY_MS, dayStartOf } from '../time/office_time';
import type { Instant, Span } from '../time/office_time';
import { NOT_CLOSED_YET_MS, joined } from './stretches';
import type { Stretch } from './stretches';

/** How often today is asked for again, and after midnight for minutes yesterday: footage is still added to it. */
const TODAY_EACH_MS = 10_000;

export interface Coverage {
  /** Of the days shown. */
  stretches: Stretch[];
  /** What the API said instead, where it can't be told. */
  problem: string | null;
  loading: boolean;
}

/** The days of `shown`, by their midnights; the future has none. */
export function daysOf(shown: Span, today: Instant): Instant[] {
  const days: Instant[] = [];
  for (let day = dayStartOf(shown.from); day < shown.to && day <= today; day += DAY_MS) days.push(day);
  return days;
}

/** Whether an answer of then tells all of that day: its last footage is told of minutes after its end. */
export function isWhole(day: Instant, asked: Instant): boolean {
  return asked >= day + DAY_MS + NOT_CLOSED_YET_MS;
}

interface KnownDay {
  stretches: Stretch[];
  asked: Instant;
}

const NOTHING: Coverage = { stretches: [], problem: null, loading: true };

/** What is known of the camera's time in `shown`, whole days at a time. */
export function useCoverage(camera_id: string, shown: Span): Coverage {
  const known = useRef(new Map<string, KnownDay>());
  const [coverage, setCoverage] = useState<Coverage>(NOTHING);
  const today = dayStartOf(now());
  const days = daysOf(shown, today);

  useEffect(() => {
    const stop = new AbortController();
    const keyOf = (day: Instant): string => `${camera_id} ${day}`;
    const of = (some: Instant[]): Stretch[] =>
      joined(some.flatMap((day) => known.current.get(keyOf(day))?.stretches ?? []));
    const load = async (): Promise<void> => {
      try {
        for (const day of days) {
          if (isWhole(day, known.current.get(keyOf(day))?.asked ?? -Infinity)) continue;
          const asked = now();
          const span = { from: day, to: day + DAY_MS };
          known.current.set(keyOf(day), {
            stretches: await showCoverage(camera_id, span, stop.signal),
            asked,
          });
        }
        setCoverage({ stretches: of(days), problem: null, loading: false });
      } catch (error) {
        if (!stop.signal.aborted)
          setCoverage((last) => ({ ...last, problem: codeOf(error), loading: false }));
      }
    };
    setCoverage({ ...NOTHING, stretches: of(days) });
    void load();
    const timer = setInterval(() => void load(), TODAY_EACH_MS);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [camera_id, days.join(), today]);

  return coverage;
}
