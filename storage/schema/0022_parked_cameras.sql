-- A camera whose bytes crashed the recorder twice within ten minutes is parked by it: not connected (docs/design/crash-book.md). Crashes
-- from before this instant count no more. It moves on when operations say so, and by itself when the camera may be another thing: with a
-- new address or new credentials. It only ever grows, whatever the clock does: the recorder tells by that which lift is a new one.
ALTER TABLE camera_stream ADD COLUMN parking_lifted_at timestamptz;
GRANT SELECT (parking_lifted_at), UPDATE (parking_lifted_at) ON camera_stream TO yagura_admin;

CREATE FUNCTION lift_parking() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.url IS DISTINCT FROM OLD.url OR NEW.sealed_credentials IS DISTINCT FROM OLD.sealed_credentials
      OR NEW.parking_lifted_at IS DISTINCT FROM OLD.parking_lifted_at THEN
    NEW.parking_lifted_at := greatest(clock_timestamp(), OLD.parking_lifted_at + interval '1 microsecond');
  END IF;
  RETURN NEW;
END $$;
-- Its name comes after credentials_of_one_host: triggers fire by name, and this one sees what that one has forgotten.
CREATE TRIGGER parking_lifted BEFORE UPDATE ON camera_stream FOR EACH ROW EXECUTE FUNCTION lift_parking();
