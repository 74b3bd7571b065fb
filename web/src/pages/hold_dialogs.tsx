import { useEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChildren, JSX } from 'preact';
import { codeOf } from '../api/client';
import { placeHold, releaseHold } from '../api/holds';
import type { Hold } from '../api/holds';
import { may, useWho } from '../frame/session';
import {
  DAY_MS,
  clocksOf,
  dayStartOf,
  formatDateValue,
  formatDay,
  formatInstant,
  parseDateValue,
  parseRfc3339,
} from '../time/office_time';
import type { Instant, Span } from '../time/office_time';
import { spanOfHold } from '../timeline/holds';
import { describeProblem } from '../words/problem_words';
import { useWords } from '../words/words';
import type { WordKey } from '../words/words';

const REVIEW_AFTER_DAYS = 90;
const REVIEW_MOST_DAYS = 365;
const REASON_BYTES_MAX = 1000;

export function fitsReason(reason: string): boolean {
  return reason.trim() !== '' && new TextEncoder().encode(reason).length <= REASON_BYTES_MAX;
}

interface HoldFormProps {
  title: WordKey;
  submit: WordKey;
  /** What `invalid_argument` and its like mean here. */
  problems: Record<string, WordKey>;
  send: (reason: string) => Promise<void>;
  onClose: () => void;
  /** Stands before the reason. */
  children: ComponentChildren;
  /** Asked for after the reason. */
  more?: ComponentChildren;
}

/** Asks for a reason, and sends it once. */
function HoldForm(props: HoldFormProps): JSX.Element {
  const { t } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState('');
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const onSubmit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (sending) return;
    if (!fitsReason(reason)) return setProblem(t('hold.reason_wrong'));
    setSending(true);
    try {
      await props.send(reason);
      dialog.current?.close();
    } catch (error) {
      const known = props.problems[codeOf(error)];
      setProblem(known ? t(known) : describeProblem(codeOf(error), t));
    }
    setSending(false);
  };
  return (
    <dialog ref={dialog} class="hold-dialog" aria-labelledby="hold-title" onClose={props.onClose}>
      <form onSubmit={(event) => void onSubmit(event)} noValidate>
        <h2 id="hold-title">{t(props.title)}</h2>
        {props.children}
        <label>
          {t('hold.reason')}
          <textarea
            rows={3}
            value={reason}
            aria-invalid={problem !== null}
            aria-describedby="hold-problem"
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </label>
        {props.more}
        <p id="hold-problem" class="hold-problem" role="alert">
          {problem}
        </p>
        <div class="hold-buttons">
          <button type="submit" class="primary" disabled={sending}>
            {t(props.submit)}
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            {t('app.close')}
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** Keeps a range: why, and when somebody looks whether that is still needed. */
export function PlaceHoldDialog(props: {
  camera: { id: string; code: string };
  span: Span;
  now: Instant;
  onPlaced: (hold: Hold) => void;
  onClose: () => void;
}): JSX.Element {
  const { t, language } = useWords();
  const today = dayStartOf(props.now);
  const [review, setReview] = useState(formatDateValue(today + REVIEW_AFTER_DAYS * DAY_MS));
  const send = async (reason: string): Promise<void> => {
    const review_at = parseDateValue(review) ?? 0;
    props.onPlaced(await placeHold(props.camera.id, props.span, reason, review_at));
  };
  return (
    <HoldForm
      title="hold.place"
      submit="hold.submit"
      problems={{ invalid_argument: 'hold.place_wrong', not_found: 'hold.not_yours' }}
      send={send}
      onClose={props.onClose}
      more={
        <label>
          {t('hold.review_at')}
          <input
            type="date"
            value={review}
            min={formatDateValue(today + DAY_MS)}
            max={formatDateValue(today + REVIEW_MOST_DAYS * DAY_MS)}
            onChange={(event) => setReview(event.currentTarget.value)}
          />
        </label>
      }
    >
      <p>
        <strong>{props.camera.code}</strong> {formatDay(props.span.from, language)}{' '}
        {t('time.span', clocksOf(props.span))}
      </p>
      <p class="quiet-text">{t('hold.hint')}</p>
    </HoldForm>
  );
}

/** What a hold says. */
function HoldFacts({ hold }: { hold: Hold }): JSX.Element {
  const { t, language } = useWords();
  const span = spanOfHold(hold);
  const facts: [WordKey, string][] = [
    ['hold.range', `${formatDay(span.from, language)} ${t('time.span', clocksOf(span))}`],
    ['hold.why', hold.reason],
    ['hold.person', hold.person_name],
    ['hold.placed_at', formatInstant(parseRfc3339(hold.placed_at) ?? 0, language)],
    ['hold.review_at', formatDay(parseRfc3339(hold.review_at) ?? 0, language)],
  ];
  return (
    <dl>
      {facts.map(([word, fact]) => (
        <div key={word}>
          <dt>{t(word)}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
      {hold.gone.length > 0 && (
        <div>
          <dt>{t('hold.gone')}</dt>
          <dd>
            {hold.gone.map((one) => t('time.span', clocksOf(spanOfHold({ ...hold, ...one })))).join(', ')}
          </dd>
        </div>
      )}
    </dl>
  );
}

/** One hold; who may lets it go from here, but never who placed it. */
export function HoldDialog(props: { hold: Hold; onReleased: () => void; onClose: () => void }): JSX.Element {
  const { t } = useWords();
  const who = useWho();
  const own = props.hold.person_id === who.person_id;
  if (may(who, 'hold.release') && !own) {
    const send = async (reason: string): Promise<void> => {
      await releaseHold(props.hold.id, reason);
      props.onReleased();
    };
    return (
      <HoldForm
        title="hold.one"
        submit="hold.release"
        problems={{ failed_precondition: 'hold.release_refused', not_found: 'hold.not_yours' }}
        send={send}
        onClose={props.onClose}
      >
        <HoldFacts hold={props.hold} />
        <p class="quiet-text">{t('hold.release_hint')}</p>
      </HoldForm>
    );
  }
  return <HoldNote hold={props.hold} word={own ? 'hold.own' : 'hold.others'} onClose={props.onClose} />;
}

function HoldNote(props: { hold: Hold; word: WordKey; onClose: () => void }): JSX.Element {
  const { t } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="hold-dialog" aria-labelledby="hold-title" onClose={props.onClose}>
      <h2 id="hold-title">{t('hold.one')}</h2>
      <HoldFacts hold={props.hold} />
      <p class="quiet-text">{t(props.word)}</p>
      <button type="button" onClick={() => dialog.current?.close()}>
        {t('app.close')}
      </button>
    </dialog>
  );
}
