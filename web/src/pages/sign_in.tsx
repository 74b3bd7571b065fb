import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { Problem, codeOf } from '../api/client';
import { startSession } from '../api/session';
import type { Preferences } from '../frame/preferences';
import { Switches } from '../frame/switches';
import { describeProblem } from '../words/problem_words';
import { useWords } from '../words/words';
import type { Translate } from '../words/words';

/** Why nobody is signed in. */
export type SignInReason = 'first' | 'ended' | 'signed_out';

interface SignInProps {
  reason: SignInReason;
  preferences: Preferences;
  prefer: (preferences: Preferences) => void;
  onSignedIn: () => Promise<void>;
}

/** What to say about a refused attempt; nothing where a code is all that is missing. */
function describeRefusal(error: unknown, with_code: boolean, t: Translate): string | null {
  const status = error instanceof Problem ? error.status : 0;
  const code = codeOf(error);
  if (code === 'otp_required' && !with_code) return null;
  if (status === 401) return t(with_code ? 'signIn.wrong_otp' : 'signIn.wrong');
  if (status === 429) return t('signIn.too_many');
  return describeProblem(code, t);
}

export function SignIn(props: SignInProps): JSX.Element {
  const { t } = useWords();
  return (
    <main class="sign-in">
      <h1>{t('app.name')}</h1>
      {props.reason === 'ended' && (
        <p class="note" role="status">
          {t('signIn.ended')}
        </p>
      )}
      {props.reason === 'signed_out' && (
        <p class="note" role="status">
          {t('signIn.signed_out')}
        </p>
      )}
      <SignInForm onSignedIn={props.onSignedIn} />
      <div class="sign-in-switches">
        <Switches preferences={props.preferences} prefer={props.prefer} />
      </div>
    </main>
  );
}

function SignInForm(props: { onSignedIn: () => Promise<void> }): JSX.Element {
  const { t } = useWords();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [otp, setOtp] = useState('');
  const [needs_otp, setNeedsOtp] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const onSubmit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setRefusal(null);
    try {
      await startSession(username, password, needs_otp ? otp : null);
      await props.onSignedIn();
    } catch (error) {
      if (codeOf(error) === 'otp_required') setNeedsOtp(true);
      setRefusal(describeRefusal(error, needs_otp, t));
      setOtp('');
      setBusy(false);
    }
  };

  return (
    <form class="sign-in-form" aria-label={t('signIn.title')} onSubmit={(event) => void onSubmit(event)}>
      <Field
        name="username"
        label={t('signIn.username')}
        value={username}
        onValue={setUsername}
        complete="username"
        focused
      />
      <Field
        name="password"
        label={t('signIn.password')}
        value={password}
        onValue={setPassword}
        complete="current-password"
        secret
      />
      {needs_otp && (
        <>
          <Field
            name="otp"
            label={t('signIn.otp')}
            value={otp}
            onValue={setOtp}
            complete="one-time-code"
            focused
          />
          <p class="quiet-text">{t('signIn.otp_hint')}</p>
        </>
      )}
      {refusal !== null && (
        <p class="note note-problem" role="alert">
          {refusal}
        </p>
      )}
      <button type="submit" class="primary" disabled={busy}>
        {t('signIn.submit')}
      </button>
    </form>
  );
}

interface FieldProps {
  name: string;
  label: string;
  value: string;
  onValue: (value: string) => void;
  complete: string;
  secret?: boolean;
  focused?: boolean;
}

function Field(props: FieldProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (props.focused) input.current?.focus();
  }, []);
  return (
    <label class="field">
      <span>{props.label}</span>
      <input
        ref={input}
        name={props.name}
        type={(props.secret ? 'password' : 'text') as 'text'}
        inputMode={props.name === 'otp' ? 'numeric' : undefined}
        autoComplete={props.complete}
        autoCapitalize="none"
        spellcheck={false}
        required
        value={props.value}
        onInput={(event) => props.onValue(event.currentTarget.value)}
      />
    </label>
  );
}
