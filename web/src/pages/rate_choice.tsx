import type { JSX } from 'preact';
import { RATES } from '../video/rates';
import { useWords } from '../words/words';

/** How fast the past is played. */
export function RateChoice(props: { rate: number; onRate: (rate: number) => void }): JSX.Element {
  const { t } = useWords();
  return (
    <select
      aria-label={t('camera.rate')}
      value={props.rate}
      onChange={(event) => props.onRate(Number(event.currentTarget.value))}
    >
      {RATES.map((rate) => (
        <option key={rate} value={rate}>
          {rate}×
        </option>
      ))}
    </select>
  );
}
