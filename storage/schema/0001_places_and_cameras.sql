-- Where cameras stand and who is in charge of them. Everything dated is half-open [valid_from, valid_to), never edited: only
-- closed (valid_to set) and added to.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Nobody has a right that no migration gives: neither to connect, nor to call a function that a later migration creates.
DO $$
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO yagura_record, yagura_keep, yagura_api, yagura_media, yagura_admin', current_database());
END $$;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE TABLE site (
  id    uuid PRIMARY KEY,
  code  text NOT NULL UNIQUE CHECK (code <> ''),
  name  text NOT NULL CHECK (name <> '')
);

CREATE TABLE building (
  id       uuid PRIMARY KEY,
  site_id  uuid NOT NULL REFERENCES site,
  code     text NOT NULL CHECK (code <> ''),
  name     text NOT NULL CHECK (name <> ''),
  UNIQUE (site_id, code)
);

CREATE TABLE floor (
  id           uuid PRIMARY KEY,
  building_id  uuid NOT NULL REFERENCES building,
  code         text NOT NULL CHECK (code <> ''),  -- "3F"
  name         text NOT NULL CHECK (name <> ''),
  ordinal      integer NOT NULL,                   -- from the bottom up; order in lists
  UNIQUE (building_id, code)
);

-- The department tree. Its roots are the controllers; a unit's scope is itself and all below it.
CREATE TABLE unit (
  id          uuid PRIMARY KEY,
  parent_id   uuid REFERENCES unit,
  code        text NOT NULL UNIQUE CHECK (code <> ''),
  name        text NOT NULL CHECK (name <> ''),
  valid_from  timestamptz NOT NULL DEFAULT '-infinity',
  valid_to    timestamptz NOT NULL DEFAULT 'infinity',
  CHECK (valid_from < valid_to)
);

CREATE TABLE camera (
  id    uuid PRIMARY KEY,
  code  text NOT NULL UNIQUE CHECK (code <> ''),  -- "1F-03"
  name  text NOT NULL CHECK (name <> '')
);

-- What the recorder connects to. The URL has no credentials; those are sealed with the recorder's public key where they are entered.
CREATE TABLE camera_stream (
  camera_id           uuid NOT NULL REFERENCES camera,
  stream              text NOT NULL CHECK (stream IN ('main', 'sub')),
  url                 text NOT NULL CHECK (url LIKE 'rtsp://%' AND url NOT LIKE '%@%'),
  sealed_credentials  bytea,
  PRIMARY KEY (camera_id, stream)
);

CREATE TABLE placement (
  camera_id   uuid NOT NULL REFERENCES camera,
  floor_id    uuid NOT NULL REFERENCES floor,
  valid_from  timestamptz NOT NULL,
  valid_to    timestamptz NOT NULL DEFAULT 'infinity',
  CHECK (valid_from < valid_to),
  EXCLUDE USING gist (camera_id WITH =, tstzrange(valid_from, valid_to) WITH &&)
);

CREATE TABLE charge (
  camera_id   uuid NOT NULL REFERENCES camera,
  unit_id     uuid NOT NULL REFERENCES unit,
  valid_from  timestamptz NOT NULL,
  valid_to    timestamptz NOT NULL DEFAULT 'infinity',
  CHECK (valid_from < valid_to),
  EXCLUDE USING gist (camera_id WITH =, tstzrange(valid_from, valid_to) WITH &&)
);

-- A camera is due to be recorded while it is in service.
CREATE TABLE camera_state (
  camera_id   uuid NOT NULL REFERENCES camera,
  state       text NOT NULL CHECK (state IN ('planned', 'staged', 'accepted', 'in_service', 'suspended', 'retired')),
  valid_from  timestamptz NOT NULL,
  valid_to    timestamptz NOT NULL DEFAULT 'infinity',
  CHECK (valid_from < valid_to),
  EXCLUDE USING gist (camera_id WITH =, tstzrange(valid_from, valid_to) WITH &&)
);

-- The public halves of the recorders' sealing keys (libsodium crypto_box_seal).
CREATE TABLE recorder_key (
  public_key  bytea PRIMARY KEY CHECK (octet_length(public_key) = 32),
  since       timestamptz NOT NULL DEFAULT now()
);

-- Rights. Dated rows can be closed, never rewritten or deleted; sealed credentials are read by the recorder alone.
GRANT SELECT ON site, building, floor, unit, camera, placement, charge, camera_state
  TO yagura_record, yagura_keep, yagura_api, yagura_media, yagura_admin;
GRANT SELECT ON camera_stream, recorder_key TO yagura_record;
GRANT INSERT ON recorder_key TO yagura_record;

GRANT INSERT, UPDATE (code, name) ON site, building, camera TO yagura_admin;
GRANT INSERT, UPDATE (code, name, ordinal) ON floor TO yagura_admin;
GRANT INSERT, UPDATE (parent_id, code, name, valid_to) ON unit TO yagura_admin;
GRANT INSERT, UPDATE (valid_to) ON placement, charge, camera_state TO yagura_admin;
GRANT SELECT (camera_id, stream, url), INSERT, UPDATE (url, sealed_credentials), DELETE ON camera_stream TO yagura_admin;
GRANT SELECT ON recorder_key TO yagura_admin;
