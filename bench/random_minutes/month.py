"""A month of an office's cameras in its catalogue, of which some minutes are really there, and the questions to be asked about them."""
import datetime
import os
import random
import subprocess
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from catalogue_index.database import load_day, prepare_days

OFFICE = ZoneInfo("Asia/Tokyo")
STRETCH_S = 120  # as recorded_minutes.cc has it
WIDTH, HEIGHT, FPS = 1920, 1080, 15


@dataclass
class Minute:
    """The minute from `from_us` on. It lies in both clips of its stretch, which begins at `stretch_s`."""
    camera: str
    stretch_s: int
    from_us: int
    paths: list = None
    clip: str = None  # the first of the two
    clip_bytes: int = 0

    @property
    def from_(self):
        return rfc3339(self.from_us)

    @property
    def to(self):
        return rfc3339(self.from_us + 60_000_000)


def rfc3339(us):
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=us)).isoformat(timespec="microseconds") + "Z"


def choose(seed, cameras, days, count):
    """`count` minutes by time: the month in as many slots, in each a random camera and a random instant, of whole frames; they may not overlap, as
    they are recorded one after the other. At some distance from midnight, where a run would be rolled."""
    rng = random.Random(seed)
    today = datetime.datetime.now(OFFICE).replace(hour=0, minute=0, second=0, microsecond=0)
    first_s = int((today - datetime.timedelta(days=days)).timestamp())
    slot_s = days * 86400 / count
    assert slot_s > STRETCH_S + 60, "so many minutes don't fit so few days"
    minutes = []
    for i in range(count):
        while True:
            start_s = first_s + int(i * slot_s + rng.uniform(0, slot_s - STRETCH_S - 30))
            if 120 < (start_s - first_s) % 86400 < 86400 - 300:
                break
        minutes.append(Minute(rng.choice(cameras), start_s, start_s * 1_000_000 + rng.randrange(FPS, 59 * FPS) * 1_000_000 // FPS))
    return minutes


def make_loop(path, mbits):
    """Ten seconds of moving noise at a constant rate, a keyframe each two seconds."""
    rate = ["-b:v", f"{mbits}M", "-minrate", f"{mbits}M", "-maxrate", f"{mbits}M", "-bufsize", f"{mbits}M"]
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=size={WIDTH}x{HEIGHT}:rate={FPS}:duration=10,noise=alls=20:allf=t",
                    "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "main", *rate, "-x264-params",
                    f"keyint={2 * FPS}:min-keyint={2 * FPS}:scenecut=0:bframes=0:nal-hrd=cbr", "-f", "h264", path], check=True)


def load_month(office, minutes, days, alone_s):
    """Rows of all other clips, a run a day and a gap a day; none within `alone_s` of those that have files."""
    postgres = office.postgres
    postgres.run("INSERT INTO volume (id, path) VALUES (gen_random_uuid(), '/elsewhere')")  # where those without files would be
    prepare_days(postgres)
    values = ", ".join(
        f"('{one.camera}'::uuid, to_timestamp({one.stretch_s - alone_s}), to_timestamp({one.stretch_s + STRETCH_S + 5 + alone_s}))" for one in minutes)
    postgres.run("CREATE TABLE bench_stretch (camera_id uuid, start_at timestamptz, end_at timestamptz);"
                 f" INSERT INTO bench_stretch VALUES {values}; CREATE INDEX ON bench_stretch (camera_id, start_at)")
    others = """NOT EXISTS (SELECT FROM bench_stretch AS there WHERE there.camera_id = bench_camera.id
      AND run.start_at + minute * interval '1 minute' < there.end_at AND run.start_at + (minute + 1) * interval '1 minute' > there.start_at)"""
    today = datetime.datetime.now(OFFICE).date()
    for ago in range(days, 0, -1):
        load_day(postgres, today - datetime.timedelta(days=ago), others)
    postgres.run("ANALYZE run; ANALYZE gap; ANALYZE camera; ANALYZE charge; ANALYZE camera_state")


def record(office, recorder, minutes, loop):
    """The clips of `minutes`, by a recorder whose state is in the folder `recorder`."""
    owner = {camera: (unit, floor) for camera, unit, floor in office.postgres.sql("SELECT id, unit_id, floor_id FROM bench_camera")}
    lines = "".join(f"{one.camera} {owner[one.camera][0]} {owner[one.camera][1]} {one.stretch_s}\n" for one in minutes)
    subprocess.run([os.path.join(office.build, "bench/recorded_minutes"), recorder, office.volume, office.postgres.host, loop, str(WIDTH), str(HEIGHT)],
                   input=lines, text=True, check=True)


def find_clips(office, minutes):
    """Notes in each minute the two clips that it lies in; there must be two, and their files."""
    paths = {os.path.basename(path)[:-4]: path for path in office.clip_files()}
    rows = office.postgres.sql("""SELECT clip.camera_id, extract(epoch FROM there.start_at)::bigint, run_id || '.' || sequence, bytes
      FROM bench_stretch AS there JOIN clip ON clip.camera_id = there.camera_id AND clip.start_at >= there.start_at AND clip.start_at < there.end_at
      ORDER BY clip.start_at""")
    of = {}
    for camera, start_s, clip, size in rows:
        of.setdefault((camera, int(start_s)), []).append((clip, int(size)))
    for one in minutes:
        clips = of[one.camera, one.stretch_s]
        assert len(clips) == 2, f"{one.camera} {rfc3339(one.from_us)}: {clips}"
        one.paths = [paths[clip] for clip, _ in clips]
        one.clip, one.clip_bytes = clips[0]
