import type { Instant } from '../time/office_time';

/** What keys and buttons ask of the picture that is shown, live or past. */
export interface PictureControls {
  /** Plays or pauses. */
  toggle: () => void;
  /** Goes on, or back, by so many frames, paused. Live has none. */
  step: (frames: number) => void;
  /** Shows `at` if that is at hand. */
  seek: (at: Instant) => boolean;
  /** The wall time of the picture. */
  at: () => Instant | null;
}

export type ControlsRef = { current: PictureControls | null };
