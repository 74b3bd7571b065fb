import { useEffect, useRef } from 'preact/hooks';

/** Elements that take keys themselves. */
function takesKeys(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('input, textarea, select, dialog') !== null) return true;
  return key === ' ' && target.closest('button, a, summary') !== null;
}

/** Calls `run` for keys that `commandOf` knows and nothing else on the page takes. */
export function useKeys<Command>(
  commandOf: (key: string, shift: boolean) => Command | null,
  run: (command: Command) => void,
): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
      const command = commandOf(event.key, event.shiftKey);
      if (command === null || takesKeys(event.target, event.key)) return;
      event.preventDefault();
      latest.current(command);
    };
    addEventListener('keydown', listener);
    return () => removeEventListener('keydown', listener);
  }, []);
}
