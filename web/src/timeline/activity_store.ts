import { useEffect, useMemo, useState } from 'preact/hooks';
import { showActivity } from '../api/activity';
import { now } from '../time/clock';
import { HOUR_MS, MINUTE_MS } from '../time/office_time';
import type { Instant, Span } from '../time/office_time';
import { hoursOf, showsActivity } from './activity';
import type { ActivityHour, Level } from './activity';
import { NOT_CLOSED_YET_MS } from './stretches';

/** A view that passes by asks for nothing: each question is on record. */
const REST_MS = 300;
/** How often the hours shown are looked at again; after as long one is asked for again, while its footage still comes. */
const AGAIN_EACH_MS = MINUTE_MS;
const FAILED_EACH_MS = 10_000;
/** What is quiet is told by the minutes around, also by those after. */
const QUIET_REACH_MS = 5 * MINUTE_MS;
const HOURS_KEPT_MAX = 48;

type Ask = (hour: Span, signal: AbortSignal) => Promise<Level[]>;

/** Whether an answer of then still holds. */
export function holds(hour: Instant, asked: Instant, now_at: Instant): boolean {
  return asked >= hour + HOUR_MS + NOT_CLOSED_YET_MS + QUIET_REACH_MS || now_at < asked + AGAIN_EACH_MS;
}

/** One camera's activity as far as it was told, hour by hour; those told longest ago go first. */
export class ActivityStore {
  private readonly told = new Map<Instant, ActivityHour & { asked: Instant }>();

  constructor(
    private readonly ask: Ask,
    private readonly clock: () => Instant = now,
  ) {}

  /** The hour that begins then, asked for where it isn't known, or has grown. */
  async load(hour: Instant, signal: AbortSignal): Promise<ActivityHour> {
    const last = this.told.get(hour);
    const asked = this.clock();
    if (last && holds(hour, last.asked, asked)) return last;
    const fresh = { from: hour, levels: await this.ask({ from: hour, to: hour + HOUR_MS }, signal), asked };
    signal.throwIfAborted();
    this.told.delete(hour);
    this.told.set(hour, fresh);
    const [oldest] = this.told.keys();
    if (this.told.size > HOURS_KEPT_MAX && oldest !== undefined) this.told.delete(oldest);
    return fresh;
  }

  of(hours: Instant[]): ActivityHour[] {
    return hours.flatMap((hour) => this.told.get(hour) ?? []);
  }
}

/** Why there are no levels to be seen. */
export type ActivityLack = 'wide' | 'loading' | 'problem';

export interface Activity {
  hours: ActivityHour[];
  lack: ActivityLack | null;
  store: ActivityStore;
}

/** The activity of what is shown, where it is close enough; what was asked for is left when the view moves on. */
export function useActivity(camera_id: string, shown: Span, allowed: boolean): Activity {
  const store = useMemo(
    () => new ActivityStore((hour, signal) => showActivity(camera_id, hour, signal)),
    [camera_id],
  );
  const [failed, setFailed] = useState(false);
  const [told, setTold] = useState<ActivityHour[]>([]);
  const hours = allowed ? hoursOf(shown, now()) : [];

  useEffect(() => {
    const stop = new AbortController();
    let timer = 0;
    const load = async (): Promise<void> => {
      try {
        for (const hour of hours) {
          await store.load(hour, stop.signal);
          setTold(store.of(hours));
        }
        setFailed(false);
        timer = window.setTimeout(load, AGAIN_EACH_MS);
      } catch {
        if (stop.signal.aborted) return;
        setFailed(true);
        timer = window.setTimeout(load, FAILED_EACH_MS);
      }
    };
    setFailed(false);
    setTold(store.of(hours));
    timer = window.setTimeout(load, REST_MS);
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [store, hours.join()]);

  return { hours: told, lack: lackOf(shown, told, hours, failed), store };
}

function lackOf(shown: Span, told: ActivityHour[], hours: Instant[], failed: boolean): ActivityLack | null {
  if (!showsActivity(shown)) return 'wide';
  if (hours.every((hour) => told.some((one) => one.from === hour))) return null;
  return failed ? 'problem' : 'loading';
}
