import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { PostName, WhoAmI } from '../api/session';

export const WhoContext = createContext<WhoAmI | null>(null);

/** Who is signed in; only within the pages that need that. */
export function useWho(): WhoAmI {
  const who = useContext(WhoContext);
  if (who === null) throw new Error('nobody is signed in');
  return who;
}

/** Whether an action is allowed on something or other; the API decides on each thing. */
export function may(who: WhoAmI, action: string): boolean {
  return who.may_do.includes(action);
}

/** Whether someone holds one of these posts. */
export function isOf(who: WhoAmI, posts: PostName[]): boolean {
  return who.posts.some((one) => posts.includes(one.post));
}
