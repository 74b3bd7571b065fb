-- How full each volume is and how fast it fills, as `yagura keep` saw it last: for alarms in order, and for a forecast.
ALTER TABLE volume
  ADD COLUMN capacity_bytes bigint,                      -- what it can hold in all: its limit, or what its file system leaves it
  ADD COLUMN free_bytes     bigint,                      -- of that
  ADD COLUMN bytes_per_day  bigint,                      -- recorded on it, measured over the last three days
  ADD COLUMN mark_percent   smallint NOT NULL DEFAULT 0, -- the highest of 70, 85 and 95 that it is above
  ADD COLUMN seen_at        timestamptz;
GRANT UPDATE (capacity_bytes, free_bytes, bytes_per_day, mark_percent, seen_at) ON volume TO yagura_keep;
