/** What a key asks for on the page of a camera. */
export type CameraCommand =
  | 'toggle'
  | 'live'
  | 'back'
  | 'back_minute'
  | 'frame_back'
  | 'frame_on'
  | 'slower'
  | 'faster'
  | 'mark'
  | 'mark_start'
  | 'mark_end'
  | 'hold'
  | 'activity_before'
  | 'activity_next'
  | 'go_to'
  | 'help';

const COMMANDS: Record<string, CameraCommand> = {
  ' ': 'toggle',
  l: 'live',
  arrowleft: 'back',
  ',': 'frame_back',
  '.': 'frame_on',
  '-': 'slower',
  '+': 'faster',
  '[': 'mark_start',
  ']': 'mark_end',
  h: 'hold',
  n: 'activity_next',
  g: 'go_to',
  '?': 'help',
};

const SHIFTED: Partial<Record<CameraCommand, CameraCommand>> = {
  back: 'back_minute',
  activity_next: 'activity_before',
};

export function commandOf(key: string, shift: boolean): CameraCommand | null {
  const command = COMMANDS[key.toLowerCase()] ?? null;
  return (shift && command !== null && SHIFTED[command]) || command;
}
