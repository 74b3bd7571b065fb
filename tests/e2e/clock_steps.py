#!/usr/bin/env python3
"""The recorder's machine's clock set again and again, forwards and back, by a tenth of a second up to a year, while cameras are recorded, one of
which drifts: the program with a clock that the test sets (stepped_clock_posix.cc). Every frame that was sent is stored, once; clips of a run lie side by
side; nothing lasts less than no time; where footage of two lives overlaps one is marked; rows tell of each step; coverage counts the copies.

It never shows less than when the cameras became due: before that nothing is to be recorded. CI sets it 8 times; the large run:
`tests/e2e/clock_steps.py --steps 1000`. Steps by the thousand, cameras that are away and cameras' own clocks: tests/app/clock_steps_test.cc."""
import mmap
import os
import random
import struct
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.office import Office  # noqa: E402
from support.processes import Child, wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402

YEAR_US = 365 * 86_400 * 1_000_000
TWICE_US = 5_000_000  # the last step back: so much is lived twice at the end

OVERLAPS_IN_RUNS = """SELECT count(*) FROM (SELECT start_at, lag(end_at) OVER (PARTITION BY run_id ORDER BY media_start) AS before FROM clip) AS one
  WHERE before <> start_at"""
NEGATIVE = """SELECT (SELECT count(*) FROM clip WHERE end_at <= start_at) + (SELECT count(*) FROM run WHERE end_at < start_at)
  + (SELECT count(*) FROM gap WHERE end_at < start_at)"""
LIVED_TWICE = """SELECT count(*), count(*) FILTER (WHERE a.clock <> 'repeated' AND b.clock <> 'repeated') FROM clip AS a JOIN clip AS b
  ON a.camera_id = b.camera_id AND a.run_id < b.run_id AND least(a.end_at, b.end_at) - greatest(a.start_at, b.start_at) >= interval '0.7 s'"""
STEPS = "SELECT count(*), coalesce(extract(epoch FROM sum(after_at - before_at)), 0) FROM clock_step"


class Clock:
    """How far the recorder's clock is ahead."""

    def __init__(self, path):
        with open(path, "wb") as file:
            file.write(struct.pack("<q", 0))
        with open(path, "r+b") as file:
            self._shared = mmap.mmap(file.fileno(), 8)
        self.path, self.ahead_us = path, 0

    def set(self, ahead_us):
        self.ahead_us = ahead_us
        self._shared[:] = struct.pack("<q", ahead_us)


def any_step(rng, ahead_us):
    """Each order of magnitude as often as the next; never before the machine's own time."""
    size = int(10 ** rng.uniform(5, len(str(YEAR_US)) - 1 + 0.49))
    forwards = ahead_us < size or (ahead_us < YEAR_US and rng.random() < 0.5)
    return size if forwards else -size


def start_recorder(office, clock):
    program = os.path.join(office.build, "tests/e2e/yagura_stepped_clock")
    office.clips_before = set(office.clip_files())
    office.children["record"] = Child("yagura record", [program, "record", "--config", office.config], os.path.join(office.folder, "record.log"),
                                      env={**os.environ, "YAGURA_CLOCK_FILE": clock.path})
    office.wait_all_recording(120)


def set_again_and_again(clock, steps, rng):
    for _ in range(steps):
        clock.set(clock.ahead_us + any_step(rng, clock.ahead_us))
        time.sleep(rng.uniform(0.6, 1.6))
    for ahead_us in (0, TWICE_US, 0):
        clock.set(ahead_us)
        time.sleep(4)


def judge_rows(office, steps):
    assert office.postgres.sql(OVERLAPS_IN_RUNS) == [["0"]], "clips of a run don't lie side by side"
    assert office.postgres.sql(NEGATIVE) == [["0"]], "something ends before it begins"
    overlaps, unmarked = map(int, office.postgres.sql(LIVED_TWICE)[0])
    assert overlaps >= office.cameras and unmarked == 0, f"{unmarked} of {overlaps} pairs of clips of a time lived twice are not marked"
    told, net_s = office.postgres.sql(STEPS)[0]
    assert 2 <= int(told) <= steps + 3 and abs(float(net_s)) < 1, f"{told} steps told, which come to {net_s} s; {steps + 3} were made, which come to 0"
    return overlaps, int(told)


def judge_coverage(office, since):
    office.start_api_and_media()
    client = office.sign_in("crisis")
    span = [time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)) for at in (since, time.time() + 60)]
    for camera in client.all_items("/v1/cameras"):
        pieces = client.all_items(f"/v1/cameras/{camera['id']}/coverage", from_=span[0], to=span[1])
        assert any(piece.get("copies", 1) >= 2 for piece in pieces), f"coverage of {camera['code']} tells of no time lived twice: {pieces}"


def scenario(options, folder):
    seed = options.seed or random.randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    since = time.time()
    with Office(folder, options.build, cameras=options.cameras, loop=loop(options, "gop_half"), farm_options=["--drift-ppm", "100"]) as office:
        clock = Clock(os.path.join(folder, "clock"))
        start_recorder(office, clock)
        set_again_and_again(clock, options.steps, random.Random(seed))
        office.children["record"].stop()
        start_recorder(office, clock)  # tells the catalogue of the clips closed last
        wait_until("the closed clips in the catalogue", lambda: office.check_sent()["files_in_journal"] <= office.cameras, 120, 0.5)
        report = office.check_sent()
        assert report["frames_lost"] == 0 and report["disagreements"] == 0, report
        overlaps, told = judge_rows(office, options.steps)
        judge_coverage(office, since)
        print(f"{options.steps} steps, {told} of half a second or more: {report['frames_sent']} frames sent, {report['frames_in_gaps']} in gaps (restart), 0 "
              f"lost; {overlaps} pairs of clips lived twice, all marked; 0 overlaps within a run, 0 negative durations")


if __name__ == "__main__":
    parsed = arguments(__doc__, cameras=3, steps=8, seed=0)
    run(lambda folder: scenario(parsed, folder))
