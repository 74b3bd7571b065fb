-- Clips that are being written: a row from when the recorder begins one until its row in `clip` comes, in the transaction that brings
-- it. What such a clip holds so far its file alone knows. No row refers to another, so that nothing keeps a row out.
CREATE TABLE growing_clip (
  run_id            uuid NOT NULL,
  sequence          integer NOT NULL,
  camera_id         uuid NOT NULL,
  stream            text NOT NULL,
  unit_id           uuid NOT NULL,
  floor_id          uuid NOT NULL,
  volume_id         uuid NOT NULL,
  start_at          timestamptz NOT NULL,
  media_start       bigint NOT NULL,
  lead_in_run_id    uuid,
  lead_in_sequence  integer,
  lead_in_offset    bigint,
  clock             text NOT NULL,
  PRIMARY KEY (run_id, sequence)
);
CREATE INDEX growing_clip_by_camera ON growing_clip (camera_id);

-- When the recorder last said that it lives, by the journal: what it told of until then is all here.
CREATE TABLE recorder_alive (
  only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  at        timestamptz NOT NULL
);

-- Seen by whoever sees the clip that it becomes.
ALTER TABLE growing_clip ENABLE ROW LEVEL SECURITY;
CREATE POLICY pictures ON growing_clip FOR SELECT TO yagura_api, yagura_media
  USING (unit_id = ANY ((SELECT picture_units())::uuid[]) AND NOT EXISTS (
    SELECT FROM facts_camera_state AS was WHERE was.camera_id = growing_clip.camera_id AND was.state = 'staged'
      AND was.valid_from <= growing_clip.start_at AND growing_clip.start_at < was.valid_to));

GRANT SELECT, INSERT, DELETE ON growing_clip TO yagura_record;
GRANT SELECT, INSERT, UPDATE ON recorder_alive TO yagura_record;
GRANT SELECT ON growing_clip TO yagura_api, yagura_media;

-- What is being recorded, as far as that is certain: a camera's silence is noticed, and in the journal, six seconds after it began. A
-- recorder that died reaches no further.
CREATE FUNCTION growing_stretches(camera uuid, from_at timestamptz, to_at timestamptz)
  RETURNS TABLE (unit_id uuid, start_at timestamptz, end_at timestamptz)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  all_metadata  boolean := sees_all_metadata();
  units         uuid[] := CASE WHEN all_metadata THEN '{}' ELSE picture_units() END;
BEGIN
  RETURN QUERY
  SELECT growing.unit_id, greatest(growing.start_at, from_at), least(reaches.to_at, growing_stretches.to_at)
    FROM growing_clip AS growing,
      LATERAL (SELECT least(alive.at - interval '6 seconds', growing.start_at + interval '130 seconds') AS to_at
               FROM recorder_alive AS alive) AS reaches
    WHERE camera_id = camera AND stream = 'main' AND growing.start_at < growing_stretches.to_at AND from_at < reaches.to_at
      AND growing.start_at < reaches.to_at
      AND NOT EXISTS (SELECT FROM clip WHERE clip.run_id = growing.run_id AND clip.sequence = growing.sequence
                        AND clip.start_at = growing.start_at)
      AND (all_metadata OR (growing.unit_id = ANY (units) AND NOT EXISTS (
        SELECT FROM camera_state AS was WHERE was.camera_id = growing.camera_id AND was.state = 'staged'
          AND was.valid_from <= growing.start_at AND growing.start_at < was.valid_to)))
    ORDER BY 2;
END $$;
GRANT EXECUTE ON FUNCTION growing_stretches TO yagura_api, yagura_media;
