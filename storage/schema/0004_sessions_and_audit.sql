-- Who is signed in, who may try to, and what was done. All of it is reached by functions of yagura_owner alone (SECURITY DEFINER, fixed
-- search_path): no service can read a password hash, a session or an attempt, and none can alter an audit record. Instants are the
-- server's own, so nobody can bring an ended session back with a clock.

-- A tree stays a tree.
CREATE FUNCTION refuse_unit_below_itself() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  above uuid := NEW.parent_id;
BEGIN
  WHILE above IS NOT NULL LOOP
    IF above = NEW.id THEN
      RAISE 'a unit cannot lie below itself';
    END IF;
    SELECT parent_id INTO above FROM unit WHERE id = above;
  END LOOP;
  RETURN NEW;
END $$;
CREATE TRIGGER stays_a_tree BEFORE INSERT OR UPDATE OF id, parent_id ON unit FOR EACH ROW EXECUTE FUNCTION refuse_unit_below_itself();

-- The facts that decisions use, for the programs that decide: ids and instants, no names. Views of the owner, so that they don't
-- depend on whose request it is.
CREATE VIEW facts_unit         AS SELECT id, parent_id, valid_from, valid_to FROM unit;
CREATE VIEW facts_camera       AS SELECT id FROM camera;
CREATE VIEW facts_floor        AS SELECT id FROM floor;
CREATE VIEW facts_charge       AS SELECT camera_id, unit_id, valid_from, valid_to FROM charge;
CREATE VIEW facts_camera_state AS SELECT camera_id, state, valid_from, valid_to FROM camera_state;
CREATE VIEW facts_placement    AS SELECT camera_id, floor_id, valid_from, valid_to FROM placement;
CREATE VIEW facts_person       AS SELECT id, disabled_at FROM person;
CREATE VIEW facts_assignment   AS SELECT id, person_id, post, unit_id, valid_from, valid_to FROM assignment;
GRANT SELECT ON facts_unit, facts_camera, facts_floor, facts_charge, facts_camera_state, facts_placement, facts_person, facts_assignment
  TO yagura_api, yagura_media;

-- The audit log: one chain per writer (the role that is connected). A record's canonical bytes are
--   'yagura-audit-1' LF writer LF counter LF at LF event LF body LF
-- in UTF-8, with `at` as 2027-06-15T05:03:22.120000Z and `body` exactly as stored; chain = SHA-256(chain of the record before,
-- canonical bytes); before the first record stand 32 zero bytes. Counters begin at 1 and have no holes.
CREATE TABLE audit_record (
  writer   text NOT NULL,
  counter  bigint NOT NULL CHECK (counter > 0),
  at       timestamptz NOT NULL,
  event    text NOT NULL CHECK (event IN (
             'signed_in', 'sign_in_failed', 'sign_in_limited', 'signed_out', 'denied', 'footage_permitted', 'viewing_opened',
             'viewing_delivered', 'unit_added', 'person_added', 'person_disabled', 'assignment_added', 'assignment_ended',
             'place_added', 'camera_added', 'camera_changed', 'camera_removed', 'charge_changed')),
  body     text NOT NULL CHECK (jsonb_typeof(body::jsonb) = 'object' AND octet_length(body) <= 65536),
  chain    bytea NOT NULL CHECK (octet_length(chain) = 32),
  PRIMARY KEY (writer, counter)
);
CREATE INDEX audit_record_by_time ON audit_record (at);

-- Where each chain stands.
CREATE TABLE audit_writer (
  writer   text PRIMARY KEY,
  counter  bigint NOT NULL,
  chain    bytea NOT NULL
);

CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE 'audit records are only added';
END $$;
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_record FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit();

CREATE FUNCTION audit_canonical(writer text, counter bigint, at timestamptz, event text, body text) RETURNS bytea
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
  SELECT convert_to('yagura-audit-1' || E'\n' || writer || E'\n' || counter || E'\n' || to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
                    || E'\n' || event || E'\n' || body || E'\n', 'UTF8')
$$;

-- Adds a record to the connected role's chain and gives its counter; nothing, and nothing added, where the facts are no longer those of
-- `at_epoch`. A change of facts that would take a right away waits until this transaction is done, or is seen by it.
CREATE FUNCTION audit_append(new_event text, new_body text, at_epoch bigint DEFAULT NULL) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  me      text := session_user;
  last    audit_writer;
  now_at  timestamptz;
