-- The second line: what a request reads is filtered again here, by rules computed anew from the tables, not by what the program
-- decided. The context is the session's token itself: whoever can make the program run other SQL still can't become anyone whose
-- token he doesn't have. Without a context, and at an instant that is not about now, there are no rows.
--
-- Row security is enabled, not forced: the owner is no service's role, and the functions below, which are its, read everything.
-- The functions are PL/pgSQL because it keeps their plans; SQL functions are planned at every call.

CREATE FUNCTION context_as_of() RETURNS timestamptz LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  as_of  timestamptz := nullif(current_setting('yagura.as_of', true), '');
BEGIN
  IF as_of BETWEEN clock_timestamp() - interval '10 seconds' AND clock_timestamp() + interval '10 seconds' THEN
    RETURN as_of;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION context_person() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  as_of  timestamptz := context_as_of();
BEGIN
  RETURN (SELECT person.id FROM session_of(nullif(current_setting('yagura.session_token', true), '')) AS mine
            JOIN person ON person.id = mine.person_id
          WHERE as_of IS NOT NULL AND (person.disabled_at IS NULL OR as_of < person.disabled_at));
END $$;

-- The posts that give something now: the assignment and its unit are valid.
CREATE FUNCTION context_posts() RETURNS TABLE (post text, unit_id uuid)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  as_of  timestamptz := context_as_of();
  me     uuid := context_person();
BEGIN
  RETURN QUERY SELECT assignment.post, assignment.unit_id FROM assignment JOIN unit ON unit.id = assignment.unit_id
    WHERE assignment.person_id = me
      AND assignment.valid_from <= as_of AND as_of < assignment.valid_to AND unit.valid_from <= as_of AND as_of < unit.valid_to;
END $$;

-- Units whose pictures may be seen: the post's own and all below; for the crisis desk all below the post's controller.
CREATE FUNCTION picture_units() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN (
    WITH RECURSIVE
      mine AS MATERIALIZED (SELECT * FROM context_posts()),
      above (id) AS (
        SELECT unit_id FROM mine WHERE post = 'crisis_management'
        UNION SELECT unit.parent_id FROM above JOIN unit USING (id) WHERE unit.parent_id IS NOT NULL),
      visible (id) AS (
        SELECT unit_id FROM mine WHERE post IN ('department_head', 'general_manager')
        UNION SELECT unit.id FROM above JOIN unit USING (id) WHERE unit.parent_id IS NULL
        UNION SELECT unit.id FROM visible JOIN unit ON unit.parent_id = visible.id)
    SELECT coalesce(array_agg(id), '{}') FROM visible);
END $$;

-- Whether metadata of everything may be seen.
CREATE FUNCTION sees_all_metadata() RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT FROM context_posts() WHERE post IN ('operations', 'administrator'));
END $$;

CREATE FUNCTION own_units() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN (SELECT coalesce(array_agg(unit_id), '{}') FROM context_posts());
END $$;

GRANT EXECUTE ON FUNCTION context_as_of, context_person, context_posts, picture_units, sees_all_metadata, own_units
  TO yagura_api, yagura_media;

-- Footage recorded while its camera was being set up is seen by nobody. The policies ask the owner's view, which doesn't depend on
-- whose request it is, in plain SQL: a function would cost ten times as much per row.
CREATE INDEX camera_state_staged ON camera_state (camera_id, valid_from) WHERE state = 'staged';

-- Pictures.
ALTER TABLE clip ENABLE ROW LEVEL SECURITY;
CREATE POLICY pictures ON clip FOR SELECT TO yagura_api, yagura_media
  USING (unit_id = ANY ((SELECT picture_units())::uuid[]) AND expiring_since IS NULL AND NOT EXISTS (
    SELECT FROM facts_camera_state AS was WHERE was.camera_id = clip.camera_id AND was.state = 'staged'
      AND was.valid_from <= clip.start_at AND clip.start_at < was.valid_to));
ALTER TABLE run ENABLE ROW LEVEL SECURITY;
CREATE POLICY pictures ON run FOR SELECT TO yagura_api, yagura_media
  USING (unit_id = ANY ((SELECT picture_units())::uuid[]) AND NOT EXISTS (
    SELECT FROM facts_camera_state AS was WHERE was.camera_id = run.camera_id AND was.state = 'staged'
      AND was.valid_from <= run.start_at AND run.start_at < was.valid_to));

-- What is missing is no picture: whoever sees all metadata sees all gaps.
ALTER TABLE gap ENABLE ROW LEVEL SECURITY;
CREATE POLICY coverage ON gap FOR SELECT TO yagura_api, yagura_media
  USING ((SELECT sees_all_metadata()) OR (unit_id = ANY ((SELECT picture_units())::uuid[]) AND NOT EXISTS (
    SELECT FROM facts_camera_state AS was WHERE was.camera_id = gap.camera_id AND was.state = 'staged'
      AND was.valid_from <= gap.start_at AND gap.start_at < was.valid_to)));

