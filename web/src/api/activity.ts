import { formatForApi } from '../time/office_time';
import type { Span } from '../time/office_time';
import type { Level } from '../timeline/activity';
import { Problem, getJson } from './client';

/** How much moved in each second of `span`, an hour at most; none where nothing is recorded that one may see. Who asks is on record. */
export async function showActivity(camera: string, span: Span, signal: AbortSignal): Promise<Level[]> {
  const query = { from: formatForApi(span.from), to: formatForApi(span.to) };
  const path = `/v1/cameras/${encodeURIComponent(camera)}/activity`;
  try {
    return (await getJson<{ seconds: Level[] }>(path, query, signal)).seconds;
  } catch (error) {
    if (error instanceof Problem && error.code === 'no_footage') return [];
    throw error;
  }
}
