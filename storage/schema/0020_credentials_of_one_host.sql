-- A camera's user name and password are shown to the host that they were entered for, and to no other: where a stream's address gets
-- another host or port, what is stored goes, unless the same change brings other credentials. Whoever may change an address could
-- otherwise have a camera's password sent to a machine of their own.

-- "10.20.1.3:554" of rtsp://10.20.1.3:554/stream1, as it is written.
CREATE FUNCTION stream_host(url text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
  RETURN lower(substring(url FROM '^rtsp://([^/?#]*)'));
GRANT EXECUTE ON FUNCTION stream_host TO yagura_admin;

CREATE FUNCTION keep_credentials_from_other_hosts() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF stream_host(NEW.url) IS DISTINCT FROM stream_host(OLD.url) AND NEW.sealed_credentials IS NOT DISTINCT FROM OLD.sealed_credentials THEN
    NEW.sealed_credentials := NULL;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER credentials_of_one_host BEFORE UPDATE ON camera_stream
  FOR EACH ROW EXECUTE FUNCTION keep_credentials_from_other_hosts();

-- Whether there are any, for those who enter addresses; what they are, the recorder alone can read.
ALTER TABLE camera_stream ADD COLUMN has_credentials boolean NOT NULL GENERATED ALWAYS AS (sealed_credentials IS NOT NULL) STORED;
GRANT SELECT (has_credentials) ON camera_stream TO yagura_admin;
