-- Who looked at what, for those who may know: auditors all of it, the others what was looked at of their own units' footage.

-- Whose footage a viewing shows. Of one from before this was kept: whose it was by the charge; nobody's where there was none.
ALTER TABLE viewing ADD COLUMN unit_id uuid REFERENCES unit;
UPDATE viewing SET unit_id = (SELECT charge.unit_id FROM charge WHERE charge.camera_id = viewing.camera_id
                                AND charge.valid_from <= viewing.from_at AND viewing.from_at < charge.valid_to);
CREATE INDEX viewing_by_time ON viewing (opened_at, id);
DROP INDEX audit_record_by_time;
CREATE INDEX audit_record_by_time ON audit_record (at, writer, counter);

-- As in 0004, with the unit.
DROP FUNCTION viewing_open;
CREATE FUNCTION viewing_open(new_id uuid, camera uuid, unit uuid, from_at timestamptz, to_at timestamptz, action text, basis uuid[],
                             purpose text, terminal text, request_id text, at_epoch bigint) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  mine session;
BEGIN
  SELECT * INTO STRICT mine FROM session_of(current_setting('yagura.session_token', true));
  IF audit_append('viewing_opened',
                  jsonb_build_object('viewing', new_id, 'person', mine.person_id, 'session', mine.id, 'camera', camera, 'unit', unit,
                                     'from', from_at, 'to', to_at, 'action', action, 'basis', basis, 'purpose', purpose,
                                     'terminal', terminal, 'request', request_id, 'epoch', at_epoch)::text, at_epoch) IS NULL THEN
    RETURN false;
  END IF;
  INSERT INTO viewing (id, session_id, person_id, camera_id, unit_id, from_at, to_at, action, basis, purpose, terminal)
    VALUES (new_id, mine.id, mine.person_id, camera, unit, from_at, to_at, action, basis, purpose, terminal);
  RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION viewing_open TO yagura_media;

CREATE FUNCTION sees_whole_trail() RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT FROM context_posts() WHERE post = 'auditor');
END $$;
GRANT EXECUTE ON FUNCTION sees_whole_trail TO yagura_api;

-- The second line of GET /v1/viewings and /v1/audit: views of the owner's, which read past the policies on people and cameras and
-- show nothing without a request's context. `post` and `department_id` are those by which the person was permitted.
CREATE VIEW seen_viewing WITH (security_barrier) AS
  SELECT viewing.id, viewing.opened_at, viewing.person_id, person.name AS person_name, assignment.post,
         assignment.unit_id AS department_id, viewing.camera_id, camera.code AS camera_code, viewing.unit_id, viewing.from_at,
         viewing.to_at, viewing.action, viewing.purpose
  FROM viewing JOIN person ON person.id = viewing.person_id JOIN camera ON camera.id = viewing.camera_id
    LEFT JOIN assignment ON assignment.id = viewing.basis[1]
  WHERE (SELECT sees_whole_trail()) OR viewing.unit_id = ANY ((SELECT picture_units())::uuid[]);
CREATE VIEW seen_viewing_delivery WITH (security_barrier) AS
  SELECT viewing_delivery.viewing_id, viewing_delivery.delivered, viewing_delivery.bytes
  FROM viewing_delivery JOIN viewing ON viewing.id = viewing_delivery.viewing_id
  WHERE (SELECT sees_whole_trail()) OR viewing.unit_id = ANY ((SELECT picture_units())::uuid[]);
CREATE VIEW seen_audit_record WITH (security_barrier) AS
  SELECT * FROM audit_record WHERE (SELECT sees_whole_trail());
GRANT SELECT ON seen_viewing, seen_viewing_delivery, seen_audit_record TO yagura_api;

ALTER TABLE audit_record DROP CONSTRAINT audit_record_event_check;
ALTER TABLE audit_record ADD CONSTRAINT audit_record_event_check CHECK (event IN (
  'signed_in', 'sign_in_failed', 'sign_in_limited', 'signed_out', 'denied', 'footage_permitted', 'viewing_opened',
  'viewing_delivered', 'unit_added', 'unit_changed', 'person_added', 'person_changed', 'person_disabled', 'assignment_added',
  'assignment_ended', 'place_added', 'place_changed', 'camera_added', 'camera_changed', 'camera_removed', 'charge_changed',
  'phase_added', 'phase_changed', 'phase_started', 'office_imported', 'trail_read'));
