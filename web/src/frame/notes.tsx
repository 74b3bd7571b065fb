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

interface NotePageProps {
  title: string;
  /** A code of the API's; nothing: still being asked for. */
  problem: string | null;
  onRetry: () => void;
}

/** A page of which there is nothing to show yet, or nothing at all. */
export function NotePage({ title, problem, onRetry }: NotePageProps): JSX.Element {
  return (
    <main id="content" class="page">
      <h1>{title}</h1>
      {problem === null ? <LoadingNote /> : <ProblemNote code={problem} onRetry={onRetry} />}
    </main>
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
