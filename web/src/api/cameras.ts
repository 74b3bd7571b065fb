import { getItems, getJson } from './client';
import { formatForApi, parseRfc3339 } from '../time/office_time';
import type { Span } from '../time/office_time';
import type { GapReason, Stretch } from '../timeline/stretches';

export type CameraState = 'planned' | 'staged' | 'accepted' | 'in_service' | 'suspended' | 'retired';

export const CAMERA_STATES: CameraState[] = [
  'planned',
  'staged',
  'accepted',
  'in_service',
  'suspended',
  'retired',
];

/** What is wrong with pictures that come as they should. */
export interface PictureFault {
  fault: 'black' | 'frozen';
  since: string;
}

/** How recording stands now, as the recorder last said it. */
export interface Health {
  condition: 'recording' | 'missing' | 'unknown';
  /** RFC 3339. */
  since: string | null;
  reason: GapReason | null;
  picture: PictureFault | null;
}

export interface Camera {
  id: string;
  code: string;
  name: string;
  floor_id: string | null;
  department_id: string | null;
  phase?: string | null;
  state: CameraState | null;
  /** Nothing: it is not to be recorded, or one may not know. */
  health: Health | null;
  /** Its smaller stream; nothing: it has none, or one may not know. */
  sub_stream?: { recorded: boolean } | null;
}

/** What a camera sends: the one that is recorded, and a smaller one for those who watch many cameras at once. */
export type Stream = 'main' | 'sub';

export interface CameraFilter {
  floor?: string;
  state?: CameraState;
  phase?: string;
  q?: string;
}

export function listCameras(filter: CameraFilter = {}, signal?: AbortSignal): Promise<Camera[]> {
  return getItems<Camera>('/v1/cameras', { ...filter, limit: 1000 }, signal);
}

export function showCamera(id: string): Promise<Camera> {
  return getJson<Camera>(`/v1/cameras/${id}`);
}

interface CoverageItem {
  kind: Stretch['kind'];
  start: string;
  end: string;
  reason?: GapReason;
  copies?: number;
}

/** What became of a camera's time in `span`, without holes, in order. */
export async function showCoverage(id: string, span: Span, signal?: AbortSignal): Promise<Stretch[]> {
  const query = { from: formatForApi(span.from), to: formatForApi(span.to) };
  const items = await getItems<CoverageItem>(`/v1/cameras/${id}/coverage`, query, signal);
  return items.map((item) => ({
    kind: item.kind,
    from: parseRfc3339(item.start) ?? span.from,
    to: parseRfc3339(item.end) ?? span.to,
    ...(item.reason ? { reason: item.reason } : {}),
    ...(item.copies ? { copies: item.copies } : {}),
  }));
}

/** As the camera sends it; or made H.264, where it is something else. */
export type Coding = 'as_sent' | 'h264';

export function liveAddress(id: string, stream: Stream, coding: Coding): string {
  const asked = [...(stream === 'sub' ? ['stream=sub'] : []), ...(coding === 'h264' ? ['codec=h264'] : [])];
  return `/v1/cameras/${id}/live.mp4${asked.length > 0 ? `?${asked.join('&')}` : ''}`;
}

/** One file of what was shown in `span`, two hours at most. */
export function videoAddress(id: string, span: Span): string {
  const from = encodeURIComponent(formatForApi(span.from));
  const to = encodeURIComponent(formatForApi(span.to));
  return `/v1/cameras/${id}/video.mp4?from=${from}&to=${to}`;
}

export function playlistAddress(id: string, span: Span, coding: Coding): string {
  const from = encodeURIComponent(formatForApi(span.from));
  const to = encodeURIComponent(formatForApi(span.to));
  const codec = coding === 'h264' ? '&codec=h264' : '';
  return `/v1/cameras/${id}/playback.m3u8?from=${from}&to=${to}${codec}`;
}
