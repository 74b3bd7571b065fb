-- Who holds which post in which unit, when. Rights hang on posts; a person has none of their own.
CREATE TABLE person (
  id             uuid PRIMARY KEY,
  username       text NOT NULL UNIQUE CHECK (username ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  name           text NOT NULL,
  password_hash  text NOT NULL,  -- libsodium's crypto_pwhash_str (Argon2id)
  disabled_at    timestamptz
);

CREATE TABLE assignment (
  id          uuid PRIMARY KEY,
  person_id   uuid NOT NULL REFERENCES person,
  post        text NOT NULL CHECK (post IN ('department_head', 'general_manager', 'crisis_management', 'operations', 'auditor',
                                        'administrator')),
  unit_id     uuid NOT NULL REFERENCES unit,
  valid_from  timestamptz NOT NULL,
  valid_to    timestamptz NOT NULL DEFAULT 'infinity',
  CHECK (valid_from < valid_to)
);
CREATE INDEX assignment_by_person ON assignment (person_id);

-- One row: the number of the present state of all facts that decisions use. Every change of such a fact bumps it in the same
-- transaction; a decision is only carried out while the epoch is still the one that it was made on.
CREATE TABLE facts_epoch (
  only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  epoch     bigint NOT NULL
);
INSERT INTO facts_epoch (epoch) VALUES (1);

CREATE FUNCTION bump_facts_epoch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE facts_epoch SET epoch = epoch + 1;
  PERFORM pg_notify('yagura_facts', '');
  RETURN NULL;
END $$;

CREATE TRIGGER facts_changed AFTER INSERT OR UPDATE OR DELETE ON site         FOR EACH STATEMENT EXECUTE FUNCTION bump_facts_epoch();
CREATE TRIGGER facts_changed AFTER INSERT OR UPDATE OR DELETE ON building     FOR EACH STATEMENT EXECUTE FUNCTION bump_facts_epoch();
CREATE TRIGGER facts_changed AFTER INSERT OR UPDATE OR DELETE ON floor        FOR EACH STATEMENT EXECUTE FUNCTION bump_facts_epoch();
CREATE TRIGGER facts_changed AFTER INSERT OR UPDATE OR DELETE ON unit         FOR EACH STATEMENT EXECUTE FUNCTION bump_facts_epoch();
CREATE TRIGGER facts_changed AFTER INSERT OR UPDATE OR DELETE ON camera       FOR EACH STATEMENT EXECUTE FUNCTION bump_facts_epoch();
CREATE TRIGGER facts_changed AFTER INSERT OR UPDATE OR DELETE ON camera_stream FOR EACH STATEMENT EXECUTE FUNCTION bump_facts_epoch();
CREATE TRIGGER facts_changed AFTER INSERT OR UPDATE OR DELETE ON placement    FOR EACH STATEMENT EXECUTE FUNCTION bump_facts_epoch();
CREATE TRIGGER facts_changed AFTER INSERT OR UPDATE OR DELETE ON charge       FOR EACH STATEMENT EXECUTE FUNCTION bump_facts_epoch();
CREATE TRIGGER facts_changed AFTER INSERT OR UPDATE OR DELETE ON camera_state FOR EACH STATEMENT EXECUTE FUNCTION bump_facts_epoch();
CREATE TRIGGER facts_changed AFTER INSERT OR UPDATE OR DELETE ON person       FOR EACH STATEMENT EXECUTE FUNCTION bump_facts_epoch();
CREATE TRIGGER facts_changed AFTER INSERT OR UPDATE OR DELETE ON assignment   FOR EACH STATEMENT EXECUTE FUNCTION bump_facts_epoch();

-- Rights. A person is disabled, never deleted; an assignment is closed, never rewritten. Password hashes are read where people sign in.
GRANT SELECT ON facts_epoch TO yagura_record, yagura_keep, yagura_api, yagura_media, yagura_admin;
GRANT SELECT ON assignment TO yagura_api, yagura_media, yagura_admin;
GRANT SELECT ON person TO yagura_api;
GRANT SELECT (id, username, name, disabled_at) ON person TO yagura_media, yagura_admin;
GRANT INSERT, UPDATE (username, name, password_hash, disabled_at) ON person TO yagura_admin;
GRANT INSERT, UPDATE (valid_to) ON assignment TO yagura_admin;
