import { addressOf, pageAt } from './address';
import type { Page } from './address';

export type Wall = Extract<Page, { name: 'wall' }>;

function nameOf(person: string): string {
  return `yagura.wall.${person}`;
}

/** The wall that a person had last in this browser: its address, which names a floor or cameras and nothing else. */
export function readWall(person: string): Wall | null {
  try {
    const page = pageAt('/wall', localStorage.getItem(nameOf(person)) ?? '');
    return page.name === 'wall' && (page.floor !== null || page.cameras.length > 0) ? page : null;
  } catch {
    return null; // no store
  }
}

export function keepWall(person: string, wall: Wall): void {
  try {
    localStorage.setItem(nameOf(person), addressOf(wall).replace(/^[^?]*/, ''));
  } catch {
    // A browser that keeps nothing: the address still does.
  }
}
