-- Each day's statement on what is kept (docs/design/retention.md) is a record of the audit log. It counts the day's proofs of deletion and
-- has their checksum: proofs are found by the time of the deletion, which rises as they are added.
CREATE INDEX clip_deletion_by_time ON clip_deletion USING brin (deleted_at) WITH (pages_per_range = 16, autosummarize = on);

ALTER TABLE audit_record DROP CONSTRAINT audit_record_event_check;
ALTER TABLE audit_record ADD CONSTRAINT audit_record_event_check CHECK (event IN (
  'signed_in', 'sign_in_code_asked', 'sign_in_failed', 'sign_in_limited', 'signed_out', 'denied', 'footage_permitted', 'viewing_opened',
  'viewing_delivered', 'unit_added', 'unit_changed', 'person_added', 'person_changed', 'person_disabled', 'assignment_added',
  'assignment_ended', 'place_added', 'place_changed', 'camera_added', 'camera_changed', 'camera_removed', 'charge_changed',
  'phase_added', 'phase_changed', 'phase_started', 'office_imported', 'trail_read', 'hold_placed', 'hold_released', 'retention_set',
  'retention_stated'));