BEGIN
  IF at_epoch IS NOT NULL THEN
    PERFORM FROM facts_epoch WHERE epoch = at_epoch FOR SHARE;
    IF NOT FOUND THEN
      RETURN NULL;
    END IF;
  END IF;
  INSERT INTO audit_writer VALUES (me, 0, decode(repeat('00', 32), 'hex')) ON CONFLICT DO NOTHING;
  SELECT * INTO last FROM audit_writer WHERE writer = me FOR UPDATE;
  now_at := clock_timestamp();
  last.counter := last.counter + 1;
  last.chain := sha256(last.chain || audit_canonical(me, last.counter, now_at, new_event, new_body));
  INSERT INTO audit_record VALUES (me, last.counter, now_at, new_event, new_body, last.chain);
  UPDATE audit_writer SET counter = last.counter, chain = last.chain WHERE writer = me;
  RETURN last.counter;
END $$;
GRANT EXECUTE ON FUNCTION audit_append TO yagura_record, yagura_keep, yagura_api, yagura_media, yagura_admin;
GRANT SELECT ON audit_record, audit_writer TO yagura_keep, yagura_admin;

-- A person's login. Only the SHA-256 of its token is kept.
CREATE TABLE session (
  id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  person_id     uuid NOT NULL REFERENCES person,
  token_sha256  bytea NOT NULL UNIQUE CHECK (octet_length(token_sha256) = 32),
  terminal      text NOT NULL,
  started_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at    timestamptz NOT NULL DEFAULT clock_timestamp() + interval '12 hours',
  last_used_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at      timestamptz
);
CREATE INDEX session_by_person ON session (person_id);

-- The session of a token, where it still holds: 12 h at most, 30 min without a request, not ended, its person not disabled.
-- Called from the functions below alone, whose search_path it has: without one of its own it becomes part of their plans.
CREATE FUNCTION session_of(token text) RETURNS SETOF session LANGUAGE sql STABLE AS $$
  SELECT session.* FROM session JOIN person ON person.id = session.person_id
  WHERE token_sha256 = sha256(convert_to(token, 'UTF8')) AND ended_at IS NULL
    AND clock_timestamp() < expires_at AND clock_timestamp() < last_used_at + interval '30 minutes'
    AND (disabled_at IS NULL OR clock_timestamp() < disabled_at)
$$;

-- Sign-in by challenge and answer: the challenge is a stored hash without its last part (parameters and salt), the answer the
-- whole hash computed anew from the password. So hashes never leave the database, and who can call these functions but doesn't know
-- the password can start no session. Unknown names get a challenge too, always the same one.
CREATE TABLE sign_in_secret (
  only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  secret    text NOT NULL
);
INSERT INTO sign_in_secret (secret) VALUES (gen_random_uuid()::text || gen_random_uuid()::text);

