import { useCallback, useEffect, useState } from 'preact/hooks';
import { codeOf } from '../api/client';

export interface Loaded<T> {
  value: T | null;
  /** A code of the API's. */
  problem: string | null;
  reload: () => void;
}

/** What `load` gives, asked for again whenever `key` changes; answers that come too late are dropped. */
export function useLoaded<T>(load: () => Promise<T>, key: string): Loaded<T> {
  const [state, setState] = useState<{ value: T | null; problem: string | null }>({
    value: null,
    problem: null,
  });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let wanted = true;
    setState({ value: null, problem: null });
    load().then(
      (value) => wanted && setState({ value, problem: null }),
      (error: unknown) => wanted && setState({ value: null, problem: codeOf(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [key, round]);
  const reload = useCallback(() => setRound((last) => last + 1), []);
  return { ...state, reload };
}

/** `first`, and then what `load` gives each `each_ms`; where it gives nothing, the last one stays. */
export function useFresh<T>(first: T, load: () => Promise<T>, key: string, each_ms: number): T {
  const [value, setValue] = useState(first);
  useEffect(() => {
    let wanted = true;
    setValue(first);
    const again = (): void =>
      void load().then(
        (fresh) => wanted && setValue(fresh),
        () => {},
      );
    const timer = setInterval(again, each_ms);
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, [key]);
  return value;
}
