import { getItems } from './client';
import type { CameraCounts } from './places';
import type { CameraState } from './cameras';

/** A dated step of the rollout; GET /v1/phases. */
export interface Phase {
  id: string;
  code: string;
  name: string;
  starts_at: string;
  cameras: CameraCounts;
  /** Cameras that keep it from going in service. */
  missing: { id: string; code: string; state: CameraState }[];
}

export function listPhases(): Promise<Phase[]> {
  return getItems<Phase>('/v1/phases');
}
