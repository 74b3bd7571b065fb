-- The office's time zone: days, partitions and the paths of clip files go by it, so it never changes once anything was recorded. `yagura
-- migrate` writes it, once.
CREATE TABLE office_zone (
  only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  time_zone  text NOT NULL CHECK (time_zone <> '')
);
GRANT SELECT ON office_zone TO yagura_record, yagura_keep, yagura_api, yagura_media, yagura_admin;
