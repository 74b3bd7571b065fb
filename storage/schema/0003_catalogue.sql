-- The catalogue: what lies on the volumes, and what is missing and why. Rows of clips and runs belong wholly to the unit, floor
-- and day of their start.
CREATE TABLE volume (
  id           uuid PRIMARY KEY,
  path         text NOT NULL UNIQUE,
  limit_bytes  bigint CHECK (limit_bytes > 0)  -- nothing: as large as its file system
);

CREATE TABLE run (
  id           uuid PRIMARY KEY,
  camera_id    uuid NOT NULL REFERENCES camera,
  stream       text NOT NULL,
  unit_id      uuid NOT NULL REFERENCES unit,
  floor_id     uuid NOT NULL REFERENCES floor,
  start_at     timestamptz NOT NULL,
  codec        text NOT NULL,      -- RFC 6381, "avc1.4d401f"
  width_px     integer NOT NULL,
  height_px    integer NOT NULL,
  init_sha256  bytea NOT NULL      -- of the init segment, the same in every clip of the run
);

CREATE TABLE clip (
  run_id          uuid NOT NULL REFERENCES run,
  sequence        integer NOT NULL CHECK (sequence >= 0),
  camera_id       uuid NOT NULL REFERENCES camera,
  stream          text NOT NULL,
  unit_id         uuid NOT NULL REFERENCES unit,
  floor_id        uuid NOT NULL REFERENCES floor,
  volume_id       uuid NOT NULL REFERENCES volume,
  start_at        timestamptz NOT NULL,
  end_at          timestamptz NOT NULL,
  media_start     bigint NOT NULL,  -- ticks of 1/90000 s: the presentation time that start_at is paired with
  media_end       bigint NOT NULL,
  bytes           bigint NOT NULL CHECK (bytes > 0),
  header_bytes    integer NOT NULL,  -- init segment
  fragments_from  integer NOT NULL,  -- offset of the first fragment
  fragments_to    bigint NOT NULL,   -- offset of the trailer, or the end where it has none
  sha256          bytea NOT NULL,
  frames          integer NOT NULL,
  keyframes       bytea NOT NULL,    -- packed (media time, offset of its fragment): storage/keyframe_list.h
  lead_in_run_id     uuid,           -- where the first frame can't be decoded alone: clip that holds its keyframe
  lead_in_sequence   integer,
  ended_by        text NOT NULL,     -- rolled, run_end, recovered, condemned
  expiring_since  timestamptz,       -- set before the file is unlinked; such a clip is handed to nobody
  PRIMARY KEY (run_id, sequence, start_at),
  CHECK (start_at < end_at AND end_at <= start_at + interval '130 seconds')
) PARTITION BY RANGE (start_at);
CREATE INDEX clip_by_camera ON clip (camera_id, start_at);
CREATE INDEX clip_by_floor ON clip (floor_id, start_at);

CREATE TABLE gap (
  id         uuid NOT NULL,
  camera_id  uuid NOT NULL REFERENCES camera,
  stream     text NOT NULL,
  unit_id    uuid NOT NULL REFERENCES unit,
  floor_id   uuid NOT NULL REFERENCES floor,
  start_at   timestamptz NOT NULL,
  end_at     timestamptz,            -- nothing: it goes on
  reason     text NOT NULL,
  PRIMARY KEY (id),
  CHECK (end_at IS NULL OR start_at < end_at)
);
CREATE INDEX gap_by_camera ON gap (camera_id, start_at);
CREATE INDEX gap_open ON gap (camera_id) WHERE end_at IS NULL;

-- Proof that a clip was deleted, when and by which rule; also keeps an old journal from bringing its row back.
CREATE TABLE clip_deletion (
  run_id      uuid NOT NULL,
  sequence    integer NOT NULL,
  camera_id   uuid NOT NULL,
  unit_id     uuid NOT NULL,
  floor_id    uuid NOT NULL,
  start_at    timestamptz NOT NULL,
  end_at      timestamptz NOT NULL,
  bytes       bigint NOT NULL,
  sha256      bytea NOT NULL,
  deleted_at  timestamptz NOT NULL DEFAULT now(),
  rule        text NOT NULL CHECK (rule IN ('age', 'space')),
  PRIMARY KEY (run_id, sequence)
);

-- How long footage is kept, from a date on. The newest rule that has begun counts.
CREATE TABLE retention_rule (
  valid_from  timestamptz PRIMARY KEY,
  keep        interval NOT NULL CHECK (keep > interval '0'),
  minimum     interval NOT NULL CHECK (minimum >= interval '0'),
  CHECK (minimum <= keep)
);
INSERT INTO retention_rule (valid_from, keep, minimum) VALUES ('-infinity', interval '30 days', interval '7 days');
