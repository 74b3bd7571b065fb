-- Holds: what is kept whatever its age and however little space there is, until it is released. Rows are never deleted. Whoever places
-- one and whoever marks clips for deletion (retention_queries_pg.cc) take the same advisory lock, each for itself alone: a clip was
-- marked before the hold, which then says so, or is not marked while the hold is in force.
CREATE TABLE hold (
  id              uuid PRIMARY KEY,
  camera_id       uuid NOT NULL REFERENCES camera,
  unit_id         uuid NOT NULL REFERENCES unit,  -- in charge of the camera in all of the range
  from_at         timestamptz NOT NULL,
  to_at           timestamptz NOT NULL,
  reason          text NOT NULL CHECK (reason <> '' AND octet_length(reason) <= 1000),
  review_at       timestamptz NOT NULL,
  placed_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  placed_by       uuid NOT NULL REFERENCES person,
  placed_basis    uuid[] NOT NULL CHECK (cardinality(placed_basis) > 0),  -- assignments
  gone            tstzmultirange NOT NULL,  -- what of the range was deleted, or marked to be, when it was placed
  released_at     timestamptz,
  released_by     uuid REFERENCES person,
  released_basis  uuid[] CHECK (cardinality(released_basis) > 0),
  release_reason  text CHECK (release_reason <> '' AND octet_length(release_reason) <= 1000),
  CHECK (from_at < to_at AND to_at <= from_at + interval '31 days'),
  CHECK (num_nulls(released_at, released_by, released_basis, release_reason) IN (0, 4)),
  CHECK (released_by <> placed_by)
);
CREATE INDEX hold_in_force ON hold (camera_id, from_at) WHERE released_at IS NULL;
CREATE INDEX hold_by_time ON hold (placed_at, id);
-- What was deleted of a camera's range.
CREATE INDEX clip_deletion_by_camera ON clip_deletion (camera_id, start_at);

CREATE FUNCTION refuse_loss_of_hold() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE 'holds are released, never deleted';
END $$;
CREATE TRIGGER never_deleted BEFORE DELETE ON hold FOR EACH STATEMENT EXECUTE FUNCTION refuse_loss_of_hold();

-- Keeps a range of a camera from here on and gives what of it can't be kept any more. For the functions below.
CREATE FUNCTION hold_keep(new_id uuid, camera uuid, unit uuid, from_at timestamptz, to_at timestamptz, reason text, review_at timestamptz,
                          person uuid, basis uuid[]) RETURNS tstzmultirange
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  lost  tstzmultirange;
BEGIN
  PERFORM pg_advisory_xact_lock(7926304);
  SELECT coalesce(range_agg(tstzrange(old.start_at, old.end_at)), '{}') * tstzmultirange(tstzrange(from_at, to_at)) INTO lost FROM (
    SELECT clip.start_at, clip.end_at FROM clip
      WHERE clip.camera_id = camera AND clip.start_at > from_at - interval '130 seconds' AND clip.start_at < to_at
        AND clip.expiring_since IS NOT NULL
    UNION ALL
    SELECT deletion.start_at, deletion.end_at FROM clip_deletion AS deletion
      WHERE deletion.camera_id = camera AND deletion.start_at > from_at - interval '130 seconds' AND deletion.start_at < to_at) AS old;
  INSERT INTO hold (id, camera_id, unit_id, from_at, to_at, reason, review_at, placed_by, placed_basis, gone)
    VALUES (new_id, camera, unit, from_at, to_at, reason, review_at, person, basis, lost);
  RETURN lost;
END $$;

-- The second line of holds: whose charge of the camera overlaps a range, of those that one may hold footage of; and whether it covers it.
CREATE FUNCTION holdable_charges(camera uuid, from_at timestamptz, to_at timestamptz) RETURNS TABLE (unit_id uuid, covers boolean)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_variable
BEGIN
  RETURN QUERY SELECT charge.unit_id, charge.valid_from <= from_at AND to_at <= charge.valid_to FROM charge
    WHERE charge.camera_id = camera AND charge.valid_from < to_at AND from_at < charge.valid_to
      AND (sees_whole_trail() OR charge.unit_id = ANY (picture_units()));
END $$;

-- Places a hold in the session of the request and records it; nothing, and nothing done, where the facts are no longer those of
-- `at_epoch`. Gives what of the range was gone already.
CREATE FUNCTION hold_place(new_id uuid, camera uuid, unit uuid, from_at timestamptz, to_at timestamptz, reason text, review_at timestamptz,
                           basis uuid[], terminal text, request_id text, at_epoch bigint) RETURNS tstzmultirange
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  mine  session;
  lost  tstzmultirange;
