#!/usr/bin/env python3
"""A day of one camera, with gaps of every reason that a camera can give, H.264 that becomes H.265 and H.264 again, a clock set back and a change
of charge, as somebody watches it afterwards: by HLS from end to end, and as files by the ranges that the 409 of the whole names. ffmpeg reads all of it
without a warning and finds every frame that was recorded, once; every second is in a segment or in a gap with its reason; each unit's head gets their own
part alone.

It is recorded by the recorder's own code in steps (recorded_day.cc). CI watches twenty minutes; the day: `tests/e2e/past_day.py --minutes 1440 --gaps 30`. `--browser 1`:
the console plays over a gap and meets H.265 too."""
import os
import random
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.day import GOP_S, plan_day  # noqa: E402
from support.day_in_browser import DayInBrowser  # noqa: E402
from support.footage import micros, rfc3339  # noqa: E402
from support.office import Office  # noqa: E402
from support.playlist import fetch_stretch, read_playlist  # noqa: E402
from support.scenario import arguments, run  # noqa: E402
from support.video_judge import decode  # noqa: E402

WIDTH, HEIGHT, FPS = 160, 96, 5
FRAME_US = 1_000_000 // FPS
NEAR_US = 2_000  # two clips' times, each rounded
FILE_MAX_US = 7_200_000_000
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def make_loops(folder):
    """Twenty seconds of each codec, a keyframe each two seconds."""
    gop = f"keyint={GOP_S * FPS}:min-keyint={GOP_S * FPS}:scenecut=0:bframes=0"
    encoders = {"h264": ["-c:v", "libx264", "-x264-params", gop], "hevc": ["-c:v", "libx265", "-x265-params", gop + ":log-level=none"]}
    for kind, encoder in encoders.items():
        path = os.path.join(folder, kind + ".loop")
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=size={WIDTH}x{HEIGHT}:rate={FPS}:duration=20", "-pix_fmt",
                        "yuv420p", *encoder, "-preset", "ultrafast", "-f", kind, path], check=True)
        yield kind, path


def set_facts(office, camera, day):
    """The camera has been there long since, and its charge changed in the middle."""
    office.postgres.sql(f"""
      DELETE FROM camera_state WHERE camera_id = '{camera}' AND state <> 'in_service';
      UPDATE camera_state SET valid_from = '2020-01-01' WHERE camera_id = '{camera}';
      UPDATE placement SET valid_from = '2020-01-01' WHERE camera_id = '{camera}';
      UPDATE charge SET valid_from = '2020-01-01', valid_to = to_timestamp({day.changes_s}) WHERE camera_id = '{camera}';
      INSERT INTO charge (camera_id, unit_id, valid_from) SELECT '{camera}', id, to_timestamp({day.changes_s}) FROM unit WHERE code = 'DEPT2'""")


def record(office, camera, day, loops):
    units = dict(office.postgres.sql("SELECT code, id FROM unit"))
    floor = office.postgres.sql(f"SELECT floor_id FROM placement WHERE camera_id = '{camera}'")[0][0]
    lines = [f"own {units['DEPT1']} {floor} 1577836800", f"own {units['DEPT2']} {floor} {day.changes_s}"]
    lines += [f"play {loops[event.what]} {WIDTH} {HEIGHT} {event.seconds}" if event.kind == "play" else f"{event.kind} {event.what} {event.seconds}".replace("  ", " ")
              for event in day.events]
    state = os.path.join(office.folder, "recorder")
    os.makedirs(state)
    subprocess.run([os.path.join(office.build, "tests/e2e/yagura_recorded_day"), state, office.volume, office.postgres.host, camera, str(day.start_s), str(FPS)],
                   input="\n".join(lines) + "\n", text=True, check=True)


class Watcher:
    """Somebody who looks at the day of the camera."""

    def __init__(self, office, username, camera, day):
        self.office, self.camera = office, camera
        self.client = office.sign_in(username)
        self.media = office.media_client(self.client)
        self.span = (day.start_s * 1_000_000, day.end_s * 1_000_000)

    def ask(self, what, from_us, to_us):
        return self.media.get(f"/v1/cameras/{self.camera}/{what}", from_=rfc3339(from_us), to=rfc3339(to_us))

    def stretches(self):
        reply = self.ask("playback.m3u8", *self.span)
        assert reply.status == 200, f"playlist: {reply.status} {reply.body[:300]}"
        return read_playlist(reply.body.decode())

    def coverage(self):
        reply = self.client.get(f"/v1/cameras/{self.camera}/coverage", from_=rfc3339(self.span[0]), to=rfc3339(self.span[1]))
        assert reply.status == 200, reply.body[:300]
        return [(item["kind"], item.get("reason"), micros(item["start"]), micros(item["end"]), item.get("copies", 1)) for item in reply.json()["items"]]


def frames_of(path):
    """How many ffmpeg decodes; it may not say a word."""
    frames = decode(path)
    os.remove(path)
    return frames


