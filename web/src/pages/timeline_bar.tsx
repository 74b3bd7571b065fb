import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { DAY_MS, dayStartOf, formatDateValue, parseDateValue } from '../time/office_time';
import type { Instant, Span } from '../time/office_time';
import { Calendar } from '../timeline/calendar';
import { hourAround, zoomed } from '../timeline/scale';
import { IconButton } from '../frame/icon';
import { useWords } from '../words/words';

interface TimelineBarProps {
  shown: Span;
  now: Instant;
  /** What the picture shows. */
  at: Instant;
  with_activity: boolean;
  /** Whose calendar there is. */
  calendar_of?: string;
  onShow: (shown: Span) => void;
}

const ZOOM = 2;

export function wholeDay(at: Instant): Span {
  const from = dayStartOf(at);
  return { from, to: from + DAY_MS };
}

/** Which part of time the timeline shows, and what its patterns mean. */
export function TimelineBar({
  shown,
  now,
  at,
  with_activity,
  calendar_of,
  onShow,
}: TimelineBarProps): JSX.Element {
  const { t } = useWords();
  const [picking, setPicking] = useState(false);
  const middle = (shown.from + shown.to) / 2;
  const today = dayStartOf(now);
  const about = shown.from <= at && at < shown.to ? at : middle;
  const zoom = (factor: number): void => onShow(zoomed(shown, middle, factor));
  return (
    <div class="timeline-bar">
      <IconButton
        icon="earlier"
        label={t('timeline.previous_day')}
        onClick={() => onShow(wholeDay(middle - DAY_MS))}
      />
      <input
        type="date"
        aria-label={t('timeline.day')}
        value={formatDateValue(middle)}
        max={formatDateValue(now)}
        onChange={(event) => {
          const day = parseDateValue(event.currentTarget.value);
          if (day !== null) onShow(wholeDay(day));
        }}
      />
      <IconButton
        icon="later"
        label={t('timeline.next_day')}
        disabled={dayStartOf(middle) >= today}
        onClick={() => onShow(wholeDay(middle + DAY_MS))}
      />
      {calendar_of !== undefined && (
        <IconButton
          icon="calendar"
          class="calendar-open"
          label={t('calendar.open')}
          onClick={() => setPicking(true)}
        />
      )}
      {picking && calendar_of !== undefined && (
        <Calendar
          camera_id={calendar_of}
          shown={middle}
          onPick={(day) => onShow(wholeDay(day))}
          onClose={() => setPicking(false)}
        />
      )}
      <button type="button" onClick={() => onShow(wholeDay(middle))}>
        {t('timeline.whole_day')}
      </button>
      <button type="button" onClick={() => onShow(hourAround(about, now))}>
        {t('timeline.one_hour')}
      </button>
      <IconButton icon="wider" label={t('timeline.zoom_out')} onClick={() => zoom(ZOOM)} />
      <IconButton icon="closer" label={t('timeline.zoom_in')} onClick={() => zoom(1 / ZOOM)} />
      <ul class="legend">
        <li>
          <span class="legend-mark legend-recorded" aria-hidden="true" />
          {t('timeline.legend_recorded')}
        </li>
        <li>
          <span class="legend-mark legend-gap" aria-hidden="true" />
          {t('timeline.legend_gap')}
        </li>
        <li>
          <span class="legend-mark legend-none" aria-hidden="true" />
          {t('timeline.legend_none')}
        </li>
        {with_activity && (
          <li>
            <span class="legend-mark legend-activity" aria-hidden="true" />
            {t('timeline.legend_activity')}
          </li>
        )}
      </ul>
    </div>
  );
}
