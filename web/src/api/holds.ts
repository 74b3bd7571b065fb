import { formatForApi } from '../time/office_time';
import type { Instant, Span } from '../time/office_time';
import { getItems, postJson } from './client';

/** A range of a camera that is kept from deletion; GET /v1/holds. */
export interface Hold {
  id: string;
  from: string;
  to: string;
  reason: string;
  review_at: string;
  placed_at: string;
  person_id: string;
  person_name: string;
  /** What of the range was deleted before. */
  gone: { from: string; to: string }[];
  release: { at: string; person_name: string; reason: string } | null;
}

/** A camera's holds that one may know of, released ones too. */
export function listHolds(camera: string, signal?: AbortSignal): Promise<Hold[]> {
  return getItems<Hold>('/v1/holds', { camera, limit: 1000 }, signal);
}

export function placeHold(camera: string, span: Span, reason: string, review_at: Instant): Promise<Hold> {
  return postJson<Hold>('/v1/holds', {
    camera_id: camera,
    from: formatForApi(span.from),
    to: formatForApi(span.to),
    reason,
    review_at: formatForApi(review_at),
  });
}

export function releaseHold(id: string, reason: string): Promise<Hold> {
  return postJson<Hold>(`/v1/holds/${id}/release`, { reason });
}