CREATE TABLE sign_in_attempt (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  person_id  uuid REFERENCES person,  -- nothing: no such name
  account    text NOT NULL,           -- keys of the buckets that the attempt was taken from
  terminal   text NOT NULL,
  made_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX sign_in_attempt_by_time ON sign_in_attempt (made_at);

-- Token buckets against guessing. They fill up by themselves with time and survive a restart.
CREATE TABLE guess_bucket (
  key             text PRIMARY KEY,
  tokens          double precision NOT NULL,
  filled_at       timestamptz NOT NULL,
  refusing_since  timestamptz
);
CREATE INDEX guess_bucket_by_time ON guess_bucket (filled_at);

-- Takes one token where there is one. `newly_refused`: the first refusal since one was given, so that a flood is recorded once.
CREATE FUNCTION take_guess(bucket text, capacity double precision, refill interval, OUT taken boolean, OUT newly_refused boolean)
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  present  timestamptz := clock_timestamp();
  had      guess_bucket;
  filled   double precision;
BEGIN
  INSERT INTO guess_bucket VALUES (bucket, capacity, present, NULL) ON CONFLICT DO NOTHING;
  SELECT * INTO had FROM guess_bucket WHERE key = bucket FOR UPDATE;
  filled := least(capacity, had.tokens + extract(epoch FROM greatest(present - had.filled_at, interval '0')) / extract(epoch FROM refill));
  taken := filled >= 1;
  newly_refused := NOT taken AND had.refusing_since IS NULL;
  UPDATE guess_bucket SET tokens = filled - CASE WHEN taken THEN 1 ELSE 0 END, filled_at = present,
                          refusing_since = CASE WHEN taken THEN NULL ELSE coalesce(had.refusing_since, present) END
    WHERE key = bucket;
END $$;

-- A right password gives its attempts back.
CREATE FUNCTION give_guesses_back(account_key text, terminal_key text) RETURNS void
  LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
  DELETE FROM guess_bucket WHERE key = account_key;
  UPDATE guess_bucket SET tokens = tokens + 1 WHERE key = terminal_key;
$$;

CREATE FUNCTION sign_in_challenge(username text, terminal text, OUT limited boolean, OUT attempt uuid, OUT challenge text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  account_key   text := encode(sha256(convert_to('account ' || terminal || E'\n' || username, 'UTF8')), 'hex');
  terminal_key  text := 'terminal ' || terminal;
  known         person;
  guess         record;
  salt          text;
BEGIN
  DELETE FROM sign_in_attempt WHERE made_at < clock_timestamp() - interval '10 minutes';
  DELETE FROM guess_bucket WHERE filled_at < clock_timestamp() - interval '1 day';
  SELECT * INTO known FROM person WHERE person.username = sign_in_challenge.username;

  guess := take_guess(account_key, 5, interval '2 minutes');
  IF guess.taken THEN
    guess := take_guess(terminal_key, 60, interval '10 seconds');
  END IF;
  limited := NOT guess.taken;
  IF limited THEN
    IF guess.newly_refused THEN
      PERFORM audit_append('sign_in_limited', jsonb_build_object('person', known.id, 'terminal', terminal)::text);
    END IF;
    RETURN;
  END IF;

  INSERT INTO sign_in_attempt (person_id, account, terminal) VALUES (known.id, account_key, terminal) RETURNING id INTO attempt;
  challenge := regexp_replace(known.password_hash, '\$[^$]*$', '');
  IF known.id IS NULL THEN  -- 16 bytes of salt in base64, always the same for the same name
    salt := encode(sha256(convert_to((SELECT secret FROM sign_in_secret) || username, 'UTF8')), 'base64');
    challenge := '$argon2id$v=19$m=65536,t=2,p=1$' || left(salt, 21) || 'A';
  END IF;
END $$;

-- Starts a session where the answer is right: one row; else none. An attempt can be answered once, within a minute.
CREATE FUNCTION sign_in_answer(attempt uuid, answer text, new_token_sha256 bytea)
  RETURNS TABLE (session_id uuid, person_id uuid, expires_at timestamptz)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  made     sign_in_attempt;
  started  session;
BEGIN
  DELETE FROM sign_in_attempt WHERE id = attempt AND made_at > clock_timestamp() - interval '1 minute' RETURNING * INTO made;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  INSERT INTO session (person_id, token_sha256, terminal)
    SELECT id, new_token_sha256, made.terminal FROM person
    WHERE id = made.person_id AND password_hash = answer AND (disabled_at IS NULL OR clock_timestamp() < disabled_at)
    RETURNING * INTO started;
  IF NOT FOUND THEN
    PERFORM audit_append('sign_in_failed', jsonb_build_object('person', made.person_id, 'terminal', made.terminal)::text);
    RETURN;
  END IF;
  PERFORM give_guesses_back(made.account, 'terminal ' || made.terminal);
  PERFORM audit_append('signed_in', jsonb_build_object('person', started.person_id, 'session', started.id,
                                                       'terminal', made.terminal)::text);
  RETURN QUERY SELECT started.id, started.person_id, started.expires_at;
END $$;
GRANT EXECUTE ON FUNCTION sign_in_challenge, sign_in_answer TO yagura_api;

-- Begins a person's request: none but one row, where the token's session holds. From here to the end of the transaction, row
-- security shows what that person may see at `as_of` (0005). `last_used_at` is written at most once a second, and never waited for.
CREATE FUNCTION request_enter(token text, as_of timestamptz)
  RETURNS TABLE (person_id uuid, session_id uuid, expires_at timestamptz, epoch bigint, clock_agrees boolean)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  mine session;
BEGIN
  SELECT * INTO mine FROM session_of(token);
  IF NOT FOUND THEN
    RETURN;
  END IF;
  IF mine.last_used_at < clock_timestamp() - interval '1 second' THEN
    UPDATE session SET last_used_at = clock_timestamp()
      WHERE id = (SELECT id FROM session WHERE id = mine.id FOR NO KEY UPDATE SKIP LOCKED);
  END IF;
  PERFORM set_config('yagura.session_token', token, true), set_config('yagura.as_of', as_of::text, true);
  RETURN QUERY SELECT mine.person_id, mine.id, mine.expires_at, facts_epoch.epoch,
                      as_of BETWEEN clock_timestamp() - interval '10 seconds' AND clock_timestamp() + interval '10 seconds'
               FROM facts_epoch;
END $$;
GRANT EXECUTE ON FUNCTION request_enter TO yagura_api, yagura_media;

-- Ends the session that the request is made in.
CREATE FUNCTION session_end() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  ended session;
BEGIN
  UPDATE session SET ended_at = clock_timestamp()
    WHERE id = (SELECT id FROM session_of(current_setting('yagura.session_token', true))) RETURNING * INTO ended;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM audit_append('signed_out', jsonb_build_object('person', ended.person_id, 'session', ended.id)::text);
  RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION session_end TO yagura_api;

-- Viewings: who may be handed pictures of what, stored before the first byte; and what really was.
CREATE TABLE viewing (
  id          uuid PRIMARY KEY,
  session_id  uuid NOT NULL REFERENCES session,
  person_id   uuid NOT NULL REFERENCES person,
  camera_id   uuid NOT NULL REFERENCES camera,
  from_at     timestamptz NOT NULL,
  to_at       timestamptz NOT NULL,
  action      text NOT NULL,
  basis       uuid[] NOT NULL CHECK (cardinality(basis) > 0),  -- assignments
  purpose     text NOT NULL CHECK (octet_length(purpose) <= 1000),
  terminal    text NOT NULL,
  opened_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK (from_at < to_at AND to_at <= from_at + interval '10 minutes')
);
CREATE INDEX viewing_by_camera ON viewing (camera_id, from_at);
CREATE INDEX viewing_by_person ON viewing (person_id, opened_at);

CREATE TABLE viewing_delivery (
  viewing_id  uuid NOT NULL REFERENCES viewing,
  report      integer NOT NULL,  -- from 1 on
  delivered   tstzmultirange NOT NULL,
  bytes       bigint NOT NULL CHECK (bytes >= 0),
  last        boolean NOT NULL,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (viewing_id, report)
);

-- Opens a viewing in the session of the request and records it; false, and nothing done, where the facts are no longer those of
-- `at_epoch`.
CREATE FUNCTION viewing_open(new_id uuid, camera uuid, from_at timestamptz, to_at timestamptz, action text, basis uuid[], purpose text,
                             terminal text, request_id text, at_epoch bigint) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  mine session;
BEGIN
  SELECT * INTO STRICT mine FROM session_of(current_setting('yagura.session_token', true));
  IF audit_append('viewing_opened',
                  jsonb_build_object('viewing', new_id, 'person', mine.person_id, 'session', mine.id, 'camera', camera, 'from', from_at,
                                     'to', to_at, 'action', action, 'basis', basis, 'purpose', purpose, 'terminal', terminal,
                                     'request', request_id, 'epoch', at_epoch)::text, at_epoch) IS NULL THEN
    RETURN false;
  END IF;
  INSERT INTO viewing VALUES (new_id, mine.id, mine.person_id, camera, from_at, to_at, action, basis, purpose, terminal);
  RETURN true;
END $$;

-- Records what was handed out since the viewing's last report.
CREATE FUNCTION viewing_deliver(viewing uuid, delivered tstzmultirange, bytes bigint, last boolean) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  next integer;
BEGIN
  PERFORM FROM viewing WHERE id = viewing_deliver.viewing FOR UPDATE;
  IF NOT FOUND THEN
    RAISE 'no such viewing';
  END IF;
  SELECT coalesce(max(report), 0) + 1 INTO next FROM viewing_delivery WHERE viewing_id = viewing_deliver.viewing;
  INSERT INTO viewing_delivery VALUES (viewing_deliver.viewing, next, delivered, bytes, last);
  PERFORM audit_append('viewing_delivered', jsonb_build_object('viewing', viewing, 'report', next, 'delivered', delivered::text,
                                                               'bytes', bytes, 'last', last)::text);
END $$;
GRANT EXECUTE ON FUNCTION viewing_open, viewing_deliver TO yagura_media;
GRANT SELECT ON viewing, viewing_delivery TO yagura_keep, yagura_admin;