-- Metadata. A charge shows once it has begun; a camera by any charge; its placements and states while such a charge lasted.
ALTER TABLE charge ENABLE ROW LEVEL SECURITY;
CREATE POLICY metadata ON charge FOR SELECT TO yagura_api, yagura_media
  USING ((SELECT sees_all_metadata()) OR (unit_id = ANY ((SELECT picture_units())::uuid[]) AND valid_from <= (SELECT context_as_of())));
ALTER TABLE camera ENABLE ROW LEVEL SECURITY;
CREATE POLICY metadata ON camera FOR SELECT TO yagura_api, yagura_media
  USING ((SELECT sees_all_metadata()) OR EXISTS (SELECT FROM charge WHERE charge.camera_id = camera.id));
ALTER TABLE placement ENABLE ROW LEVEL SECURITY;
CREATE POLICY metadata ON placement FOR SELECT TO yagura_api, yagura_media
  USING ((SELECT sees_all_metadata()) OR (valid_from <= (SELECT context_as_of()) AND EXISTS (
    SELECT FROM charge WHERE charge.camera_id = placement.camera_id
      AND charge.valid_from < placement.valid_to AND placement.valid_from < charge.valid_to)));
ALTER TABLE camera_state ENABLE ROW LEVEL SECURITY;
CREATE POLICY metadata ON camera_state FOR SELECT TO yagura_api, yagura_media
  USING ((SELECT sees_all_metadata()) OR (valid_from <= (SELECT context_as_of()) AND EXISTS (
    SELECT FROM charge WHERE charge.camera_id = camera_state.camera_id
      AND charge.valid_from < camera_state.valid_to AND camera_state.valid_from < charge.valid_to)));
ALTER TABLE floor ENABLE ROW LEVEL SECURITY;
CREATE POLICY metadata ON floor FOR SELECT TO yagura_api, yagura_media
  USING ((SELECT sees_all_metadata()) OR EXISTS (SELECT FROM placement WHERE placement.floor_id = floor.id));
ALTER TABLE building ENABLE ROW LEVEL SECURITY;
CREATE POLICY metadata ON building FOR SELECT TO yagura_api, yagura_media
  USING ((SELECT sees_all_metadata()) OR EXISTS (SELECT FROM floor WHERE floor.building_id = building.id));
ALTER TABLE site ENABLE ROW LEVEL SECURITY;
CREATE POLICY metadata ON site FOR SELECT TO yagura_api, yagura_media
  USING ((SELECT sees_all_metadata()) OR EXISTS (SELECT FROM building WHERE building.site_id = site.id));
ALTER TABLE unit ENABLE ROW LEVEL SECURITY;
CREATE POLICY metadata ON unit FOR SELECT TO yagura_api, yagura_media
  USING ((SELECT sees_all_metadata()) OR id = ANY ((SELECT picture_units())::uuid[]) OR id = ANY ((SELECT own_units())::uuid[]));

-- Of people: oneself. Hashes are read by nobody.
REVOKE ALL ON person, assignment FROM yagura_api, yagura_media;
GRANT SELECT (id, username, name) ON person TO yagura_api, yagura_media;
GRANT SELECT ON assignment TO yagura_api, yagura_media;
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
CREATE POLICY oneself ON person FOR SELECT TO yagura_api, yagura_media USING (id = (SELECT context_person()));
ALTER TABLE assignment ENABLE ROW LEVEL SECURITY;
CREATE POLICY oneself ON assignment FOR SELECT TO yagura_api, yagura_media USING (person_id = (SELECT context_person()));

-- What is recorded of a camera in [from_at, to_at), for whoever may see its coverage: stretches with their owners and no clip, so
-- that metadata opens no picture. Clips of a run that follow one another are one stretch.
CREATE FUNCTION recorded_stretches(camera uuid, from_at timestamptz, to_at timestamptz)
  RETURNS TABLE (unit_id uuid, start_at timestamptz, end_at timestamptz)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  all_metadata  boolean := sees_all_metadata();
  units         uuid[] := picture_units();
BEGIN
  RETURN QUERY
  WITH
    seen AS (
      SELECT run_id, clip.unit_id, clip.start_at, clip.end_at,
             clip.start_at IS DISTINCT FROM lag(clip.end_at) OVER (PARTITION BY run_id ORDER BY clip.start_at) AS is_first
      FROM clip
      WHERE camera_id = camera AND stream = 'main' AND expiring_since IS NULL
        AND clip.start_at > from_at - interval '130 seconds' AND clip.start_at < to_at AND clip.end_at > from_at
        AND (all_metadata OR (clip.unit_id = ANY (units) AND NOT EXISTS (
          SELECT FROM camera_state AS was WHERE was.camera_id = clip.camera_id AND was.state = 'staged'
            AND was.valid_from <= clip.start_at AND clip.start_at < was.valid_to)))),
    numbered AS (SELECT *, count(*) FILTER (WHERE is_first) OVER (PARTITION BY run_id ORDER BY seen.start_at) AS stretch FROM seen)
  SELECT (array_agg(numbered.unit_id))[1], min(numbered.start_at), max(numbered.end_at) FROM numbered GROUP BY run_id, stretch ORDER BY 2;
END $$;
GRANT EXECUTE ON FUNCTION recorded_stretches TO yagura_api, yagura_media;
