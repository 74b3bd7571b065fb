import { formatForApi, parseRfc3339 } from '../time/office_time';
import type { Instant } from '../time/office_time';
import { request, withQuery } from './client';

/** A small picture and the instant that it is of. */
export interface Thumbnail {
  jpeg: Blob;
  at: Instant;
}

/** The keyframe at or before `at`. Whoever asks is on record as having seen it. */
export async function fetchThumbnail(camera: string, at: Instant, signal: AbortSignal): Promise<Thumbnail> {
  const path = `/v1/cameras/${encodeURIComponent(camera)}/thumbnail.jpg`;
  const reply = await request(withQuery(path, { at: formatForApi(at) }), { signal });
  const told = parseRfc3339(reply.headers.get('X-Yagura-Instant') ?? '');
  return { jpeg: await reply.blob(), at: told ?? at };
}
