/** The picture so far behind what has come, for so long, is more than a hiccup. */
const LATE_S = 3;
const LATE_FOR_MS = 2000;
/** So long keyframes alone are decoded before all are tried again; twice as long each time that this fails soon. */
const SPARSE_MS = 15_000;
const SPARSE_MS_MAX = 240_000;

/**
 * Whether a machine that decodes slower than frames come should be given keyframes alone. Keyframes tell what is going on; a picture that
 * falls behind without a word tells what went on.
 */
export class Pace {
  private late_since: number | null = null;
  private sparse_until: number | null = null;
  private sparse_for_ms = SPARSE_MS;

  get sparse(): boolean {
    return this.sparse_until !== null;
  }

  /** The picture is `late_s` behind at `at_ms`. Gives whether `sparse` has changed by that. */
  note(late_s: number, at_ms: number): boolean {
    if (this.sparse_until !== null) return this.recover(at_ms, this.sparse_until);
    if (late_s < LATE_S) {
      this.late_since = null;
      return false;
    }
    this.late_since ??= at_ms;
    if (at_ms - this.late_since < LATE_FOR_MS) return false;
    this.sparse_until = at_ms + this.sparse_for_ms;
    this.sparse_for_ms = Math.min(2 * this.sparse_for_ms, SPARSE_MS_MAX);
    return true;
  }

  private recover(at_ms: number, until_ms: number): boolean {
    if (at_ms < until_ms) return false;
    this.sparse_until = null;
    this.late_since = null;
    return true;
  }
}
