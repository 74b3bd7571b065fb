/** What a key asks for on the wall. */
export type WallCommand =
  { kind: 'digit'; digit: string } | { kind: 'left' | 'right' | 'up' | 'down' | 'live' | 'go_to' | 'help' };

const COMMANDS: Record<string, WallCommand> = {
  arrowleft: { kind: 'left' },
  arrowright: { kind: 'right' },
  arrowup: { kind: 'up' },
  arrowdown: { kind: 'down' },
  l: { kind: 'live' },
  g: { kind: 'go_to' },
  '?': { kind: 'help' },
};

export function wallCommandOf(key: string): WallCommand | null {
  if (/^\d$/.test(key)) return { kind: 'digit', digit: key };
  return COMMANDS[key.toLowerCase()] ?? null;
}

/** The number typed so far: "1" and then "2" are 12 where there are so many, and 2 where there aren't. Nothing: there is no such tile. */
export function numberTyped(before: string, digit: string, count: number): string {
  for (const text of [before + digit, digit]) {
    const number = Number(text);
    if (!text.startsWith('0') && number >= 1 && number <= count) return text;
  }
  return '';
}

/** The tile that an arrow leads to, from 0; the same at the edge, and the first where none was chosen. */
export function neighbourOf(chosen: number | null, arrow: string, columns: number, count: number): number {
  if (chosen === null) return 0;
  const steps: Record<string, number> = { left: -1, right: 1, up: -columns, down: columns };
  const wanted = chosen + (steps[arrow] ?? 0);
  return wanted >= 0 && wanted < count ? wanted : chosen;
}
