-- What transport "auto" came to, of cameras whose record says so, as the recorder said it last. Only the recorder tells it.
CREATE TABLE found_transport (
  camera_id  uuid PRIMARY KEY REFERENCES camera,
  transport  text NOT NULL CHECK (transport IN ('tcp', 'udp'))
);
ALTER TABLE found_transport ENABLE ROW LEVEL SECURITY;  -- requests don't read it
GRANT SELECT, INSERT, UPDATE, DELETE ON found_transport TO yagura_record;
GRANT SELECT ON found_transport TO yagura_keep, yagura_admin;
