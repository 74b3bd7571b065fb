-- The rollout: phases, which cameras belong to them, and what operations noted when a camera was accepted.
CREATE TABLE phase (
  id         uuid PRIMARY KEY,
  code       text NOT NULL UNIQUE CHECK (code <> ''),
  name       text NOT NULL CHECK (name <> ''),
  starts_at  timestamptz NOT NULL  -- its cameras go in service then, or later, once all of them are accepted
);
ALTER TABLE camera ADD COLUMN phase_id uuid REFERENCES phase;
CREATE INDEX camera_by_phase ON camera (phase_id);
ALTER TABLE camera_state ADD COLUMN note text NOT NULL DEFAULT '' CHECK (octet_length(note) <= 1024);

CREATE TRIGGER facts_changed AFTER INSERT OR UPDATE OR DELETE ON phase FOR EACH STATEMENT EXECUTE FUNCTION bump_facts_epoch();

-- A phase is seen by whoever sees one of its cameras. Notes of acceptance are operations' own.
ALTER TABLE phase ENABLE ROW LEVEL SECURITY;
CREATE POLICY metadata ON phase FOR SELECT TO yagura_api, yagura_media
  USING ((SELECT sees_all_metadata()) OR EXISTS (SELECT FROM camera WHERE camera.phase_id = phase.id));
REVOKE SELECT ON camera_state FROM yagura_api, yagura_media;
GRANT SELECT (camera_id, state, valid_from, valid_to) ON camera_state TO yagura_api, yagura_media;

GRANT SELECT ON phase TO yagura_keep, yagura_api, yagura_media, yagura_admin;
GRANT INSERT, UPDATE (code, name, starts_at) ON phase TO yagura_admin;
GRANT UPDATE (phase_id) ON camera TO yagura_admin;

-- Makes every other change of a fact wait until the caller's transaction ends: each bumps the epoch, and so waits for its row.
CREATE FUNCTION lock_facts() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM FROM facts_epoch FOR UPDATE;
END $$;
GRANT EXECUTE ON FUNCTION lock_facts TO yagura_admin;

-- Puts a phase's accepted cameras in service from `at` on and records it; gives their number. Nothing is done while one of its cameras
-- is still planned or staged then, or where none is accepted.
CREATE FUNCTION phase_start(which uuid, at timestamptz) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  ready  uuid[];
BEGIN
  PERFORM FROM camera WHERE phase_id = which ORDER BY id FOR NO KEY UPDATE;
  IF EXISTS (SELECT FROM camera JOIN camera_state ON camera_id = camera.id
             WHERE phase_id = which AND state IN ('planned', 'staged') AND valid_to > at) THEN
    RETURN 0;
  END IF;
  SELECT array_agg(camera.id ORDER BY camera.code) INTO ready FROM camera JOIN camera_state ON camera_id = camera.id
    WHERE phase_id = which AND state = 'accepted' AND valid_from < at AND valid_to = 'infinity';
  IF ready IS NULL THEN
    RETURN 0;
  END IF;
  UPDATE camera_state SET valid_to = at WHERE camera_id = ANY (ready) AND state = 'accepted' AND valid_to = 'infinity';
  INSERT INTO camera_state (camera_id, state, valid_from) SELECT unnest(ready), 'in_service', at;
  PERFORM audit_append('phase_started', jsonb_build_object('phase', which, 'at', at, 'cameras', ready)::text);
  RETURN cardinality(ready);
END $$;
GRANT EXECUTE ON FUNCTION phase_start TO yagura_keep;

-- Footage recorded while its camera was being set up goes once the camera is in service.
ALTER TABLE clip DROP CONSTRAINT clip_expiring_rule_check;
ALTER TABLE clip ADD CONSTRAINT clip_expiring_rule_check CHECK (expiring_rule IN ('age', 'space', 'staged'));
ALTER TABLE clip_deletion DROP CONSTRAINT clip_deletion_rule_check;
ALTER TABLE clip_deletion ADD CONSTRAINT clip_deletion_rule_check CHECK (rule IN ('age', 'space', 'staged'));

ALTER TABLE audit_record DROP CONSTRAINT audit_record_event_check;
ALTER TABLE audit_record ADD CONSTRAINT audit_record_event_check CHECK (event IN (
  'signed_in', 'sign_in_failed', 'sign_in_limited', 'signed_out', 'denied', 'footage_permitted', 'viewing_opened',
  'viewing_delivered', 'unit_added', 'unit_changed', 'person_added', 'person_changed', 'person_disabled', 'assignment_added',
  'assignment_ended', 'place_added', 'place_changed', 'camera_added', 'camera_changed', 'camera_removed', 'charge_changed',
  'phase_added', 'phase_changed', 'phase_started', 'office_imported'));
