import { useEffect, useState } from 'preact/hooks';
import type { Instant } from './office_time';

// An office PC's clock may be off; the server's, in the Date of its answers, tells by how much. It has whole seconds: less than two
// are not told apart from the way here.
const TOLD_MS = 2000;
let ahead_ms = 0;

/** Takes the Date header of an answer that has just come. */
export function noteServerDate(header: string | null): void {
  const server = header === null ? NaN : Date.parse(header);
  if (Number.isNaN(server)) return;
  const difference_ms = server + 500 - Date.now();
  ahead_ms = Math.abs(difference_ms) < TOLD_MS ? 0 : difference_ms;
}

/** The server's time, as well as it is known here. */
export function now(): Instant {
  return Date.now() + ahead_ms;
}

/** The time, told again each `every_ms`. */
export function useNow(every_ms = 1000): Instant {
  const [time, setTime] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setTime(now()), every_ms);
    return () => clearInterval(timer);
  }, [every_ms]);
  return time;
}
