import { useEffect, useState } from 'preact/hooks';
import { formatRfc3339, parseRfc3339 } from '../time/office_time';
import type { Instant } from '../time/office_time';

/** What is shown; each has an address that brings a permitted person back to it. */
export type Page =
  | { name: 'places'; floor: string | null }
  | { name: 'camera'; id: string; at: Instant | null }
  /** Of a floor, or of chosen cameras; of neither: the one that one had last. */
  | { name: 'wall'; floor: string | null; cameras: string[] }
  /** The past of some cameras, in step. Nothing: what is newest. */
  | { name: 'together'; cameras: string[]; at: Instant | null }
  | { name: 'rollout' }
  | { name: 'log' }
  | { name: 'unknown' };

export const WALL_MAX = 25;
export const TOGETHER_MAX = 4;
const ID = /^[0-9a-f-]{36}$/;

/** deploy/nginx/yagura.conf.in serves the console at these paths and no others. */
export function pageAt(path: string, query: string): Page {
  const [, first, second, ...rest] = path.split('/');
  const asked = new URLSearchParams(query);
  if (rest.length > 0) return { name: 'unknown' };
  if (first === '' || (first === 'places' && second === undefined))
    return { name: 'places', floor: asked.get('floor') };
  if (first === 'cameras' && second !== undefined && ID.test(second)) {
    return { name: 'camera', id: second, at: instantIn(asked) };
  }
  if (first === 'wall' && second === undefined) return wallAt(asked);
  if (first === 'together' && second === undefined)
    return { name: 'together', cameras: camerasIn(asked, TOGETHER_MAX), at: instantIn(asked) };
  if (first === 'rollout' && second === undefined) return { name: 'rollout' };
  if (first === 'log' && second === undefined) return { name: 'log' };
  return { name: 'unknown' };
}

function wallAt(asked: URLSearchParams): Page {
  const floor = asked.get('floor');
  return { name: 'wall', floor, cameras: floor === null ? camerasIn(asked, WALL_MAX) : [] };
}

function camerasIn(asked: URLSearchParams, most: number): string[] {
  const cameras = (asked.get('cameras') ?? '').split(',');
  return [...new Set(cameras)].filter((id) => ID.test(id)).slice(0, most);
}

function instantIn(asked: URLSearchParams): Instant | null {
  const at = asked.get('at');
  return at === null ? null : parseRfc3339(at.replace(' ', '+'));
}

export function addressOf(page: Page): string {
  switch (page.name) {
    case 'camera':
      return `/cameras/${page.id}` + (page.at === null ? '' : `?at=${formatRfc3339(page.at)}`);
    case 'places':
      return page.floor === null ? '/' : `/places?floor=${page.floor}`;
    case 'wall':
      if (page.floor !== null) return `/wall?floor=${page.floor}`;
      return page.cameras.length === 0 ? '/wall' : `/wall?cameras=${page.cameras.join(',')}`;
    case 'together':
      return (
        `/together?cameras=${page.cameras.join(',')}` +
        (page.at === null ? '' : `&at=${formatRfc3339(page.at)}`)
      );
    case 'rollout':
    case 'log':
      return `/${page.name}`;
    case 'unknown':
      return '/';
  }
}

const GONE = 'yagura-gone';

/** Shows another page. `replacing`: the one before can't be gone back to. */
export function go(page: Page, replacing = false): void {
  if (replacing) history.replaceState(null, '', addressOf(page));
  else history.pushState(null, '', addressOf(page));
  dispatchEvent(new Event(GONE));
}

export function usePage(): Page {
  const read = (): Page => pageAt(location.pathname, location.search);
  const [page, setPage] = useState(read);
  useEffect(() => {
    const listener = (): void => setPage(read());
    addEventListener('popstate', listener);
    addEventListener(GONE, listener);
    listener(); // a page within may have gone elsewhere before this listened
    return () => {
      removeEventListener('popstate', listener);
      removeEventListener(GONE, listener);
    };
  }, []);
  return page;
}
