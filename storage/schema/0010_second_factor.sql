-- The second factor: time-based one-time codes (RFC 6238: HMAC-SHA-1, six digits, 30 s, one step of tolerance either way). As with password
-- hashes, secrets never leave the database: it checks the code itself, so that who gets hold of a service's connection reads no secret
-- and can't say of a code that it was right. What changes how a person signs in ends the sessions that were begun the old way.
CREATE SCHEMA crypto;
CREATE EXTENSION pgcrypto SCHEMA crypto;

-- Without a second factor nobody signs in, unless the account says so here; and a person who holds the post of administrator not even
-- then. Accounts from before this migration say so.
ALTER TABLE person ADD COLUMN password_alone boolean NOT NULL DEFAULT false;
UPDATE person SET password_alone = true;

CREATE TABLE second_factor (
  person_id  uuid PRIMARY KEY REFERENCES person,
  secret     bytea NOT NULL CHECK (octet_length(secret) BETWEEN 16 AND 64),
  last_step  bigint NOT NULL DEFAULT 0,  -- of the newest code that was accepted: neither it nor an earlier one is accepted again
  set_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The code of a step (30 s since 1970, from 0 on): RFC 4226 section 5.3.
CREATE FUNCTION totp_code(secret bytea, step bigint) RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  mac     bytea := crypto.hmac(int8send(step), secret, 'sha1');
  place   integer := get_byte(mac, 19) & 15;
  number  bigint := ('x' || encode(substring(mac FROM place + 1 FOR 4), 'hex'))::bit(32)::bigint & 2147483647;
BEGIN
  RETURN lpad((number % 1000000)::text, 6, '0');
END $$;

-- Whether the code is one of the person's, of now; each is at most once. Whoever comes at the same time waits for the row.
CREATE FUNCTION take_code(person uuid, code text) RETURNS boolean LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  factor   second_factor;
  present  bigint;
BEGIN
  SELECT * INTO STRICT factor FROM second_factor WHERE person_id = person FOR UPDATE;
  present := floor(extract(epoch FROM clock_timestamp()) / 30);
  FOR step IN greatest(present - 1, factor.last_step + 1) .. present + 1 LOOP
    IF totp_code(factor.secret, step) = code THEN
      UPDATE second_factor SET last_step = step WHERE person_id = person;
      RETURN true;
    END IF;
  END LOOP;
  RETURN false;
END $$;

-- What the right password opens. `required`: a code must come with it; `missing`: there is no second factor, and without one the account
-- may not be used. The person's row is locked against a change of password or factor until the caller's transaction ends.
CREATE FUNCTION factor_rule(known person, OUT required boolean, OUT missing boolean)
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  present  timestamptz := clock_timestamp();
BEGIN
  required := EXISTS (SELECT FROM second_factor WHERE person_id = known.id);
  missing := NOT required AND (NOT known.password_alone OR EXISTS (
    SELECT FROM assignment WHERE person_id = known.id AND post = 'administrator' AND valid_from <= present AND present < valid_to));
END $$;

-- As in 0004, but in the order in which sign_in_challenge locks the same rows.
CREATE OR REPLACE FUNCTION give_guesses_back(account_key text, terminal_key text) RETURNS void
  LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE guess_bucket SET tokens = tokens + 1 WHERE key = terminal_key;
  DELETE FROM guess_bucket WHERE key = account_key;
$$;

-- As in 0004, with the second factor. Always one row: `outcome` is 'started', 'refused' (whatever was wrong), and after the right password
-- alone 'code_required' or 'factor_missing'; the other columns are there where it is 'started'.
DROP FUNCTION sign_in_answer(uuid, text, bytea);
CREATE FUNCTION sign_in_answer(attempt uuid, answer text, code text, new_token_sha256 bytea, OUT outcome text, OUT session_id uuid,
                               OUT person_id uuid, OUT expires_at timestamptz)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  made     sign_in_attempt;
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
      RETURN;
    END IF;
    IF factor.missing THEN
      outcome := 'factor_missing';
      wrong := 'no second factor';
    ELSIF factor.required AND NOT take_code(known.id, code) THEN
      wrong := 'code';
    ELSE
      outcome := 'started';
    END IF;
  END IF;
  IF outcome <> 'started' THEN
    PERFORM audit_append('sign_in_failed', jsonb_build_object('person', made.person_id, 'terminal', made.terminal, 'wrong', wrong)::text);
    RETURN;
  END IF;
  INSERT INTO session (person_id, token_sha256, terminal) VALUES (known.id, new_token_sha256, made.terminal) RETURNING * INTO started;
  PERFORM give_guesses_back(made.account, 'terminal ' || made.terminal);
  PERFORM audit_append('signed_in', jsonb_build_object('person', started.person_id, 'session', started.id, 'terminal', made.terminal,
                                                       'factors', CASE WHEN factor.required THEN 2 ELSE 1 END)::text);
  session_id := started.id;
  person_id := started.person_id;
  expires_at := started.expires_at;
END $$;
GRANT EXECUTE ON FUNCTION sign_in_answer TO yagura_api;

-- Ends a person's open sessions, at once and whatever they are used for.
CREATE FUNCTION end_sessions_of(person uuid) RETURNS void
  LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE session SET ended_at = clock_timestamp() WHERE person_id = person AND ended_at IS NULL
$$;
CREATE FUNCTION end_sessions_of_changed_person() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.password_hash <> OLD.password_hash OR NEW.disabled_at <= clock_timestamp() THEN
    PERFORM end_sessions_of(NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION end_sessions_of_changed_factor() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM end_sessions_of(coalesce(NEW.person_id, OLD.person_id));
  RETURN NULL;
END $$;
CREATE TRIGGER ends_sessions AFTER UPDATE OF password_hash, disabled_at ON person
  FOR EACH ROW EXECUTE FUNCTION end_sessions_of_changed_person();
CREATE TRIGGER ends_sessions AFTER INSERT OR DELETE OR UPDATE OF secret ON second_factor
  FOR EACH ROW EXECUTE FUNCTION end_sessions_of_changed_factor();

-- The console gives and takes second factors; nobody reads one.
GRANT SELECT (password_alone), UPDATE (password_alone) ON person TO yagura_admin;
GRANT SELECT (person_id, set_at), INSERT, UPDATE (secret, last_step, set_at), DELETE ON second_factor TO yagura_admin;
