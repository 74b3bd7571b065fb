-- What a camera was called before, for who was in charge of it then: its present name is given by who is in charge now, and may tell of
-- them.
CREATE TABLE camera_former_name (
  camera_id   uuid NOT NULL REFERENCES camera,
  name        text NOT NULL,
  valid_from  timestamptz NOT NULL,
  valid_to    timestamptz NOT NULL,
  PRIMARY KEY (camera_id, valid_to),
  CHECK (valid_from < valid_to)
);

CREATE FUNCTION keep_former_name() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  until  timestamptz := clock_timestamp();
  since  timestamptz := (SELECT coalesce(max(valid_to), '-infinity') FROM camera_former_name WHERE camera_id = OLD.id);
BEGIN
  IF since < until THEN
    INSERT INTO camera_former_name VALUES (OLD.id, OLD.name, since, until);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER keeps_former_name AFTER UPDATE OF name ON camera
  FOR EACH ROW WHEN (OLD.name <> NEW.name) EXECUTE FUNCTION keep_former_name();

-- As a camera's placements: while a charge that one may know of lasted.
ALTER TABLE camera_former_name ENABLE ROW LEVEL SECURITY;
CREATE POLICY metadata ON camera_former_name FOR SELECT TO yagura_api
  USING ((SELECT sees_all_metadata()) OR (valid_from <= (SELECT context_as_of()) AND EXISTS (
    SELECT FROM charge WHERE charge.camera_id = camera_former_name.camera_id
      AND charge.valid_from < camera_former_name.valid_to AND camera_former_name.valid_from < charge.valid_to)));
GRANT SELECT ON camera_former_name TO yagura_api;
