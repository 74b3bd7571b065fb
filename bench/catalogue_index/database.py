"""A catalogue of many clips, in a PostgreSQL of its own that is kept, and what is measured of it by SQL."""
import datetime
import os
import subprocess
import time

from support.postgres import Postgres

TOKEN = "bench"
FIRST_DAY = "2027-01-01"
FIRST_S = 1798729200  # its midnight in Tokyo
LISTS = 64
SETTINGS = {"shared_buffers": "1GB", "max_wal_size": "4GB", "maintenance_work_mem": "512MB", "max_parallel_maintenance_workers": "0",
            "max_parallel_workers_per_gather": "0", "wal_level": "minimal", "max_wal_senders": "0", "autovacuum": "off"}


class KeptPostgres(Postgres):
    """A cluster that is there next time."""

    def __init__(self, folder):
        if not os.path.isdir(os.path.join(folder, "data")):
            super().__init__(folder)
            self.new = True
            for name, value in SETTINGS.items():
                self.sql(f"ALTER SYSTEM SET {name} = '{value}'", database="postgres")
            self.stop()
        else:
            self.host, self.data, self.new = folder, os.path.join(folder, "data"), False
            self.as_server = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        self.start()

    def run(self, text, database="yagura", role="postgres", timeout_s=3600):
        return super().run(text, database, role, timeout_s)


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def zigzag(value):
    return value * 2 if value >= 0 else -value * 2 - 1


def keyframe_list(seed):
    """Thirty GOPs of 2 s of some 122 pages, as storage/keyframe_list.h packs them."""
    out, before = bytes([0, 1]) + varint(1) + varint(zigzag(0)) + varint(zigzag(180000)), 0
    for i in range(1, 30):
        distance = 122 + (seed * 31 + i * i * 7) % 23 - 11
        out += varint(zigzag(distance - before) * 2)
        before = distance
    return out.hex()


def add_facts(postgres, build, cameras):
    config = os.path.join(postgres.host, "yagura.toml")
    with open(config, "w") as file:
        file.write(f"""[office]\ntime_zone = "Asia/Tokyo"\n[database]\nhost = "{postgres.host}"\n[record]\nstate_directory = "/nowhere"
[[volume]]\npath = "/nowhere/volume"\n[api]\nlisten = "127.0.0.1:1"\n[media]\nlisten = "127.0.0.1:2"\n[web]\npublic_url = "https://localhost"\n""")
    subprocess.run([os.path.join(build, "app/yagura"), "migrate", "--config", config], check=True)
    postgres.run(f"""
      INSERT INTO site VALUES (gen_random_uuid(), 'S', 'S');
      INSERT INTO building SELECT gen_random_uuid(), id, 'B', 'B' FROM site;
      INSERT INTO floor SELECT gen_random_uuid(), building.id, 'F' || n, 'F', n FROM building, generate_series(1, {max(1, cameras // 12)}) AS n;
      INSERT INTO unit (id, code, name) VALUES (gen_random_uuid(), 'WARD', 'Ward');
      INSERT INTO unit (id, parent_id, code, name) SELECT gen_random_uuid(), id, 'U' || n, 'U' FROM unit, generate_series(1, 20) AS n;
      INSERT INTO camera SELECT gen_random_uuid(), 'C' || n, 'C' FROM generate_series(1, {cameras}) AS n;
      INSERT INTO volume (id, path) SELECT gen_random_uuid(), '/volume' || n FROM generate_series(1, 4) AS n;
      INSERT INTO charge (camera_id, unit_id, valid_from) SELECT camera.id, unit.id, '2020-01-01' FROM camera
        JOIN unit ON unit.code = 'U' || (1 + (hashtext(camera.code) & 15));
      INSERT INTO camera_state (camera_id, state, valid_from, valid_to) SELECT id, 'staged', '2020-01-01', '2020-01-02' FROM camera;
      INSERT INTO camera_state (camera_id, state, valid_from) SELECT id, 'in_service', '2020-01-02' FROM camera;
      INSERT INTO placement (camera_id, floor_id, valid_from) SELECT camera.id, floor.id, '2020-01-01' FROM camera
        JOIN floor ON floor.code = 'F' || 1 + substr(camera.code, 2)::int % {max(1, cameras // 12)};
      INSERT INTO person (id, username, name, password_hash, password_alone) VALUES (gen_random_uuid(), 'crisis', 'c', 'x', true);
      INSERT INTO assignment (id, person_id, post, unit_id, valid_from)
        SELECT gen_random_uuid(), person.id, 'crisis_management', unit.id, '2020-01-01' FROM person, unit WHERE unit.code = 'WARD';
      """)
    prepare_days(postgres)


