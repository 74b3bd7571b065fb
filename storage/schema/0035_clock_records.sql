-- What the recorder knew of clocks, and of what reached it: a row for each change, or for ten minutes; never one a second.

-- Our clock was set by half a second or more: it went on from after_at where it would have shown before_at. Where after_at is the
-- earlier one, the time between was lived twice.
CREATE TABLE clock_step (
  id         uuid PRIMARY KEY,
  before_at  timestamptz NOT NULL,
  after_at   timestamptz NOT NULL
);

-- What a camera's own clock showed beside ours, from its sender reports. Its footage is dated by ours all the same.
CREATE TABLE camera_clock (
  camera_id  uuid NOT NULL REFERENCES camera,
  at         timestamptz NOT NULL,
  offset_us  bigint NOT NULL,  -- the camera's minus ours
  drift_ppb  bigint,           -- how fast it runs away; nothing before a minute of reports
  PRIMARY KEY (camera_id, at)
);

-- What of a camera's media never came whole, or was dropped by us, in [from_at, to_at).
CREATE TABLE reception (
  camera_id          uuid NOT NULL REFERENCES camera,
  from_at            timestamptz NOT NULL,
  to_at              timestamptz NOT NULL,
  packets_lost       bigint NOT NULL CHECK (packets_lost >= 0),
  frames_damaged     bigint NOT NULL CHECK (frames_damaged >= 0),
  fragments_dropped  bigint NOT NULL CHECK (fragments_dropped >= 0),
  PRIMARY KEY (camera_id, from_at)
);

ALTER TABLE clock_step ENABLE ROW LEVEL SECURITY;  -- requests read none of these
ALTER TABLE camera_clock ENABLE ROW LEVEL SECURITY;
ALTER TABLE reception ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON clock_step, camera_clock, reception TO yagura_record;
GRANT SELECT ON clock_step, camera_clock, reception TO yagura_keep;

-- As in 0033, but where our clock had run ahead and was set right, the newest run by its start is not the one that goes on, and the
-- newest gap lies in a time to come: a camera is recorded where a run goes on, since the last gap before that.
CREATE INDEX run_open ON run (camera_id, start_at) WHERE end_at IS NULL;
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
           WHEN open_run.start_at IS NOT NULL AND recorder.is_there THEN 'recording'
           ELSE 'unknown' END AS condition
    FROM charge JOIN camera_state USING (camera_id) JOIN placement USING (camera_id)
      CROSS JOIN (SELECT EXISTS (SELECT FROM pg_stat_activity  -- the name of each session's role is shown to everyone
                                 WHERE usename = 'yagura_record' AND datname = current_database()) AS is_there) AS recorder
      LEFT JOIN LATERAL (SELECT start_at, end_at FROM run WHERE run.camera_id = charge.camera_id AND stream = 'main'
                         ORDER BY start_at DESC LIMIT 1) AS newest ON true
      LEFT JOIN LATERAL (SELECT start_at FROM run WHERE run.camera_id = charge.camera_id AND stream = 'main' AND end_at IS NULL
                         ORDER BY start_at DESC LIMIT 1) AS open_run ON true
      LEFT JOIN LATERAL (SELECT start_at, reason FROM gap WHERE gap.camera_id = charge.camera_id AND stream = 'main' AND end_at IS NULL
                         ORDER BY start_at DESC LIMIT 1) AS open_gap ON true
      LEFT JOIN LATERAL (SELECT end_at FROM gap WHERE gap.camera_id = charge.camera_id AND stream = 'main' AND start_at < end_at
                           AND end_at <= open_run.start_at
                         ORDER BY end_at DESC LIMIT 1) AS last_gap ON true
    WHERE camera_state.state IN ('staged', 'in_service')
      AND charge.valid_from < camera_state.valid_to AND camera_state.valid_from < charge.valid_to
      AND charge.valid_from < placement.valid_to AND placement.valid_from < charge.valid_to
      AND camera_state.valid_from < placement.valid_to AND placement.valid_from < camera_state.valid_to) AS told
    LEFT JOIN picture_fault USING (camera_id);
