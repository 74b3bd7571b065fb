-- What is wrong with the pictures of cameras that are recorded: a row for each whose picture is black or frozen, as long as it is.
-- Only the recorder tells it, on every change.
CREATE TABLE picture_fault (
  camera_id  uuid PRIMARY KEY REFERENCES camera,
  fault      text NOT NULL CHECK (fault IN ('black', 'frozen')),
  since      timestamptz NOT NULL
);
ALTER TABLE picture_fault ENABLE ROW LEVEL SECURITY;  -- requests read it in seen_camera_health alone
GRANT SELECT, INSERT, UPDATE, DELETE ON picture_fault TO yagura_record;

-- As in 0021, with the fault, where the camera is recorded; since its own charge and state at the earliest.
CREATE OR REPLACE VIEW camera_health AS
  SELECT camera_id, unit_id, state, due_from, due_to, condition, reason,
    CASE condition WHEN 'recording' THEN greatest(mine_from, gap_end)
                   WHEN 'missing' THEN CASE WHEN run_start IS NULL THEN mine_from ELSE greatest(mine_from, least(run_end, gap_start)) END
    END AS since,
    CASE condition WHEN 'recording' THEN picture_fault.fault END AS picture_fault,
    CASE condition WHEN 'recording' THEN greatest(mine_from, picture_fault.since) END AS picture_since
  FROM (
    SELECT charge.camera_id, charge.unit_id, camera_state.state,
      greatest(charge.valid_from, camera_state.valid_from) AS mine_from,
      greatest(charge.valid_from, camera_state.valid_from, placement.valid_from) AS due_from,
      least(charge.valid_to, camera_state.valid_to, placement.valid_to) AS due_to,
      newest.start_at AS run_start, newest.end_at AS run_end, open_gap.start_at AS gap_start, open_gap.reason, last_gap.end_at AS gap_end,
      CASE WHEN open_gap.start_at IS NOT NULL THEN 'missing'
           WHEN newest.start_at IS NOT NULL AND newest.end_at IS NULL AND recorder.is_there THEN 'recording'
           ELSE 'unknown' END AS condition
    FROM charge JOIN camera_state USING (camera_id) JOIN placement USING (camera_id)
      CROSS JOIN (SELECT EXISTS (SELECT FROM pg_stat_activity  -- the name of each session's role is shown to everyone
                                 WHERE usename = 'yagura_record' AND datname = current_database()) AS is_there) AS recorder
      LEFT JOIN LATERAL (SELECT start_at, end_at FROM run WHERE run.camera_id = charge.camera_id AND stream = 'main'
                         ORDER BY start_at DESC LIMIT 1) AS newest ON true
      LEFT JOIN LATERAL (SELECT start_at, reason FROM gap WHERE gap.camera_id = charge.camera_id AND stream = 'main' AND end_at IS NULL
                         ORDER BY start_at DESC LIMIT 1) AS open_gap ON true
      LEFT JOIN LATERAL (SELECT end_at FROM gap WHERE gap.camera_id = charge.camera_id AND stream = 'main' AND start_at < end_at
                         ORDER BY end_at DESC LIMIT 1) AS last_gap ON true
    WHERE camera_state.state IN ('staged', 'in_service')
      AND charge.valid_from < camera_state.valid_to AND camera_state.valid_from < charge.valid_to
      AND charge.valid_from < placement.valid_to AND placement.valid_from < charge.valid_to
      AND camera_state.valid_from < placement.valid_to AND placement.valid_from < camera_state.valid_to) AS told
    LEFT JOIN picture_fault USING (camera_id);
CREATE OR REPLACE VIEW seen_camera_health WITH (security_barrier) AS
  SELECT camera_id, condition, reason, since, picture_fault, picture_since
  FROM camera_health
  WHERE due_from <= (SELECT context_as_of()) AND (SELECT context_as_of()) < due_to
    AND ((SELECT sees_all_metadata()) OR (state = 'in_service' AND unit_id = ANY ((SELECT picture_units())::uuid[])));
