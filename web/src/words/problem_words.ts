import { hasWord } from './words';
import type { Translate } from './words';

/** What happened, what to do, whom to call; never a code alone. */
export function describeProblem(code: string, t: Translate): string {
  const key = `problem.${code}`;
  return t(hasWord(key) ? key : 'problem.internal');
}
