import type { ComponentChildren, JSX } from 'preact';
import { describeProblem } from '../words/problem_words';
import { useWords } from '../words/words';

/** What happened and what to do, with a way to try again where that may help. */
export function ProblemNote(props: { code: string; onRetry?: () => void }): JSX.Element {
  const { t } = useWords();
  return (
    <div class="note note-problem" role="alert">
      <p>{describeProblem(props.code, t)}</p>
      {props.onRetry && (
        <button type="button" onClick={props.onRetry}>
          {t('app.retry')}
        </button>
      )}
    </div>
  );
}

/** Instead of an empty list: what it would show, and what to do. */
export function EmptyNote(props: { children: ComponentChildren }): JSX.Element {
  return <p class="note note-empty">{props.children}</p>;
}

export function LoadingNote(): JSX.Element {
  const { t } = useWords();
  return (
    <p class="note note-loading" role="status">
      {t('app.loading')}
    </p>
  );
}