BEGIN
  SELECT * INTO STRICT mine FROM session_of(current_setting('yagura.session_token', true));
  IF NOT EXISTS (SELECT FROM holdable_charges(camera, from_at, to_at) AS charge WHERE charge.unit_id = unit AND charge.covers) THEN
    RAISE 'no such footage';
  END IF;
  lost := hold_keep(new_id, camera, unit, from_at, to_at, reason, review_at, mine.person_id, basis);
  IF audit_append('hold_placed',
                  jsonb_build_object('hold', new_id, 'person', mine.person_id, 'session', mine.id, 'camera', camera, 'unit', unit,
                                     'from', from_at, 'to', to_at, 'review', review_at, 'gone', lost::text,
                                     'basis', basis, 'terminal', terminal, 'request', request_id, 'epoch', at_epoch)::text,
                  at_epoch) IS NULL THEN
    RETURN NULL;
  END IF;
  RETURN lost;
END $$;

-- Releases a hold in the session of the request and records it: 'released'. Nothing is done where it was released before ('before'),
-- where the same person placed it ('own'), or where the facts are no longer those of `at_epoch` (nothing).
CREATE FUNCTION hold_release(which uuid, reason text, basis uuid[], terminal text, request_id text, at_epoch bigint) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  mine  session;
  held  hold;
BEGIN
  SELECT * INTO STRICT mine FROM session_of(current_setting('yagura.session_token', true));
  SELECT * INTO held FROM hold WHERE hold.id = which AND hold.unit_id = ANY (picture_units()) FOR UPDATE;
  IF NOT FOUND THEN
    RAISE 'no such hold';
  END IF;
  IF held.released_at IS NOT NULL THEN
    RETURN 'before';
  END IF;
  IF held.placed_by = mine.person_id THEN
    RETURN 'own';
  END IF;
  UPDATE hold SET released_at = clock_timestamp(), released_by = mine.person_id, released_basis = basis, release_reason = reason
    WHERE hold.id = which;
  IF audit_append('hold_released',
                  jsonb_build_object('hold', which, 'person', mine.person_id, 'session', mine.id, 'camera', held.camera_id,
                                     'unit', held.unit_id, 'from', held.from_at, 'to', held.to_at, 'basis', basis,
                                     'terminal', terminal, 'request', request_id, 'epoch', at_epoch)::text,
                  at_epoch) IS NULL THEN
    RETURN NULL;
  END IF;
  RETURN 'released';
END $$;
GRANT EXECUTE ON FUNCTION holdable_charges, hold_place, hold_release TO yagura_api;

-- Who may know of a hold: auditors of each, the others of those on their own units' footage.
ALTER TABLE hold ENABLE ROW LEVEL SECURITY;
CREATE POLICY holds ON hold FOR SELECT TO yagura_api
  USING ((SELECT sees_whole_trail()) OR unit_id = ANY ((SELECT picture_units())::uuid[]));
GRANT SELECT ON hold TO yagura_api, yagura_keep, yagura_admin;
-- With names that the policies on people and cameras wouldn't show.
CREATE VIEW seen_hold WITH (security_barrier) AS
  SELECT hold.id, hold.camera_id, camera.code AS camera_code, hold.unit_id, hold.from_at, hold.to_at, hold.reason, hold.review_at,
         hold.placed_at, hold.placed_by, placer.name AS placed_by_name, hold.gone, hold.released_at, hold.released_by,
         releaser.name AS released_by_name, hold.release_reason
  FROM hold JOIN camera ON camera.id = hold.camera_id JOIN person AS placer ON placer.id = hold.placed_by
    LEFT JOIN person AS releaser ON releaser.id = hold.released_by
  WHERE (SELECT sees_whole_trail()) OR hold.unit_id = ANY ((SELECT picture_units())::uuid[]);
GRANT SELECT ON seen_hold TO yagura_api;

-- How much of each volume is held: what no plan may take.
CREATE VIEW volume_held AS
  SELECT volume_id, count(*) AS clips, sum(bytes)::bigint AS bytes FROM (
    SELECT DISTINCT clip.run_id, clip.sequence, clip.start_at, clip.volume_id, clip.bytes
    FROM hold JOIN clip ON clip.camera_id = hold.camera_id AND clip.start_at > hold.from_at - interval '130 seconds'
      AND clip.start_at < hold.to_at AND clip.end_at > hold.from_at
    WHERE hold.released_at IS NULL AND clip.expiring_since IS NULL) AS held
  GROUP BY volume_id;
GRANT SELECT ON volume_held TO yagura_keep, yagura_admin;

ALTER TABLE audit_record DROP CONSTRAINT audit_record_event_check;
ALTER TABLE audit_record ADD CONSTRAINT audit_record_event_check CHECK (event IN (
  'signed_in', 'sign_in_code_asked', 'sign_in_failed', 'sign_in_limited', 'signed_out', 'denied', 'footage_permitted', 'viewing_opened',
  'viewing_delivered', 'unit_added', 'unit_changed', 'person_added', 'person_changed', 'person_disabled', 'assignment_added',
  'assignment_ended', 'place_added', 'place_changed', 'camera_added', 'camera_changed', 'camera_removed', 'charge_changed',
  'phase_added', 'phase_changed', 'phase_started', 'office_imported', 'trail_read', 'hold_placed', 'hold_released'));
