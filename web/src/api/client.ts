import { noteServerDate } from '../time/clock';

/** What the API answered instead of what was asked for (RFC 9457), or that it couldn't be asked. */
export class Problem extends Error {
  constructor(
    /** 0: no answer came. */
    readonly status: number,
    readonly code: string,
    /** For whoever is called about it. */
    readonly request_id: string | null = null,
  ) {
    super(`${status} ${code}`);
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Problem ? error.code : 'internal';
}

type Query = Record<string, string | number | null | undefined>;

export function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter(
    ([, value]) => value !== null && value !== undefined && value !== '',
  );
  // Not URLSearchParams: it writes a space as "+", which the API takes for a plus.
  const text = given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&');
  return text === '' ? path : `${path}?${text}`;
}

let onSignedOut: () => void = () => {};

/** Calls `listener` whenever an answer says that there is no session any more. */
export function listenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

/** `reply`, or the Problem that it is. */
export async function refuseProblem(reply: Response): Promise<Response> {
  noteServerDate(reply.headers.get('Date'));
  if (reply.ok) return reply;
  const body: unknown = await reply.json().catch(() => null);
  const said = body !== null && typeof body === 'object' && 'code' in body ? body.code : null;
  const code = typeof said === 'string' ? said : 'internal';
  if (code === 'unauthenticated') onSignedOut();
  throw new Problem(reply.status, code, reply.headers.get('X-Request-Id'));
}

export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  let reply: Response;
  try {
    reply = await fetch(path, { credentials: 'same-origin', ...init });
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new Problem(0, 'unreachable');
  }
  return refuseProblem(reply);
}

export async function getJson<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  const reply = await request(withQuery(path, query), signal ? { signal } : {});
  return (await reply.json()) as T;
}

export async function postJson<T>(path: string, body: object): Promise<T> {
  const headers = { 'Content-Type': 'application/json' };
  const reply = await request(path, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await reply.json()) as T;
}

interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

/** Every item of a list, page by page, up to `items_max`. */
export async function getItems<T>(
  path: string,
  query: Query = {},
  signal?: AbortSignal,
  items_max = 5000,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await getJson<Page<T>>(path, { ...query, cursor }, signal);
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null && items.length < items_max);
  return items;
}
