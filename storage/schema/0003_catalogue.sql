-- The catalogue: what lies on the volumes, and what is missing and why. Rows of clips and runs belong wholly to the unit, floor
-- and day of their start.
CREATE TABLE volume (
  id            uuid PRIMARY KEY,
  path          text NOT NULL,
  limit_bytes   bigint CHECK (limit_bytes > 0),  -- nothing: as large as its file system
  stored_bytes  bigint NOT NULL DEFAULT 0,       -- sum of its clips' bytes, kept by triggers on clip
  stored_clips  bigint NOT NULL DEFAULT 0,       -- their number, kept alike
  full_since    timestamptz                      -- set while it is full and nothing on it may be deleted: recording stops there
);

CREATE TABLE run (
  id           uuid PRIMARY KEY,
  camera_id    uuid NOT NULL REFERENCES camera,
  stream       text NOT NULL,
  unit_id      uuid NOT NULL REFERENCES unit,
  floor_id     uuid NOT NULL REFERENCES floor,
  start_at     timestamptz NOT NULL,
  end_at       timestamptz,        -- nothing: it goes on, or the recorder died and has not said where it ended
  media_start  bigint NOT NULL,    -- ticks of 1/90000 s, paired with start_at
  media_end    bigint,
  clock        text NOT NULL,      -- unknown, synchronised, unsynchronised, repeated: how far our clock could be trusted
  codec        text NOT NULL,      -- RFC 6381, "avc1.4d401f"
  width_px     integer NOT NULL,
  height_px    integer NOT NULL,
  init_sha256  bytea NOT NULL      -- of the init segment, the same in every clip of the run
);
CREATE INDEX run_by_camera ON run (camera_id, start_at);

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
  fragments_to    bigint NOT NULL,   -- offset of the trailer; equals bytes where it has none
  sha256          bytea NOT NULL,
  frames          integer NOT NULL,
  keyframes       bytea NOT NULL,    -- packed (media time, offset of its fragment): storage/keyframe_list.h
  lead_in_run_id     uuid,           -- where the first frame can't be decoded alone: clip that holds its keyframe
  lead_in_sequence   integer,
  lead_in_offset     bigint,         -- where the fragment with that keyframe starts in its file
  clock           text NOT NULL,     -- as in run
  ended_by        text NOT NULL,     -- rolled, run_end, recovered, condemned
  expiring_since  timestamptz,       -- set before the file is unlinked; such a clip is handed to nobody
  expiring_rule   text CHECK (expiring_rule IN ('age', 'space')),
  PRIMARY KEY (run_id, sequence, start_at),
  CHECK (start_at < end_at AND end_at <= start_at + interval '130 seconds'),
  CHECK (header_bytes <= fragments_from AND fragments_from <= fragments_to AND fragments_to <= bytes),
  CHECK (num_nulls(lead_in_run_id, lead_in_sequence, lead_in_offset) IN (0, 3)),
  CHECK (num_nulls(expiring_since, expiring_rule) IN (0, 2))
) PARTITION BY RANGE (start_at);
CREATE INDEX clip_by_camera ON clip (camera_id, start_at);
CREATE INDEX clip_by_floor ON clip (floor_id, start_at);
CREATE INDEX clip_by_volume ON clip (volume_id, start_at);  -- the oldest first, for deletion
CREATE INDEX clip_expiring ON clip (volume_id, start_at, run_id, sequence) WHERE expiring_since IS NOT NULL;

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
  CHECK (end_at IS NULL OR start_at <= end_at)  -- equal: there was none after all
);
CREATE INDEX gap_by_camera ON gap (camera_id, start_at);
CREATE INDEX gap_by_end ON gap (camera_id, end_at);
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

-- Bytes per volume, so that asking for them never reads millions of rows.
CREATE FUNCTION count_clip_bytes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE volume SET stored_bytes = stored_bytes + CASE TG_OP WHEN 'INSERT' THEN changed.bytes ELSE -changed.bytes END,
                    stored_clips = stored_clips + CASE TG_OP WHEN 'INSERT' THEN changed.clips ELSE -changed.clips END
    FROM (SELECT volume_id, sum(bytes)::bigint AS bytes, count(*) AS clips FROM changed_clip GROUP BY volume_id) AS changed
    WHERE volume.id = changed.volume_id;
  RETURN NULL;
