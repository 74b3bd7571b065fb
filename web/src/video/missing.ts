import type { Health } from '../api/cameras';
import { parseRfc3339 } from '../time/office_time';
import type { Instant } from '../time/office_time';
import type { GapReason } from '../timeline/stretches';

export interface Missing {
  /** Nothing: no picture was seen yet, and the recorder doesn't say that there is none. */
  since: Instant | null;
  /** Where the recorder tells one. */
  reason: GapReason | null;
}

/** Since when a camera shows nothing: by the recorder, else by the last picture seen here. */
export function missingOf(health: Health | null, frame_at: Instant | null): Missing {
  if (health?.condition !== 'missing') return { since: frame_at, reason: null };
  return { since: parseRfc3339(health.since ?? '') ?? frame_at, reason: health.reason };
}
