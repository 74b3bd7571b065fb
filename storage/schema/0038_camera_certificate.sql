-- The certificate that a camera over TLS showed in its first session that came to play, as the SHA-256 of its DER: another one is refused
-- (docs/decisions/0011). Only the recorder tells it.
CREATE TABLE camera_certificate (
  camera_id         uuid PRIMARY KEY REFERENCES camera,
  sha256            text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  since             timestamptz NOT NULL DEFAULT now(),
  after_forgetting  timestamptz NOT NULL DEFAULT '-infinity',  -- it counts while that is the stream's, below
  refused_sha256    text CHECK (refused_sha256 ~ '^[0-9a-f]{64}$'),  -- another one that the camera shows now
  refused_since     timestamptz,
  CHECK ((refused_sha256 IS NULL) = (refused_since IS NULL))
);
ALTER TABLE camera_certificate ENABLE ROW LEVEL SECURITY;  -- requests don't read it
GRANT SELECT, INSERT, UPDATE ON camera_certificate TO yagura_record;
GRANT SELECT ON camera_certificate TO yagura_admin;
-- The recorder reads it again, and keeps it for a start without this database.
CREATE TRIGGER facts_changed AFTER INSERT OR UPDATE OF sha256 ON camera_certificate FOR EACH ROW EXECUTE FUNCTION bump_facts_epoch();

-- When operations had the camera's certificate forgotten, or its stream got another host: one that was taken before counts no more,
-- whenever the recorder comes to tell of it. It only ever grows, whatever the clock does.
ALTER TABLE camera_stream ADD COLUMN certificate_forgotten_at timestamptz;
GRANT SELECT (certificate_forgotten_at), UPDATE (certificate_forgotten_at) ON camera_stream TO yagura_admin;

CREATE FUNCTION forget_certificate() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF stream_host(NEW.url) IS DISTINCT FROM stream_host(OLD.url)
      OR NEW.certificate_forgotten_at IS DISTINCT FROM OLD.certificate_forgotten_at THEN
    NEW.certificate_forgotten_at := greatest(clock_timestamp(), OLD.certificate_forgotten_at + interval '1 microsecond');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER certificate_of_one_host BEFORE UPDATE ON camera_stream FOR EACH ROW EXECUTE FUNCTION forget_certificate();

-- What was noted of clocks and reception goes with the footage that it tells of (docs/design/catalogue.md).
GRANT DELETE ON clock_step, camera_clock, reception TO yagura_keep;

-- As in 0020; and what went over TLS, where nobody on the way could read it, goes over no other transport unasked.
CREATE OR REPLACE FUNCTION keep_credentials_from_other_hosts() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (stream_host(NEW.url) IS DISTINCT FROM stream_host(OLD.url) OR (OLD.transport = 'tls' AND NEW.transport <> 'tls'))
      AND NEW.sealed_credentials IS NOT DISTINCT FROM OLD.sealed_credentials THEN
    NEW.sealed_credentials := NULL;
  END IF;
  RETURN NEW;
END $$;