def prepare_days(postgres):
    """What days are made of, for the cameras that are there."""
    lists = ", ".join(f"({n}, decode('{keyframe_list(n)}', 'hex'))" for n in range(LISTS))
    postgres.run(f"""
      CREATE TABLE bench_list AS SELECT * FROM (VALUES {lists}) AS v (n, list);
      CREATE TABLE bench_camera AS SELECT camera.id, unit_id, floor_id, (row_number() OVER (ORDER BY camera.id))::int AS n,
          (SELECT id FROM volume ORDER BY id LIMIT 1 OFFSET hashtext(camera.code) & ((SELECT count(*) FROM volume) - 1)) AS volume_id
        FROM camera JOIN charge ON charge.camera_id = camera.id JOIN placement ON placement.camera_id = camera.id;
      CREATE TABLE bench_day (day date PRIMARY KEY, seconds real NOT NULL)""")


def clips_sql(into, first, minutes, which="true"):
    """Clips of each camera from minute `first` of the day on, in the order in which a recorder would tell them. `which` picks by bench_camera, run
    and minute."""
    return f"""INSERT INTO {into} (run_id, sequence, camera_id, stream, unit_id, floor_id, volume_id, start_at, end_at, media_start, media_end, bytes,
        header_bytes, fragments_from, fragments_to, sha256, frames, keyframes, clock, ended_by)
      SELECT camera.run_id, minute, camera.id, 'main', camera.unit_id, camera.floor_id, camera.volume_id, at, at + interval '60 seconds',
        minute * 5400000::bigint, (minute + 1) * 5400000::bigint, 15000000 + minute * 97 + camera.n, 3920, 4096, 14996000 + minute * 97 + camera.n,
        sha256(decode(md5(camera.n::text || minute), 'hex')), 900, list, 'synchronised', 'rolled'
      FROM generate_series({first}, {first + minutes - 1}) AS minute, LATERAL (
        SELECT bench_camera.*, run.id AS run_id, run.start_at + minute * interval '60 seconds' AS at, list
        FROM bench_camera JOIN bench_list ON bench_list.n = bench_camera.n % {LISTS}
          JOIN run ON run.camera_id = bench_camera.id AND run.start_at = (SELECT starts FROM bench_now) + bench_camera.n * interval '59 milliseconds'
        WHERE {which} OFFSET 0) AS camera"""


