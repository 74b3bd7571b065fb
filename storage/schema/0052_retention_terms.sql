-- Terms of retention: a rule may be that of one camera, floor, building or site; without one of these it is the office's. Added, never
-- edited: no role may. Of several, docs/design/retention.md says which counts; storage/retention_terms.h is that page as code.
ALTER TABLE retention_rule DROP CONSTRAINT retention_rule_pkey;
ALTER TABLE retention_rule
  ADD COLUMN version     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,  -- in the order of entry; proofs of deletion name it
  ADD COLUMN camera_id   uuid REFERENCES camera,
  ADD COLUMN floor_id    uuid REFERENCES floor,
  ADD COLUMN building_id uuid REFERENCES building,
  ADD COLUMN site_id     uuid REFERENCES site,
  -- What the footage is for, as the office's rules say.
  ADD COLUMN purpose     text NOT NULL DEFAULT '' CHECK (octet_length(purpose) <= 1000),
  ADD COLUMN entered_at  timestamptz NOT NULL DEFAULT now(),
  ALTER COLUMN keep DROP NOT NULL,     -- nothing: from then on the term of what it lies in counts again
  ALTER COLUMN minimum DROP NOT NULL,
  ADD CHECK (num_nonnulls(camera_id, floor_id, building_id, site_id) <= 1),
  ADD CHECK (num_nulls(keep, minimum) IN (0, 2)),
  ADD CHECK (keep IS NOT NULL OR num_nonnulls(camera_id, floor_id, building_id, site_id) = 1);

-- Which floors a camera has footage of, and from when to when, told from the index alone: what is due is asked by camera and floor.
CREATE INDEX run_by_camera_and_floor ON run (camera_id, floor_id, start_at);

-- By which plan a clip goes, and by which version of a rule: in the mark, and in the proof. Staged footage goes by no term.
ALTER TABLE clip ADD COLUMN expiring_plan uuid, ADD COLUMN expiring_version bigint;
ALTER TABLE clip_deletion
  ADD COLUMN plan_id      uuid,         -- nothing: deleted before plans had ids
  ADD COLUMN planned_at   timestamptz,
  ADD COLUMN rule_version bigint;
GRANT UPDATE (expiring_plan, expiring_version) ON clip TO yagura_keep;

ALTER TABLE audit_record DROP CONSTRAINT audit_record_event_check;
ALTER TABLE audit_record ADD CONSTRAINT audit_record_event_check CHECK (event IN (
  'signed_in', 'sign_in_code_asked', 'sign_in_failed', 'sign_in_limited', 'signed_out', 'denied', 'footage_permitted', 'viewing_opened',
  'viewing_delivered', 'unit_added', 'unit_changed', 'person_added', 'person_changed', 'person_disabled', 'assignment_added',
  'assignment_ended', 'place_added', 'place_changed', 'camera_added', 'camera_changed', 'camera_removed', 'charge_changed',
  'phase_added', 'phase_changed', 'phase_started', 'office_imported', 'trail_read', 'hold_placed', 'hold_released', 'retention_set'));
