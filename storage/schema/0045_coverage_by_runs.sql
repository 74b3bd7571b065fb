-- What is recorded of a camera is told from its runs, not from its clips: two rows a day instead of 1,440. A run says from when to when its
-- clips reach and how long they are together; where that is the same, they lie side by side, and the run is one stretch. Where it isn't,
-- clips are missing in it, and the clips are asked. Kept by triggers, so that it is true whoever adds, marks or deletes clips. Runs from
-- before this say nothing (null): their clips are asked, until the last of them has expired.
ALTER TABLE run ADD COLUMN clips_from timestamptz, ADD COLUMN clips_to timestamptz, ADD COLUMN recorded interval;
ALTER TABLE run ALTER COLUMN recorded SET DEFAULT '0';

CREATE FUNCTION add_to_runs() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE run SET clips_from = least(run.clips_from, added.clips_from), clips_to = greatest(run.clips_to, added.clips_to),
                 recorded = run.recorded + added.recorded
    FROM (SELECT run_id, min(start_at) AS clips_from, max(end_at) AS clips_to, sum(end_at - start_at) AS recorded
          FROM changed_clip WHERE expiring_since IS NULL GROUP BY run_id ORDER BY run_id) AS added
    WHERE run.id = added.run_id;
  RETURN NULL;
END $$;

-- What goes from either end moves that end; what goes from the middle makes the run one whose clips are asked.
CREATE FUNCTION take_from_runs() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE run SET clips_from = CASE WHEN run.clips_from = gone.clips_from THEN gone.clips_to ELSE run.clips_from END,
                 clips_to = CASE WHEN run.clips_from <> gone.clips_from AND run.clips_to = gone.clips_to THEN gone.clips_from
                                 ELSE run.clips_to END,
                 recorded = run.recorded - gone.recorded
    FROM (SELECT run_id, min(start_at) AS clips_from, max(end_at) AS clips_to, sum(end_at - start_at) AS recorded
          FROM changed_clip WHERE expiring_since IS NULL GROUP BY run_id ORDER BY run_id) AS gone
    WHERE run.id = gone.run_id;
  RETURN NULL;
END $$;

-- A clip that is marked as expiring is there for nobody; one whose mark is taken back is there again. By EXCEPT, which hashes: the two
-- tables of a statement have neither index nor statistics to join them by.
CREATE FUNCTION mark_in_runs() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE run SET clips_from = CASE WHEN run.clips_from = gone.clips_from THEN gone.clips_to ELSE run.clips_from END,
                 clips_to = CASE WHEN run.clips_from <> gone.clips_from AND run.clips_to = gone.clips_to THEN gone.clips_from
                                 ELSE run.clips_to END,
                 recorded = run.recorded - gone.recorded
    FROM (SELECT run_id, min(start_at) AS clips_from, max(end_at) AS clips_to, sum(end_at - start_at) AS recorded
          FROM (SELECT run_id, sequence, start_at, end_at FROM clip_before WHERE expiring_since IS NULL
                EXCEPT SELECT run_id, sequence, start_at, end_at FROM clip_after WHERE expiring_since IS NULL) AS marked
          GROUP BY run_id ORDER BY run_id) AS gone
    WHERE run.id = gone.run_id;
  UPDATE run SET clips_from = least(run.clips_from, back.clips_from), clips_to = greatest(run.clips_to, back.clips_to),
                 recorded = run.recorded + back.recorded
    FROM (SELECT run_id, min(start_at) AS clips_from, max(end_at) AS clips_to, sum(end_at - start_at) AS recorded
          FROM (SELECT run_id, sequence, start_at, end_at FROM clip_after WHERE expiring_since IS NULL
                EXCEPT SELECT run_id, sequence, start_at, end_at FROM clip_before WHERE expiring_since IS NULL) AS unmarked
          GROUP BY run_id ORDER BY run_id) AS back
    WHERE run.id = back.run_id;
  RETURN NULL;
END $$;

CREATE TRIGGER runs_added_to AFTER INSERT ON clip REFERENCING NEW TABLE AS changed_clip
  FOR EACH STATEMENT EXECUTE FUNCTION add_to_runs();
CREATE TRIGGER runs_taken_from AFTER DELETE ON clip REFERENCING OLD TABLE AS changed_clip
  FOR EACH STATEMENT EXECUTE FUNCTION take_from_runs();
CREATE TRIGGER runs_marked AFTER UPDATE ON clip REFERENCING OLD TABLE AS clip_before NEW TABLE AS clip_after
  FOR EACH STATEMENT EXECUTE FUNCTION mark_in_runs();

-- As in 0005. A stretch lies within [from_at, to_at).
CREATE OR REPLACE FUNCTION recorded_stretches(camera uuid, from_at timestamptz, to_at timestamptz)
  RETURNS TABLE (unit_id uuid, start_at timestamptz, end_at timestamptz)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  all_metadata  boolean := sees_all_metadata();
  units         uuid[] := CASE WHEN all_metadata THEN '{}' ELSE picture_units() END;
  asked         uuid[];  -- runs whose clips are asked
BEGIN
  -- Clips of a run start within 26 hours of it.
  SELECT array_agg(run.id) INTO asked FROM run
    WHERE camera_id = camera AND stream = 'main' AND run.start_at > from_at - interval '26 hours' AND run.start_at < to_at
      AND (recorded IS NULL OR recorded <> clips_to - clips_from OR EXISTS (
        SELECT FROM camera_state AS was WHERE was.camera_id = camera AND was.state = 'staged'
          AND was.valid_from < clips_to AND clips_from < was.valid_to));
  RETURN QUERY
  SELECT run.unit_id, greatest(clips_from, from_at), least(clips_to, to_at) FROM run
    WHERE camera_id = camera AND stream = 'main' AND run.start_at > from_at - interval '26 hours' AND run.start_at < to_at
      AND clips_from < to_at AND from_at < clips_to AND clips_from < clips_to AND run.id <> ALL (coalesce(asked, '{}'))
      AND (all_metadata OR run.unit_id = ANY (units))
    ORDER BY 2;
  IF asked IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY
  WITH
    seen AS (
      SELECT run_id, clip.unit_id, clip.start_at, clip.end_at,
             clip.start_at IS DISTINCT FROM lag(clip.end_at) OVER (PARTITION BY run_id ORDER BY clip.start_at) AS is_first
      FROM clip
      WHERE camera_id = camera AND stream = 'main' AND expiring_since IS NULL AND run_id = ANY (asked)
        AND clip.start_at > from_at - interval '130 seconds' AND clip.start_at < to_at AND clip.end_at > from_at
        AND (all_metadata OR (clip.unit_id = ANY (units) AND NOT EXISTS (
          SELECT FROM camera_state AS was WHERE was.camera_id = clip.camera_id AND was.state = 'staged'
            AND was.valid_from <= clip.start_at AND clip.start_at < was.valid_to)))),
    numbered AS (SELECT *, count(*) FILTER (WHERE is_first) OVER (PARTITION BY run_id ORDER BY seen.start_at) AS stretch FROM seen)
  SELECT (array_agg(numbered.unit_id))[1], greatest(min(numbered.start_at), from_at), least(max(numbered.end_at), to_at)
    FROM numbered GROUP BY run_id, stretch ORDER BY 2;
END $$;
