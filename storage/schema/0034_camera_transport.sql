-- How a stream's packets reach the recorder (core/camera_transport.h). Of 'auto' the recorder finds out.
ALTER TABLE camera_stream ADD COLUMN transport text NOT NULL DEFAULT 'tcp'
  CHECK (transport IN ('tcp', 'udp', 'multicast', 'tls', 'http', 'auto'));
GRANT SELECT (transport), UPDATE (transport) ON camera_stream TO yagura_admin;

-- As in 0022; over another transport other code reads what the camera sends.
CREATE OR REPLACE FUNCTION lift_parking() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.url IS DISTINCT FROM OLD.url OR NEW.sealed_credentials IS DISTINCT FROM OLD.sealed_credentials
      OR NEW.transport IS DISTINCT FROM OLD.transport OR NEW.parking_lifted_at IS DISTINCT FROM OLD.parking_lifted_at THEN
    NEW.parking_lifted_at := greatest(clock_timestamp(), OLD.parking_lifted_at + interval '1 microsecond');
  END IF;
  RETURN NEW;
END $$;
