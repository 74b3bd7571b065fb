import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { showCoverage } from '../api/cameras';
import { codeOf } from '../api/client';
import { IconButton } from '../frame/icon';
import { ProblemNote } from '../frame/notes';
import { now as clock } from '../time/clock';
import {
  DAY_MS,
  dayStartOf,
  formatDay,
  formatHours,
  formatMonth,
  officeClockOf,
  weekdayName,
} from '../time/office_time';
import type { Instant, Span } from '../time/office_time';
import { useWords } from '../words/words';
import type { Words } from '../words/words';
import { monthBeside, monthOf, standingOf, weeksOf } from './month';
import type { DayStanding } from './month';
import type { Stretch } from './stretches';

interface CalendarProps {
  camera_id: string;
  /** Which day the timeline shows. */
  shown: Instant;
  onPick: (day: Instant) => void;
  onClose: () => void;
}

interface Told {
  month: Span;
  stretches: Stretch[] | null;
  problem: string | null;
}

const WEEK = [0, 1, 2, 3, 4, 5, 6];

/** A month of a camera, a day a cell, with how much of it is recorded; one is picked. */
export function Calendar({ camera_id, shown, onPick, onClose }: CalendarProps): JSX.Element {
  const words = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const [month, setMonth] = useState(() => monthOf(shown));
  const told = useMonth(camera_id, month);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="calendar" aria-labelledby="calendar-title" onClose={onClose}>
      <header>
        <IconButton
          icon="earlier"
          label={words.t('calendar.month_before')}
          onClick={() => setMonth(monthBeside(month, -1))}
        />
        <h2 id="calendar-title" aria-live="polite">
          {formatMonth(month.from, words.language)}
        </h2>
        <IconButton
          icon="later"
          label={words.t('calendar.month_after')}
          disabled={month.to > clock()}
          onClick={() => setMonth(monthBeside(month, 1))}
        />
      </header>
      {told.problem !== null && <ProblemNote code={told.problem} />}
      <table aria-busy={told.stretches === null && told.problem === null}>
        <thead>
          <tr>
            {WEEK.map((weekday) => (
              <th key={weekday} scope="col">
                {weekdayName(weekday, words.language)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((week, number) => (
            <tr key={number}>
              {week.map((day, weekday) => (
                <td key={weekday}>
                  {day !== null && (
                    <Day
                      day={day}
                      is_shown={day === dayStartOf(shown)}
                      standing={told.stretches && standingOf(told.stretches, day)}
                      onPick={() => {
                        onPick(day);
                        dialog.current?.close();
                      }}
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <button type="button" onClick={() => dialog.current?.close()}>
        {words.t('app.close')}
      </button>
    </dialog>
  );
}

/** What is recorded of the camera in a month, as far as it has passed; of the month asked for last alone. */
function useMonth(camera_id: string, month: Span): Told {
  const [told, setTold] = useState<Told>({ month, stretches: null, problem: null });
  useEffect(() => {
    const stop = new AbortController();
    showCoverage(camera_id, month, stop.signal).then(
      (stretches) => setTold({ month, stretches, problem: null }),
      (error: unknown) => {
        if (!stop.signal.aborted) setTold({ month, stretches: null, problem: codeOf(error) });
      },
    );
    return () => stop.abort();
  }, [camera_id, month.from]);
  return told.month.from === month.from ? told : { month, stretches: null, problem: null };
}

interface DayProps {
  day: Instant;
  is_shown: boolean;
  /** Nothing: not told yet. */
  standing: DayStanding | null;
  onPick: () => void;
}

function Day({ day, is_shown, standing, onPick }: DayProps): JSX.Element {
  const words = useWords();
  const what = standing === null ? '' : describe(standing, words);
  const passed_ms = Math.min(DAY_MS, Math.max(0, clock() - day));
  const share = (span_ms: number): string => `${passed_ms > 0 ? (100 * span_ms) / passed_ms : 0}%`;
  return (
    <button
      type="button"
      class="calendar-day"
      title={what}
      aria-current={is_shown ? 'date' : undefined}
      disabled={day > clock()}
      onClick={onPick}
    >
      <span aria-hidden="true">{officeClockOf(day).day}</span>
      <span class="only-read">{`${formatDay(day, words.language)} ${what}`}</span>
      <span class="calendar-bar" aria-hidden="true">
        {standing !== null && standing.recorded_ms > 0 && (
          <span class="calendar-recorded" style={{ width: share(standing.recorded_ms) }} />
        )}
        {standing !== null && standing.gap_ms > 0 && (
          <span class="calendar-gap" style={{ width: share(standing.gap_ms) }} />
        )}
      </span>
    </button>
  );
}

/** "recorded 23 h 50 min, missing 10 min"; "no footage". */
function describe({ recorded_ms, gap_ms }: DayStanding, { t, language }: Words): string {
  const parts = [
    ...(recorded_ms > 0 ? [t('calendar.recorded', { time: formatHours(recorded_ms, language) })] : []),
    ...(gap_ms > 0 ? [t('calendar.missing', { time: formatHours(gap_ms, language) })] : []),
  ];
  return parts.length > 0 ? parts.join(t('calendar.comma')) : t('timeline.no_footage');
}