def load_day(postgres, day, which="true"):
    """A partition is filled before it gets its indexes and is attached. `which`: as in clips_sql."""
    begun = time.monotonic()
    postgres.run(f"""
      BEGIN;
      SET LOCAL session_replication_role = replica;
      CREATE TEMP TABLE bench_now AS SELECT '{day}'::date::timestamp AT TIME ZONE 'Asia/Tokyo' AS starts;
      INSERT INTO run (id, camera_id, stream, unit_id, floor_id, start_at, end_at, media_start, media_end, clock, codec, width_px, height_px, init_sha256,
                       clips_from, clips_to, recorded)
        SELECT gen_random_uuid(), camera.id, 'main', unit_id, floor_id, starts + n * interval '59 milliseconds', starts + interval '1 day', 0, 7776000000,
          'synchronised', 'avc1.4d401f', 1920, 1080, sha256('x'), starts + n * interval '59 milliseconds',
          starts + n * interval '59 milliseconds' + 1439 * interval '1 minute', 1439 * interval '1 minute' FROM bench_camera AS camera, bench_now;
      INSERT INTO gap (id, camera_id, stream, unit_id, floor_id, start_at, end_at, reason)
        SELECT gen_random_uuid(), id, 'main', unit_id, floor_id, starts + interval '23:59:50' + n * interval '1 ms', starts + interval '23:59:55', 'camera_silent'
        FROM bench_camera, bench_now;
      CREATE TABLE clip_loading (LIKE clip INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
      {clips_sql("clip_loading", 0, 1439, which)};
      DO $$
      DECLARE
        name  text := '{partition(day)}';
        one   record;
      BEGIN
        EXECUTE format('ALTER TABLE clip_loading RENAME TO %I', name);
        EXECUTE format('ALTER TABLE clip ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name,
                       (SELECT starts FROM bench_now), (SELECT starts + interval '1 day' FROM bench_now));
      END $$;
      INSERT INTO bench_day VALUES ('{day}', 0);
      COMMIT""", timeout_s=3600)
    postgres.run(f"UPDATE bench_day SET seconds = {time.monotonic() - begun} WHERE day = '{day}'; VACUUM ANALYZE {partition(day)}")
    return time.monotonic() - begun


def nth_day(number):
    return datetime.date.fromisoformat(FIRST_DAY) + datetime.timedelta(days=number)


def partition(day):
    return f"clip_{day:%Y%m%d}"


def load(postgres, days, bytes_max):
    there = int(postgres.run("SELECT count(*) FROM bench_day"))
    for number in range(there, days):
        if int(postgres.run("SELECT pg_database_size('yagura')")) > bytes_max:
            print(f"stops at {number} days: the database has {bytes_max / 1e9:.0f} GB")
            return
        took = load_day(postgres, nth_day(number))
        print(f"day {number + 1} of {days}: {took:.0f} s", flush=True)
    postgres.run("ANALYZE run; ANALYZE gap; ANALYZE camera; ANALYZE charge; ANALYZE camera_state")


def sizes(postgres):
    """Bytes a row, of the table and of each index, over all partitions."""
    return postgres.run("""
      WITH part AS (SELECT inhrelid AS oid FROM pg_inherits WHERE inhparent = 'clip'::regclass),
           clips AS (SELECT sum(n_live_tup)::numeric AS n FROM pg_stat_user_tables WHERE relid IN (SELECT oid FROM part))
      SELECT 'table', round(sum(pg_table_size(oid)) / (SELECT n FROM clips), 1) FROM part
      UNION ALL SELECT regexp_replace(index.relname, '^clip_[0-9]+_', ''), round(sum(pg_relation_size(index.oid)) / (SELECT n FROM clips), 1)
        FROM part JOIN pg_index ON indrelid = part.oid JOIN pg_class AS index ON index.oid = indexrelid GROUP BY 1
      UNION ALL SELECT 'all', round(sum(pg_total_relation_size(oid)) / (SELECT n FROM clips), 1) FROM part
      UNION ALL SELECT 'rows', n FROM clips""")


def columns(postgres):
    """Bytes that each column takes in a row, before alignment."""
    names = postgres.run("SELECT string_agg(format('round(avg(coalesce(pg_column_size(%I), 0)), 1)', attname), ', ' ORDER BY attnum)"
                         " FROM pg_attribute WHERE attrelid = 'clip'::regclass AND attnum > 0 AND NOT attisdropped").strip()
    titles = postgres.run("SELECT attname FROM pg_attribute WHERE attrelid = 'clip'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum").split()
    values = postgres.run(f"SELECT {names} FROM (SELECT * FROM clip LIMIT 10000) AS sample").strip().split("\t")
    return ", ".join(f"{title} {value}" for title, value in zip(titles, values))