END $$;
CREATE TRIGGER bytes_added AFTER INSERT ON clip REFERENCING NEW TABLE AS changed_clip
  FOR EACH STATEMENT EXECUTE FUNCTION count_clip_bytes();
CREATE TRIGGER bytes_removed AFTER DELETE ON clip REFERENCING OLD TABLE AS changed_clip
  FOR EACH STATEMENT EXECUTE FUNCTION count_clip_bytes();

-- The partitions of clip, one for each of the office's days [from_day, to_day), made where they are missing. A partition is attached, not
-- created in place, because attaching lets readers and writers of clip go on. Gives the number made.
CREATE FUNCTION ensure_clip_partitions(from_day date, to_day date, office_zone text) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  day   date;
  name  text;
  made  integer := 0;
BEGIN
  IF to_day - from_day > 400 THEN
    RAISE 'more than 400 days of partitions asked for';
  END IF;
  -- Usually all are there, and nobody need wait for anybody.
  IF NOT EXISTS (SELECT FROM generate_series(0, to_day - from_day - 1) AS i
                 WHERE to_regclass('public.clip_' || to_char(from_day + i, 'YYYYMMDD')) IS NULL) THEN
    RETURN 0;
  END IF;
  PERFORM pg_advisory_xact_lock(7926302);
  FOR day IN SELECT from_day + i FROM generate_series(0, to_day - from_day - 1) AS i LOOP
    name := 'clip_' || to_char(day, 'YYYYMMDD');
    CONTINUE WHEN to_regclass('public.' || name) IS NOT NULL;
    EXECUTE format('CREATE TABLE public.%I (LIKE public.clip INCLUDING ALL)', name);
    EXECUTE format('ALTER TABLE public.clip ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)', name,
                   day::timestamp AT TIME ZONE office_zone, (day + 1)::timestamp AT TIME ZONE office_zone);
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;

-- Drops the partitions of days before `before` that hold no row: nothing is ever deleted by dropping. Gives the number dropped.
CREATE FUNCTION drop_empty_clip_partitions(before date) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  name      name;
  has_rows  boolean;
  dropped   integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(7926302);
  FOR name IN SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
              WHERE inhparent = 'public.clip'::regclass AND relname < 'clip_' || to_char(before, 'YYYYMMDD') ORDER BY relname LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO has_rows;
    CONTINUE WHEN has_rows;
    LOCK TABLE ONLY public.clip IN ACCESS EXCLUSIVE MODE;  -- from here on nobody can add one
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO has_rows;
    CONTINUE WHEN has_rows;
    EXECUTE format('DROP TABLE public.%I', name);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END $$;

-- Rights. Nobody but the owner has any on a partition: a right there would go around the row security of clip. The recorder adds
-- rows and says where a run or gap ends; only `keep` marks and deletes clips.
GRANT EXECUTE ON FUNCTION ensure_clip_partitions TO yagura_record, yagura_keep;
GRANT EXECUTE ON FUNCTION drop_empty_clip_partitions TO yagura_keep;

GRANT SELECT, INSERT, UPDATE (path, limit_bytes) ON volume TO yagura_record;
GRANT SELECT, INSERT, UPDATE (end_at, media_end) ON run TO yagura_record;
GRANT SELECT, INSERT ON clip TO yagura_record;
GRANT SELECT, INSERT, UPDATE (end_at) ON gap TO yagura_record;
GRANT SELECT ON clip_deletion TO yagura_record;

GRANT SELECT, UPDATE (full_since) ON volume TO yagura_keep;
GRANT SELECT ON run, gap, retention_rule TO yagura_keep;
GRANT SELECT, UPDATE (expiring_since, expiring_rule), DELETE ON clip TO yagura_keep;
GRANT SELECT, INSERT ON clip_deletion TO yagura_keep;

GRANT SELECT ON run, clip, gap TO yagura_api, yagura_media;
GRANT SELECT ON volume TO yagura_media;

GRANT SELECT, INSERT ON retention_rule TO yagura_admin;
