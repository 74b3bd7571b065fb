import type { JSX } from 'preact';
import type { CameraState } from '../api/cameras';
import { useWords } from '../words/words';

const MARKS: Record<CameraState, string> = {
  in_service: '●',
  staged: '◌',
  accepted: '◍',
  planned: '·',
  suspended: '‖',
  retired: '×',
};

/** A state as a shape and a colour; its word stands beside it. */
export function StateMark({ state }: { state: CameraState }): JSX.Element {
  return (
    <span class={`mark mark-${state}`} aria-hidden="true">
      {MARKS[state]}
    </span>
  );
}

export function StateWord({ state }: { state: CameraState | null }): JSX.Element {
  const { t } = useWords();
  if (state === null) return <span class="state">{t('state.none')}</span>;
  return (
    <span class="state">
      <StateMark state={state} />
      {t(`state.${state}`)}
    </span>
  );
}