PLANS = {
    "clips of a camera's hour": "SELECT * FROM clip WHERE expiring_since IS NULL AND camera_id = '{camera}' AND stream = 'main' AND start_at >= '{from_at}'"
                                " AND start_at < '{to_at}' AND end_at > '{from_at}' ORDER BY start_at, run_id, sequence LIMIT 100",
    "clips of a floor's hour": "SELECT * FROM clip WHERE expiring_since IS NULL AND floor_id = '{floor}' AND stream = 'main' AND start_at >= '{from_at}'"
                               " AND start_at < '{to_at}' AND end_at > '{from_at}' ORDER BY start_at, run_id, sequence LIMIT 100",
    "stretches of a camera's day": "SELECT * FROM recorded_stretches('{camera}', '{from_at}', '{from_at}'::timestamptz + interval '1 day')"}


def plans(postgres):
    values = dict(zip(("camera", "floor", "from_at", "to_at"), postgres.run(
        "SELECT id, floor_id, (SELECT min(day) FROM bench_day) + time '14:00', (SELECT min(day) FROM bench_day) + time '15:00' FROM bench_camera"
        " LIMIT 1").strip().split("\t")))
    for name, sql in PLANS.items():
        print(f"\n{name}:\n" + postgres.run(
            f"BEGIN; SELECT FROM request_enter('{TOKEN}', clock_timestamp()); EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {sql.format(**values)}; COMMIT",
            role="yagura_api"))


def insert(postgres, minutes):
    """As the recorder: a transaction a second with what the cameras closed, through the parent with triggers and foreign keys."""
    day = nth_day(int(postgres.run("SELECT count(*) FROM bench_day")))
    postgres.run(f"""
      CREATE TABLE IF NOT EXISTS bench_now (starts timestamptz); TRUNCATE bench_now;
      INSERT INTO bench_now SELECT '{day}'::date::timestamp AT TIME ZONE 'Asia/Tokyo';
      SELECT ensure_clip_partitions('{day}'::date, '{day}'::date + 1, 'Asia/Tokyo');
      INSERT INTO run (id, camera_id, stream, unit_id, floor_id, start_at, media_start, clock, codec, width_px, height_px, init_sha256)
        SELECT gen_random_uuid(), camera.id, 'main', unit_id, floor_id, starts + n * interval '59 milliseconds', 0, 'synchronised', 'avc1.4d401f', 1920, 1080,
          sha256('x') FROM bench_camera AS camera, bench_now""")
    cpu_before, begun = cpu_s(), time.monotonic()
    batches = "".join(clips_sql("clip", minute, 1, f"bench_camera.n % 60 = {second}") + ";\n"
                      for minute in range(minutes) for second in range(60))
    postgres.run(batches)
    took, cpu = time.monotonic() - begun, cpu_s() - cpu_before
    rows = int(postgres.run(f"SELECT count(*) FROM {partition(day)}"))
    size = int(postgres.run(f"SELECT pg_total_relation_size('{partition(day)}')"))
    print(f"{rows} rows in {minutes * 60} transactions: {took:.1f} s, {cpu:.1f} s of CPU: {100 * cpu / (minutes * 60):.2f} % of a core at their pace,"
          f" {size / rows:.0f} bytes each as they were inserted")


def cpu_s():
    """Of all processes of PostgreSQL's user since they started: nothing else runs as it here."""
    total, ticks = 0, os.sysconf("SC_CLK_TCK")
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/comm") as name, open(f"/proc/{pid}/stat") as stat:
                if name.read().strip() == "postgres":
                    fields = stat.read().rsplit(")", 1)[1].split()
                    total += sum(int(fields[i]) for i in (11, 12, 13, 14))
        except OSError:
            continue
    return total / ticks
