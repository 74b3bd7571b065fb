-- A second place for clips: a bucket of an object store, to which they are copied and where they stay when their file has gone
-- (docs/design/object-store.md). The bucket says its id itself.
CREATE TABLE object_store (
  id            uuid PRIMARY KEY,
  address       text NOT NULL,              -- endpoint and bucket, as configured when it was last seen
  stored_bytes  bigint NOT NULL DEFAULT 0,  -- of the copies in it, kept by triggers on clip
  stored_clips  bigint NOT NULL DEFAULT 0,
  copied_until  timestamptz,                -- what ended before is copied, but for files that are damaged
  seen_at       timestamptz,                -- when it last did what it was asked
  fault         text                        -- why it doesn't now
);
GRANT SELECT, INSERT, UPDATE (address, copied_until, seen_at, fault) ON object_store TO yagura_keep;
GRANT SELECT ON object_store TO yagura_admin;

-- The way of a clip, each step committed before the next is taken: store_id (an object of its name may lie there from here on), the
-- upload, copied_at (every byte was read back), leaving_since (from here on it is read from there), the file unlinked and its folder
-- synced, local_gone_at.
ALTER TABLE clip
  ADD COLUMN store_id      uuid REFERENCES object_store,
  ADD COLUMN copied_at     timestamptz,
  ADD COLUMN leaving_since timestamptz,
  ADD COLUMN local_gone_at timestamptz,  -- expiring clips: also where only the copy is left to be deleted
  ADD CHECK (copied_at IS NULL OR store_id IS NOT NULL),
  ADD CHECK (leaving_since IS NULL OR copied_at IS NOT NULL),
  ADD CHECK (local_gone_at IS NULL OR leaving_since IS NOT NULL OR expiring_since IS NOT NULL);
GRANT UPDATE (store_id, copied_at, leaving_since, local_gone_at) ON clip TO yagura_keep;

-- What lies on a volume, and what has left it: the oldest of either, however many there are of the other.
DROP INDEX clip_by_volume;
CREATE INDEX clip_by_volume ON clip (volume_id, start_at) WHERE local_gone_at IS NULL;
CREATE INDEX clip_moved ON clip (volume_id, start_at) WHERE local_gone_at IS NOT NULL;
CREATE INDEX clip_leaving ON clip (volume_id) WHERE leaving_since IS NOT NULL AND local_gone_at IS NULL;

-- The proof of a deletion covers the copy.
ALTER TABLE clip_deletion ADD COLUMN store_id uuid REFERENCES object_store;

-- A volume holds what has not left it.
CREATE OR REPLACE FUNCTION count_clip_bytes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE volume SET stored_bytes = stored_bytes + CASE TG_OP WHEN 'INSERT' THEN changed.bytes ELSE -changed.bytes END,
                    stored_clips = stored_clips + CASE TG_OP WHEN 'INSERT' THEN changed.clips ELSE -changed.clips END
    FROM (SELECT volume_id, sum(bytes)::bigint AS bytes, count(*) AS clips FROM changed_clip
          WHERE local_gone_at IS NULL GROUP BY volume_id) AS changed
    WHERE volume.id = changed.volume_id;
  UPDATE object_store SET stored_bytes = stored_bytes + CASE TG_OP WHEN 'INSERT' THEN changed.bytes ELSE -changed.bytes END,
                          stored_clips = stored_clips + CASE TG_OP WHEN 'INSERT' THEN changed.clips ELSE -changed.clips END
    FROM (SELECT store_id, sum(bytes)::bigint AS bytes, count(*) AS clips FROM changed_clip
          WHERE copied_at IS NOT NULL GROUP BY store_id) AS changed
    WHERE object_store.id = changed.store_id;
  RETURN NULL;
END $$;

-- Files that go, and copies that come or are lost. EXCEPT hashes, as in 0045.
CREATE FUNCTION count_moved_bytes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE volume SET stored_bytes = stored_bytes - gone.bytes, stored_clips = stored_clips - gone.clips
    FROM (SELECT volume_id, sum(bytes)::bigint AS bytes, count(*) AS clips
          FROM (SELECT run_id, sequence, start_at, volume_id, bytes FROM clip_after WHERE local_gone_at IS NOT NULL
                EXCEPT SELECT run_id, sequence, start_at, volume_id, bytes FROM clip_before WHERE local_gone_at IS NOT NULL) AS left_it
          GROUP BY volume_id) AS gone
    WHERE volume.id = gone.volume_id;
  UPDATE object_store SET stored_bytes = stored_bytes + changed.bytes, stored_clips = stored_clips + changed.clips
    FROM (SELECT store_id, sum(sign * bytes)::bigint AS bytes, sum(sign) AS clips
          FROM (SELECT store_id, bytes, 1 AS sign FROM clip_after WHERE copied_at IS NOT NULL
                UNION ALL SELECT store_id, bytes, -1 FROM clip_before WHERE copied_at IS NOT NULL) AS copies
          GROUP BY store_id HAVING sum(sign * bytes) <> 0 OR sum(sign) <> 0) AS changed
    WHERE object_store.id = changed.store_id;
  RETURN NULL;
END $$;
CREATE TRIGGER moved_counted AFTER UPDATE ON clip REFERENCING OLD TABLE AS clip_before NEW TABLE AS clip_after
  FOR EACH STATEMENT EXECUTE FUNCTION count_moved_bytes();
