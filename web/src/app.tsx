import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { Problem, codeOf, listenSignedOut } from './api/client';
import { endSession, showSession } from './api/session';
import type { WhoAmI } from './api/session';
import { usePage } from './frame/address';
import { Header } from './frame/header';
import { LoadingNote, ProblemNote } from './frame/notes';
import { keepPreferences, readPreferences } from './frame/preferences';
import type { Preferences } from './frame/preferences';
import { WhoContext } from './frame/session';
import { PageOf } from './pages/pages';
import { SignIn } from './pages/sign_in';
import type { SignInReason } from './pages/sign_in';
import { forgetStreams } from './video/kept_streams';
import { WordsContext, wordsOf } from './words/words';

/** Before it is known who it is; nobody; or somebody. */
type Session =
  | { kind: 'asking' }
  | { kind: 'unknown'; problem: string }
  | { kind: 'nobody'; reason: SignInReason }
  | { kind: 'signed_in'; who: WhoAmI };

export function App(): JSX.Element {
  const [session, setSession] = useState<Session>({ kind: 'asking' });
  const person = session.kind === 'signed_in' ? session.who.person_id : null;
  const [preferences, prefer] = usePreferences(person);
  const words = useMemo(() => wordsOf(preferences.language), [preferences.language]);

  const ask = useCallback(async () => {
    try {
      setSession({ kind: 'signed_in', who: await showSession() });
    } catch (error) {
      const nobody = error instanceof Problem && error.status === 401;
      setSession(nobody ? { kind: 'nobody', reason: 'first' } : { kind: 'unknown', problem: codeOf(error) });
    }
  }, []);
  const signOut = useCallback(async () => {
    await endSession().catch(() => {}); // it may have ended already
    setSession({ kind: 'nobody', reason: 'signed_out' });
  }, []);

  useEffect(() => {
    listenSignedOut(() =>
      setSession((last) => (last.kind === 'signed_in' ? { kind: 'nobody', reason: 'ended' } : last)),
    );
    void ask();
  }, [ask]);

  useEffect(forgetStreams, [person]);

  return (
    <WordsContext.Provider value={words}>
      {session.kind === 'asking' && <LoadingNote />}
      {session.kind === 'unknown' && <ProblemNote code={session.problem} onRetry={() => void ask()} />}
      {session.kind === 'nobody' && (
        <SignIn reason={session.reason} preferences={preferences} prefer={prefer} onSignedIn={ask} />
      )}
      {session.kind === 'signed_in' && (
        <WhoContext.Provider value={session.who}>
          <Console preferences={preferences} prefer={prefer} signOut={() => void signOut()} />
        </WhoContext.Provider>
      )}
    </WordsContext.Provider>
  );
}

interface ConsoleProps {
  preferences: Preferences;
  prefer: (preferences: Preferences) => void;
  signOut: () => void;
}

function Console(props: ConsoleProps): JSX.Element {
  const page = usePage();
  return (
    <div class="console">
      <Header page={page} {...props} />
      <PageOf page={page} theme={props.preferences.theme} />
    </div>
  );
}

/** Those of the person, as soon as that is known; on the page's root too, for style and readers. */
function usePreferences(person: string | null): [Preferences, (preferences: Preferences) => void] {
  const [preferences, setPreferences] = useState(() => readPreferences(null));
  useEffect(() => {
    if (person !== null) setPreferences(readPreferences(person));
  }, [person]);
  useEffect(() => {
    document.documentElement.lang = preferences.language;
    document.documentElement.dataset['theme'] = preferences.theme;
  }, [preferences]);
  const prefer = (wanted: Preferences): void => {
    keepPreferences(person, wanted);
    setPreferences(wanted);
  };
  return [preferences, prefer];
}
