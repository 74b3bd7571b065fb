-- A camera's sub stream: smaller than the main one, pulled for who watches, and recorded only where its row says so. Where it has no
-- credentials of its own and is on the main stream's host, the recorder takes those of the main stream: they were entered for that host.
ALTER TABLE camera_stream ADD COLUMN record_sub boolean NOT NULL DEFAULT false CHECK (stream = 'sub' OR NOT record_sub);
GRANT SELECT (record_sub), UPDATE (record_sub) ON camera_stream TO yagura_admin;
GRANT EXECUTE ON FUNCTION stream_host TO yagura_record;
-- Whether there is one, for who may know of the camera; not where.
GRANT SELECT (camera_id, stream, record_sub) ON camera_stream TO yagura_api;
GRANT SELECT (camera_id, stream) ON camera_stream TO yagura_media;
ALTER TABLE camera_stream ENABLE ROW LEVEL SECURITY;
CREATE POLICY metadata ON camera_stream FOR SELECT TO yagura_api, yagura_media
  USING (EXISTS (SELECT FROM camera WHERE camera.id = camera_stream.camera_id));
