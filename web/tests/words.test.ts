import { expect, test } from 'vitest';
import description from '../../api/openapi.yaml?raw';
import { describeProblem } from '../src/words/problem_words';
import { en } from '../src/words/en';
import { ja } from '../src/words/ja';
import { hasWord, wordsOf } from '../src/words/words';

function enumeration(after: string): string[] {
  const found = new RegExp(after + '[^]*?enum: \\[([^\\]]*)\\]').exec(description);
  return (found?.[1] ?? '').split(/,\s*/);
}

function names(text: string): string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map((one) => one[1] ?? '').sort();
}

test('both languages fill in the same values', () => {
  for (const [key, text] of Object.entries(ja))
    expect([key, names(en[key as keyof typeof en])]).toEqual([key, names(text)]);
});

test('each reason for a gap, each state and each post of the API has words', () => {
  const reasons = enumeration('GapReason:').map((reason) => `gap.${reason}`);
  const states = enumeration('CameraState:').map((state) => `state.${state}`);
  const posts = enumeration('PostName:').map((post) => `post.${post}`);
  expect([reasons.length, states.length, posts.length]).toEqual([16, 6, 6]);
  expect([...reasons, ...states, ...posts].filter((key) => !hasWord(key))).toEqual([]);
});

test('a code that nobody wrote words for still says what to do', () => {
  expect(describeProblem('something_new', wordsOf('ja').t)).toBe(ja['problem.internal']);
});
