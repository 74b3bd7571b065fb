-- Guessing, as docs/design/sign-in.md has it: of each account at most 100 wrong passwords or codes are evaluated in any 24 h. Six
-- terminals at which its person signed in last have ten each of these to themselves, all other terminals 40 together: so guessing from
-- elsewhere never keeps anyone out of where they work.

CREATE TABLE known_terminal (
  person_id  uuid NOT NULL REFERENCES person,
  terminal   text NOT NULL,
  last_at    timestamptz NOT NULL DEFAULT clock_timestamp(),  -- when the person last signed in there
  PRIMARY KEY (person_id, terminal)
);

-- Attempts of the last 24 h, without those whose password turned out right. They are there before the password is looked at.
CREATE TABLE guess (
  attempt   uuid PRIMARY KEY,
  account   text NOT NULL,  -- guess_account
  terminal  text NOT NULL,  -- where it is a known one; '' for all others
  made_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX guess_by_account ON guess (account, terminal);
CREATE INDEX guess_by_time ON guess (made_at);

-- Names as they were typed are not kept: one may be a password typed into the wrong field.
CREATE FUNCTION guess_account(username text) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT encode(sha256(convert_to('name ' || username, 'UTF8')), 'hex')
$$;

CREATE FUNCTION is_known_terminal(person uuid, terminal text) RETURNS boolean
  LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT terminal IN (
    SELECT known_terminal.terminal FROM known_terminal
    WHERE person_id = person AND last_at > clock_timestamp() - interval '90 days' ORDER BY last_at DESC LIMIT 6)
$$;

-- Whether the account has a guess left at this terminal ('': at an unknown one). The caller holds the account's lock.
CREATE FUNCTION has_guess_left(account_key text, lane text) RETURNS boolean
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  here   bigint;
  whole  bigint;
BEGIN
  SELECT count(*) FILTER (WHERE terminal = lane), count(*) INTO here, whole FROM guess
    WHERE account = account_key AND made_at > clock_timestamp() - interval '1 day';
  RETURN whole < 100 AND here < CASE WHEN lane = '' THEN 40 ELSE 10 END;
END $$;

-- What the limits no longer need.
CREATE FUNCTION forget_attempts() RETURNS void LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
  DELETE FROM sign_in_attempt WHERE made_at < clock_timestamp() - interval '10 minutes';
  DELETE FROM guess WHERE made_at < clock_timestamp() - interval '1 day';
  DELETE FROM guess_bucket WHERE filled_at < clock_timestamp() - interval '1 day';
$$;

-- As in 0006, with the day's limit before the others. `known_terminal`: the person signed in here before; the terminal's own limit, which
-- others there use up too, doesn't count then, and the password is hashed before those of strangers.
DROP FUNCTION sign_in_challenge(text, text);
CREATE FUNCTION sign_in_challenge(username text, terminal text, OUT limited boolean, OUT attempt uuid, OUT challenge text,
                                  OUT known_terminal boolean)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  day_key       text := guess_account(username);
  account_key   text := encode(sha256(convert_to('account ' || terminal || E'\n' || username, 'UTF8')), 'hex');
  terminal_key  text := 'terminal ' || terminal;
  known         person;
  lane          text;
  allowed       boolean := true;
  is_news       boolean;
  salt          text;
BEGIN
  PERFORM forget_attempts();
  SELECT * INTO known FROM person WHERE person.username = sign_in_challenge.username;
  known_terminal := coalesce(is_known_terminal(known.id, terminal), false);
  lane := CASE WHEN known_terminal THEN terminal ELSE '' END;

  PERFORM pg_advisory_xact_lock(11, hashtext(day_key));  -- one attempt after the other for each account
  IF NOT has_guess_left(day_key, lane) THEN
    limited := true;
    SELECT taken INTO is_news FROM take_guess('day ' || day_key || ' ' || lane, 1, interval '1 hour');  -- recorded once an hour
    IF is_news THEN
      PERFORM audit_append('sign_in_limited', jsonb_build_object('person', known.id, 'terminal', terminal, 'limit', 'day')::text);
    END IF;
    RETURN;
  END IF;

  IF NOT known_terminal THEN
    SELECT taken, newly_refused INTO allowed, is_news FROM take_guess(terminal_key, 60, interval '10 seconds');
  END IF;
  IF allowed THEN
    SELECT taken, newly_refused INTO allowed, is_news FROM take_guess(account_key, 5, interval '2 minutes');
    IF NOT allowed AND NOT known_terminal THEN
      UPDATE guess_bucket SET tokens = tokens + 1 WHERE key = terminal_key;
    END IF;
  END IF;
  limited := NOT allowed;
  IF limited THEN
    IF is_news THEN
      PERFORM audit_append('sign_in_limited', jsonb_build_object('person', known.id, 'terminal', terminal, 'limit', 'pace')::text);
    END IF;
    RETURN;
  END IF;

  INSERT INTO sign_in_attempt (person_id, account, terminal) VALUES (known.id, account_key, terminal) RETURNING id INTO attempt;
  INSERT INTO guess (attempt, account, terminal) VALUES (attempt, day_key, lane);
  challenge := regexp_replace(known.password_hash, '\$[^$]*$', '');
  IF known.id IS NULL THEN  -- 16 bytes of salt in base64, always the same for the same name
    salt := encode(sha256(convert_to((SELECT secret FROM sign_in_secret) || username, 'UTF8')), 'base64');
    challenge := '$argon2id$v=19$m=65536,t=2,p=1$' || left(salt, 21) || 'A';
  END IF;
END $$;
GRANT EXECUTE ON FUNCTION sign_in_challenge TO yagura_api;

-- As in 0010; the right password gives its guess back, and a session makes its terminal known.
CREATE OR REPLACE FUNCTION sign_in_answer(attempt uuid, answer text, code text, new_token_sha256 bytea, OUT outcome text,
                                          OUT session_id uuid, OUT person_id uuid, OUT expires_at timestamptz)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  made     sign_in_attempt;
  counted  guess;
  known    person;
  factor   record;
  wrong    text := 'password';
  started  session;
BEGIN
  outcome := 'refused';
  DELETE FROM sign_in_attempt WHERE id = attempt AND made_at > clock_timestamp() - interval '1 minute' RETURNING * INTO made;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  SELECT * INTO known FROM person
    WHERE id = made.person_id AND password_hash = answer AND (disabled_at IS NULL OR clock_timestamp() < disabled_at) FOR SHARE;
  IF FOUND THEN
    factor := factor_rule(known);
    IF factor.required AND code IS NULL THEN
      outcome := 'code_required';
    ELSIF factor.missing THEN
      outcome := 'factor_missing';
      wrong := 'no second factor';
    ELSIF factor.required AND NOT take_code(known.id, code) THEN
      wrong := 'code';
    ELSE
      outcome := 'started';
    END IF;
  END IF;
  IF outcome <> 'refused' THEN
    DELETE FROM guess WHERE guess.attempt = made.id RETURNING * INTO counted;
  END IF;
  IF outcome = 'code_required' THEN
    RETURN;
  END IF;
  IF outcome <> 'started' THEN
    PERFORM audit_append('sign_in_failed', jsonb_build_object('person', made.person_id, 'terminal', made.terminal, 'wrong', wrong)::text);
    RETURN;
  END IF;
  INSERT INTO session (person_id, token_sha256, terminal) VALUES (known.id, new_token_sha256, made.terminal) RETURNING * INTO started;
  PERFORM give_guesses_back(made.account, CASE WHEN counted.terminal = '' THEN 'terminal ' || made.terminal END);
  INSERT INTO known_terminal (person_id, terminal) VALUES (known.id, made.terminal)
    ON CONFLICT ON CONSTRAINT known_terminal_pkey DO UPDATE SET last_at = clock_timestamp();
  PERFORM audit_append('signed_in', jsonb_build_object('person', started.person_id, 'session', started.id, 'terminal', made.terminal,
                                                       'factors', CASE WHEN factor.required THEN 2 ELSE 1 END)::text);
  session_id := started.id;
  person_id := started.person_id;
  expires_at := started.expires_at;
END $$;

-- As in 0010; guesses at a password that is no more don't count either.
CREATE OR REPLACE FUNCTION end_sessions_of_changed_person() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.password_hash <> OLD.password_hash THEN
    DELETE FROM guess WHERE account = guess_account(NEW.username);
  END IF;
  IF NEW.password_hash <> OLD.password_hash OR NEW.disabled_at <= clock_timestamp() THEN
    PERFORM end_sessions_of(NEW.id);
  END IF;
  RETURN NULL;
END $$;

-- Sessions, for the console: which are open, and ending them. Nobody sees a token's hash.
CREATE VIEW open_session AS
  SELECT session.id, person_id, terminal, started_at, last_used_at, least(expires_at, last_used_at + interval '30 minutes') AS ends_at
  FROM session JOIN person ON person.id = person_id
  WHERE ended_at IS NULL AND clock_timestamp() < expires_at AND clock_timestamp() < last_used_at + interval '30 minutes'
    AND (disabled_at IS NULL OR clock_timestamp() < disabled_at);
GRANT SELECT ON open_session TO yagura_admin;

-- Ends one session, or all of a person: those that were open.
CREATE FUNCTION sessions_end(which uuid, of_person uuid) RETURNS TABLE (session_id uuid, person_id uuid)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY UPDATE session SET ended_at = clock_timestamp() FROM open_session
    WHERE session.id = open_session.id AND (session.id = which OR session.person_id = of_person)
    RETURNING session.id, session.person_id;
END $$;
GRANT EXECUTE ON FUNCTION sessions_end TO yagura_admin;

-- Forgets sessions that ended 30 days ago, but for those that a viewing was opened in, terminals not signed in at for 90 days, and what
-- the limits no longer need. Gives the number of sessions.
CREATE INDEX viewing_by_session ON viewing (session_id);
CREATE FUNCTION forget_sessions() RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  forgotten  bigint;
BEGIN
  PERFORM forget_attempts();
  DELETE FROM known_terminal WHERE last_at < clock_timestamp() - interval '90 days';
  DELETE FROM session
    WHERE least(expires_at, last_used_at + interval '30 minutes', coalesce(ended_at, 'infinity')) < clock_timestamp() - interval '30 days'
      AND NOT EXISTS (SELECT FROM viewing WHERE session_id = session.id);
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  RETURN forgotten;
END $$;
GRANT EXECUTE ON FUNCTION forget_sessions TO yagura_keep;
