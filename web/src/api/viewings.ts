import { getItems } from './client';
import { formatForApi } from '../time/office_time';
import type { Span } from '../time/office_time';
import type { PostName } from './session';

/** Somebody looked at a camera's footage; GET /v1/viewings. */
export interface Viewing {
  id: string;
  opened_at: string;
  person_id: string;
  person_name: string | null;
  post: PostName | null;
  department_id: string | null;
  camera_id: string;
  camera_code: string | null;
  from: string;
  to: string;
  action: string;
  purpose: string | null;
  delivered: { from: string; to: string }[];
  bytes: number;
}

export function listViewings(span: Span, camera: string | null, signal?: AbortSignal): Promise<Viewing[]> {
  const query = { camera, from: formatForApi(span.from), to: formatForApi(span.to), limit: 1000 };
  return getItems<Viewing>('/v1/viewings', query, signal);
}
