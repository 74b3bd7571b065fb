/** What a key asks for on the page of several cameras in step. */
export type TogetherCommand =
  'toggle' | 'back' | 'back_minute' | 'frame_back' | 'frame_on' | 'slower' | 'faster' | 'go_to' | 'help';

const COMMANDS: Record<string, TogetherCommand> = {
  ' ': 'toggle',
  arrowleft: 'back',
  ',': 'frame_back',
  '.': 'frame_on',
  '-': 'slower',
  '+': 'faster',
  g: 'go_to',
  '?': 'help',
};

export function togetherCommandOf(key: string, shift: boolean): TogetherCommand | null {
  const command = COMMANDS[key.toLowerCase()] ?? null;
  return shift && command === 'back' ? 'back_minute' : command;
}
