import { useEffect, useState } from 'preact/hooks';
import { codeOf } from '../api/client';
import { listHolds } from '../api/holds';
import type { Hold } from '../api/holds';
import { MINUTE_MS } from '../time/office_time';

/** Others place and release holds too. */
const EACH_MS = MINUTE_MS;

export interface Holds {
  holds: Hold[];
  /** What the API said instead, where they can't be told. */
  problem: string | null;
  reload: () => void;
}

/** A camera's holds; none, and nobody is asked, for who may not know of any. */
export function useHolds(camera_id: string, may_know: boolean): Holds {
  const [holds, setHolds] = useState<Hold[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (!may_know) return;
    const stop = new AbortController();
    const load = async (): Promise<void> => {
      try {
        setHolds(await listHolds(camera_id, stop.signal));
        setProblem(null);
      } catch (error) {
        if (!stop.signal.aborted) setProblem(codeOf(error));
      }
    };
    void load();
    const timer = setInterval(() => void load(), EACH_MS);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [camera_id, may_know, asked]);
  return { holds, problem, reload: () => setAsked((count) => count + 1) };
}
