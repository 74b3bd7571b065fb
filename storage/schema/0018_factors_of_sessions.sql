-- What a session was begun with counts for as long as it lasts; and signing in counts and records what it should.

-- How many factors a session was begun with. Those that are open now: another factor would have ended them.
ALTER TABLE session ADD COLUMN factors smallint CHECK (factors IN (1, 2));
UPDATE session
  SET factors = CASE WHEN EXISTS (SELECT FROM second_factor WHERE second_factor.person_id = session.person_id) THEN 2 ELSE 1 END;
ALTER TABLE session ALTER COLUMN factors SET NOT NULL;

-- Posts that nobody holds by a password alone, and when.
CREATE VIEW post_by_two_factors AS SELECT person_id, valid_from, valid_to FROM assignment WHERE post = 'administrator';

-- As in 0010.
CREATE OR REPLACE FUNCTION factor_rule(known person, OUT required boolean, OUT missing boolean)
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  present  timestamptz := clock_timestamp();
BEGIN
  required := EXISTS (SELECT FROM second_factor WHERE person_id = known.id);
  missing := NOT required AND (NOT known.password_alone OR EXISTS (
    SELECT FROM post_by_two_factors WHERE person_id = known.id AND valid_from <= present AND present < valid_to));
END $$;

-- The sessions that hold: 12 h at most, 30 min without a request, not ended, their person not disabled. One that was begun with a password
-- alone holds only while the account may be used so, and is over for good once its person has held a post that demands more.
CREATE VIEW holding_session AS
  SELECT session.* FROM session JOIN person ON person.id = session.person_id
  WHERE ended_at IS NULL AND clock_timestamp() < expires_at AND clock_timestamp() < last_used_at + interval '30 minutes'
    AND (disabled_at IS NULL OR clock_timestamp() < disabled_at)
    AND (factors = 2 OR (password_alone AND NOT EXISTS (
      SELECT FROM post_by_two_factors AS demanding WHERE demanding.person_id = session.person_id
        AND demanding.valid_from <= clock_timestamp() AND demanding.valid_to > started_at)));

-- As in 0004 and 0011.
CREATE OR REPLACE FUNCTION session_of(token text) RETURNS SETOF session LANGUAGE sql STABLE AS $$
  SELECT * FROM holding_session WHERE token_sha256 = sha256(convert_to(token, 'UTF8'))
$$;
CREATE OR REPLACE VIEW open_session AS
  SELECT id, person_id, terminal, started_at, last_used_at, least(expires_at, last_used_at + interval '30 minutes') AS ends_at
  FROM holding_session;

-- The right password without the code that must come with it is on record: somebody knows it.
ALTER TABLE audit_record DROP CONSTRAINT audit_record_event_check;
ALTER TABLE audit_record ADD CONSTRAINT audit_record_event_check CHECK (event IN (
  'signed_in', 'sign_in_code_asked', 'sign_in_failed', 'sign_in_limited', 'signed_out', 'denied', 'footage_permitted', 'viewing_opened',
  'viewing_delivered', 'unit_added', 'unit_changed', 'person_added', 'person_changed', 'person_disabled', 'assignment_added',
  'assignment_ended', 'place_added', 'place_changed', 'camera_added', 'camera_changed', 'camera_removed', 'charge_changed',
  'phase_added', 'phase_changed', 'phase_started', 'office_imported', 'trail_read'));

-- As in 0011, with both.
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
    PERFORM audit_append('sign_in_code_asked', jsonb_build_object('person', known.id, 'terminal', made.terminal)::text);
    RETURN;
  END IF;
  IF outcome <> 'started' THEN
    PERFORM audit_append('sign_in_failed', jsonb_build_object('person', made.person_id, 'terminal', made.terminal, 'wrong', wrong)::text);
    RETURN;
  END IF;
  INSERT INTO session (person_id, token_sha256, terminal, factors)
    VALUES (known.id, new_token_sha256, made.terminal, CASE WHEN factor.required THEN 2 ELSE 1 END) RETURNING * INTO started;
  PERFORM give_guesses_back(made.account, CASE WHEN counted.terminal = '' THEN 'terminal ' || made.terminal END);
  INSERT INTO known_terminal (person_id, terminal) VALUES (known.id, made.terminal)
    ON CONFLICT ON CONSTRAINT known_terminal_pkey DO UPDATE SET last_at = clock_timestamp();
  PERFORM audit_append('signed_in', jsonb_build_object('person', started.person_id, 'session', started.id, 'terminal', made.terminal,
                                                       'factors', started.factors)::text);
  session_id := started.id;
  person_id := started.person_id;
  expires_at := started.expires_at;
END $$;

-- An attempt whose password nobody looked at is no guess, neither of the day nor of the account's pace. It can't be answered after this,
-- and one that was answered isn't given back. What it took of its terminal's pace is gone: turned away or not, a flood stays slow.
CREATE FUNCTION sign_in_withdraw(attempt uuid) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  made  sign_in_attempt;
BEGIN
  DELETE FROM sign_in_attempt WHERE id = sign_in_withdraw.attempt RETURNING * INTO made;
  IF FOUND THEN
    DELETE FROM guess WHERE guess.attempt = made.id;
    UPDATE guess_bucket SET tokens = tokens + 1 WHERE key = made.account;
  END IF;
END $$;
GRANT EXECUTE ON FUNCTION sign_in_withdraw TO yagura_api;

-- As in 0011; also what was never answered and can't be any more (its program ended, say) is no guess.
CREATE OR REPLACE FUNCTION forget_attempts() RETURNS void LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
  WITH lapsed AS (DELETE FROM sign_in_attempt WHERE made_at < clock_timestamp() - interval '2 minutes' RETURNING id)
    DELETE FROM guess USING lapsed WHERE guess.attempt = lapsed.id;
  DELETE FROM guess WHERE made_at < clock_timestamp() - interval '1 day';
  DELETE FROM guess_bucket WHERE filled_at < clock_timestamp() - interval '1 day';
$$;
