/** What a key asks for on the page of a camera. */
export type CameraCommand =
  | 'toggle'
  | 'live'
  | 'back'
  | 'back_minute'
  | 'frame_back'
  | 'frame_on'
  | 'mark'
  | 'mark_start'
  | 'mark_end'
  | 'hold'
  | 'go_to'
  | 'help';

const COMMANDS: Record<string, CameraCommand> = {
  ' ': 'toggle',
  l: 'live',
  arrowleft: 'back',
  ',': 'frame_back',
  '.': 'frame_on',
  '[': 'mark_start',
  ']': 'mark_end',
  h: 'hold',
  g: 'go_to',
  '?': 'help',
};

export function commandOf(key: string, shift: boolean): CameraCommand | null {
  const command = COMMANDS[key.toLowerCase()] ?? null;
  return command === 'back' && shift ? 'back_minute' : command;
}