def judge_time(day, stretches, coverage):
    """Stretches and gaps are those of the plan, and leave no time out; coverage says what the playlist does."""
    played = [(stretch.start_us, stretch.end_us) for stretch in stretches]
    asked = day.stretches()
    assert len(played) == len(asked), f"{len(played)} stretches, {len(asked)} were recorded:\n{played}\n{asked}"
    assert all(abs(a - b) <= NEAR_US for one, other in zip(played, asked) for a, b in zip(one, other)), f"stretches are\n{played}\nand were\n{asked}"
    gaps = [(reason, start, end) for kind, reason, start, end, _ in coverage if kind == "gap" and end - start > NEAR_US]
    assert len(gaps) == len(day.gaps()), f"{len(gaps)} gaps, {len(day.gaps())} were made:\n{gaps}\n{day.gaps()}"
    for told, made in zip(gaps, day.gaps()):
        assert told[0] == made[0] and abs(told[1] - made[1]) <= NEAR_US and abs(told[2] - made[2]) <= NEAR_US, f"a gap is {told} and was {made}"
    assert all(kind != "no_footage" or end - start <= NEAR_US for kind, _, start, end, _ in coverage), coverage
    reached = day.start_s * 1_000_000
    for start, end in sorted(played + [gap[1:] for gap in gaps]):
        assert start <= reached + NEAR_US, f"from {rfc3339(reached)} to {rfc3339(start)} there is neither footage nor a gap"
        reached = max(reached, end)
    assert reached >= day.end_s * 1_000_000 - NEAR_US, f"nothing after {rfc3339(reached)}"
    twice = [(start, end) for _, _, start, end, copies in coverage if copies > 1]
    assert len(twice) == 1 and all(abs(a - b) <= NEAR_US for a, b in zip(twice[0], day.lived_twice())), f"{twice}, {day.lived_twice()}"


def judge_hls(watcher, day, stored):
    stretches = watcher.stretches()
    judge_time(day, stretches, watcher.coverage())
    frames = 0
    for stretch in stretches:
        frames += frames_of(fetch_stretch(watcher.media, stretch, os.path.join(watcher.office.folder, "stretch.mp4")))
    assert frames == stored, f"{stored} frames are stored, the playlist shows {frames}"
    return stretches


def judge_files(watcher, stored):
    whole = watcher.ask("video.mp4", *watcher.span)
    assert whole.status == 409 and whole.json()["code"] == "range_spans_codec_change", f"{whole.status} {whole.body[:300]}"
    ranges = [(micros(one["from"]), micros(one["to"])) for one in whole.json()["ranges"]]
    assert all(0 < to_us - from_us <= FILE_MAX_US for from_us, to_us in ranges), ranges
    frames = 0
    for from_us, to_us in ranges:
        reply = watcher.ask("video.mp4", from_us, to_us)
        assert reply.status == 200, f"{rfc3339(from_us)} to {rfc3339(to_us)}, as named: {reply.status} {reply.body[:300]}"
        path = os.path.join(watcher.office.folder, "part.mp4")
        with open(path, "wb") as file:
            file.write(reply.body)
        frames += frames_of(path)
    assert frames == stored, f"{stored} frames are stored, the files of {ranges} show {frames}"
    return ranges


def judge_heads(office, camera, day, all_clips):
    """Each sees what was recorded in their unit's charge, and of the rest nothing, not why it is missing either."""
    heads = {code: Watcher(office, name, camera, day) for code, name in (("DEPT1", "head1"), ("DEPT2", "head2"))}
    units = dict(office.postgres.sql("SELECT id, code FROM unit"))
    of = {clip: units[unit] for clip, unit in office.postgres.sql("SELECT run_id || '.' || sequence, unit_id FROM clip")}
    for code, head in heads.items():
        shown = {segment.clip for stretch in head.stretches() for segment in stretch.segments}
        own = {clip for clip in all_clips if of[clip] == code}
        assert shown == own and own, f"{code}: {len(shown)} clips are listed, {len(own)} are theirs"
        foreign = sorted(all_clips - own)[len(all_clips - own) // 2]
        answers = [head.media.get(f"/v1/clips/{clip}/media").comparable() for clip in (foreign, UNKNOWN + ".0")]
        assert answers[0] == answers[1], f"{code}: {answers}"
        change_us = day.changes_s * 1_000_000
        theirs = (change_us, head.span[1]) if code == "DEPT1" else (head.span[0], change_us)
        hidden = [item for item in head.coverage() if item[3] > theirs[0] + GOP_S * 1_000_000 and item[2] < theirs[1]]
        assert hidden and all(kind == "no_footage" and reason is None for kind, reason, *_ in hidden), f"{code}: {hidden}"


def scenario(options, folder):
    seed = options.seed or random.randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    with Office(folder, options.build, cameras=1) as office:
        camera = office.postgres.sql("SELECT id FROM camera")[0][0]
        day = plan_day(random.Random(seed), int(time.time()) - options.minutes * 60 - 600, options.minutes, options.gaps)
        set_facts(office, camera, day)
        record(office, camera, day, dict(make_loops(folder)))
        office.start_api_and_media()
        stored, = map(int, office.postgres.sql("SELECT sum(frames) FROM clip")[0])
        assert stored == day.frames(FPS), f"{day.frames(FPS)} frames were sent, {stored} are stored"
        crisis = Watcher(office, "crisis", camera, day)
        stretches = judge_hls(crisis, day, stored)
        ranges = judge_files(crisis, stored)
        if options.browser:
            print(DayInBrowser(office, camera, day).judge(), flush=True)
        clips = {segment.clip for stretch in stretches for segment in stretch.segments}
        judge_heads(office, camera, day, clips)
        print(f"{options.minutes} min: {len(clips)} clips, {sum(len(one.segments) for one in stretches)} segments in {len(stretches)} stretches, {len(ranges)} files, "
              f"{len(day.gaps())} gaps; {stored} frames stored, decoded by HLS and as files, without a warning")


if __name__ == "__main__":
    parsed = arguments(__doc__, minutes=20, gaps=6, seed=0, browser=0)
    run(lambda folder: scenario(parsed, folder))
