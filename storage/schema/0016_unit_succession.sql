-- Reorganisation: what a closed unit recorded, and was in charge of, is from its end on its successors' to see, no longer of the units that
-- it lay below. Whose footage it is stays as it was recorded; only where that unit counts changes. A successor counts where it is of the
-- same controller and lasts longer than the unit itself, so that this never goes in a circle. Without one the unit stays where it was.
CREATE TABLE unit_succession (
  unit_id       uuid NOT NULL REFERENCES unit,
  successor_id  uuid NOT NULL REFERENCES unit,
  PRIMARY KEY (unit_id, successor_id),
  CHECK (unit_id <> successor_id)
);
CREATE TRIGGER facts_changed AFTER INSERT OR UPDATE OR DELETE ON unit_succession
  FOR EACH STATEMENT EXECUTE FUNCTION bump_facts_epoch();
GRANT SELECT, INSERT, DELETE ON unit_succession TO yagura_admin;

CREATE VIEW facts_unit_succession AS SELECT unit_id, successor_id FROM unit_succession;
GRANT SELECT ON facts_unit_succession TO yagura_api, yagura_media;

-- Of units that lie below one another by the tree, what is held there at `as_of`: without those that others have succeeded, with what
-- was succeeded by them. Called from the functions below alone.
CREATE FUNCTION held_units(below uuid[], as_of timestamptz) RETURNS uuid[]
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF below = '{}' OR NOT EXISTS (SELECT FROM unit_succession) THEN
    RETURN below;
  END IF;
  RETURN (
    WITH RECURSIVE
      root (id, controller) AS (
        SELECT unit.id, unit.id FROM unit WHERE unit.parent_id IS NULL
        UNION ALL SELECT unit.id, root.controller FROM root JOIN unit ON unit.parent_id = root.id),
      succeeded (id, successor_id) AS MATERIALIZED (
        SELECT unit_id, unit_succession.successor_id
        FROM unit_succession JOIN unit ON unit.id = unit_id JOIN unit AS successor ON successor.id = unit_succession.successor_id
          JOIN root ON root.id = unit_id JOIN root AS other ON other.id = unit_succession.successor_id
        WHERE unit.valid_to <= as_of AND unit.valid_to < successor.valid_to AND root.controller = other.controller),
      held (id) AS (
        SELECT mine.id FROM unnest(below) AS mine (id) WHERE mine.id NOT IN (SELECT succeeded.id FROM succeeded)
        UNION SELECT succeeded.id FROM held JOIN succeeded ON succeeded.successor_id = held.id)
    SELECT coalesce(array_agg(id), '{}') FROM held);
END $$;

-- Units of which the person is head now, and all below.
CREATE FUNCTION headed_units() RETURNS uuid[] LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN (
    WITH RECURSIVE below (id) AS (
      SELECT unit_id FROM context_posts() WHERE post IN ('department_head', 'general_manager')
      UNION SELECT unit.id FROM below JOIN unit ON unit.parent_id = below.id)
    SELECT coalesce(array_agg(id), '{}') FROM below);
END $$;

-- Units whose pictures may be seen: for the crisis desk all of the post's controller, whatever became of them; for heads what is held
-- below them.
CREATE OR REPLACE FUNCTION picture_units() RETURNS uuid[]
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN held_units(headed_units(), context_as_of()) || (
    WITH RECURSIVE
      above (id) AS (
        SELECT unit_id FROM context_posts() WHERE post = 'crisis_management'
        UNION SELECT unit.parent_id FROM above JOIN unit USING (id) WHERE unit.parent_id IS NOT NULL),
      visible (id) AS (
        SELECT unit.id FROM above JOIN unit USING (id) WHERE unit.parent_id IS NULL
        UNION SELECT unit.id FROM visible JOIN unit ON unit.parent_id = visible.id)
    SELECT coalesce(array_agg(id), '{}') FROM visible);
END $$;

-- Units whose posts may be listed: as heads see them, and all for administrators.
CREATE OR REPLACE FUNCTION staff_units() RETURNS uuid[]
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM context_posts() WHERE post = 'administrator') THEN
    RETURN (SELECT coalesce(array_agg(id), '{}') FROM unit);
  END IF;
  RETURN held_units(headed_units(), context_as_of());
END $$;
