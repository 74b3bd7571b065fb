import type { JSX } from 'preact';
import { now as serverNow } from '../time/clock';
import { formatDateValue, parseDateValue } from '../time/office_time';
import type { Instant } from '../time/office_time';
import { useWords } from '../words/words';
import type { WordKey } from '../words/words';
import { lastDays, lastWeek } from './log_filter';
import type { LogFilter } from './log_filter';

interface LogFiltersProps {
  filter: LogFilter;
  onFilter: (filter: LogFilter) => void;
}

export function LogFilters({ filter, onFilter }: LogFiltersProps): JSX.Element {
  const { t } = useWords();
  const now = serverNow();
  const days: [WordKey, ReturnType<typeof lastDays>][] = [
    ['viewings.today', lastDays(now, 1)],
    ['viewings.last_week', lastWeek(now)],
    ['viewings.last_30', lastDays(now, 30)],
  ];
  return (
    <div class="filters" role="search">
      <div class="filters-days">
        {days.map(([word, chosen]) => (
          <button
            key={word}
            type="button"
            aria-pressed={filter.first_day === chosen.first_day && filter.last_day === chosen.last_day}
            onClick={() => onFilter({ ...filter, ...chosen })}
          >
            {t(word)}
          </button>
        ))}
      </div>
      <DayField
        label={t('viewings.from')}
        day={filter.first_day}
        onDay={(first_day) => onFilter({ ...filter, first_day })}
      />
      <DayField
        label={t('viewings.to')}
        day={filter.last_day}
        onDay={(last_day) => onFilter({ ...filter, last_day })}
      />
      <TextField
        label={t('viewings.filter_person')}
        text={filter.person}
        onText={(person) => onFilter({ ...filter, person })}
      />
      <TextField
        label={t('viewings.filter_camera')}
        text={filter.camera}
        onText={(camera) => onFilter({ ...filter, camera })}
      />
      <label class="field">
        <span>{t('viewings.filter_hours')}</span>
        <select
          value={filter.outside_hours ? 'outside' : 'all'}
          onChange={(event) =>
            onFilter({ ...filter, outside_hours: event.currentTarget.value === 'outside' })
          }
        >
          <option value="all">{t('viewings.hours_all')}</option>
          <option value="outside">{t('viewings.hours_outside')}</option>
        </select>
      </label>
    </div>
  );
}

function DayField({
  label,
  day,
  onDay,
}: {
  label: string;
  day: Instant;
  onDay: (day: Instant) => void;
}): JSX.Element {
  const onChange = (value: string): void => {
    const chosen = parseDateValue(value);
    if (chosen !== null) onDay(chosen);
  };
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="date"
        value={formatDateValue(day)}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}

function TextField({
  label,
  text,
  onText,
}: {
  label: string;
  text: string;
  onText: (text: string) => void;
}): JSX.Element {
  return (
    <label class="field">
      <span>{label}</span>
      <input type="search" value={text} onInput={(event) => onText(event.currentTarget.value)} />
    </label>
  );
}
