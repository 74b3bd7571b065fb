import { useEffect, useRef } from 'preact/hooks';

/** What a key asks for on the page of a camera. */
export type CameraCommand = 'toggle' | 'live' | 'back' | 'frame_back' | 'frame_on' | 'go_to' | 'help';

const COMMANDS: Record<string, CameraCommand> = {
  ' ': 'toggle',
  l: 'live',
  arrowleft: 'back',
  ',': 'frame_back',
  '.': 'frame_on',
  g: 'go_to',
  '?': 'help',
};

export function commandOf(key: string): CameraCommand | null {
  return COMMANDS[key.toLowerCase()] ?? null;
}

/** Elements that take keys themselves. */
function takesKeys(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('input, textarea, select, dialog') !== null) return true;
  return key === ' ' && target.closest('button, a, summary') !== null;
}

/** Calls `run` for keys that nothing else on the page takes. */
export function useCameraKeys(run: (command: CameraCommand) => void): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
      const command = commandOf(event.key);
      if (command === null || takesKeys(event.target, event.key)) return;
      event.preventDefault();
      latest.current(command);
    };
    addEventListener('keydown', listener);
    return () => removeEventListener('keydown', listener);
  }, []);
}
