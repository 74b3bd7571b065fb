import { useEffect, useRef, useState } from 'preact/hooks';
import { showCoverage } from '../api/cameras';
import { codeOf } from '../api/client';
import { now } from '../time/clock';
import { DAY_MS, dayStartOf } from '../time/office_time';
import type { Instant, Span } from '../time/office_time';
import { joined } from './stretches';
import type { Stretch } from './stretches';

/** How often today is asked for again: footage is still added to it. */
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

const NOTHING: Coverage = { stretches: [], problem: null, loading: true };

/** What is known of the camera's time in `shown`, whole days at a time. */
export function useCoverage(camera_id: string, shown: Span): Coverage {
  const known = useRef(new Map<string, Stretch[]>());
  const [coverage, setCoverage] = useState<Coverage>(NOTHING);
  const today = dayStartOf(now());
  const days = daysOf(shown, today);

  useEffect(() => {
    const stop = new AbortController();
    const keyOf = (day: Instant): string => `${camera_id} ${day}`;
    const of = (some: Instant[]): Stretch[] =>
      joined(some.flatMap((day) => known.current.get(keyOf(day)) ?? []));
    const load = async (missing: Instant[]): Promise<void> => {
      try {
        for (const day of missing) {
          const span = { from: day, to: day + DAY_MS };
          known.current.set(keyOf(day), await showCoverage(camera_id, span, stop.signal));
        }
        setCoverage({ stretches: of(days), problem: null, loading: false });
      } catch (error) {
        if (!stop.signal.aborted)
          setCoverage((last) => ({ ...last, problem: codeOf(error), loading: false }));
      }
    };
    setCoverage({ ...NOTHING, stretches: of(days) });
    void load(days.filter((day) => day === today || !known.current.has(keyOf(day))));
    const timer = setInterval(() => void load(days.filter((day) => day === today)), TODAY_EACH_MS);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [camera_id, days.join(), today]);

  return coverage;
}
