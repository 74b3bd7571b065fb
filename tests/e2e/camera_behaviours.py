#!/usr/bin/env python3
"""Cameras with habits, and streams of every kind, through the real `yagura record`: for each row of docs/design/camera-behaviours.md that is a habit or
a stream, a simulated camera that does so. What each sent is stored, frame for frame, NAL unit byte for NAL unit byte (the CRC of all of a frame's); each
has one RTSP session, but the one that has to be found out.

CI watches for 10 s; more by `tests/e2e/camera_behaviours.py --watch-s 300`."""
import collections
import os
import re
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.camera_farms import Farm, add_camera  # noqa: E402
from support.office import ROOT, Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.sent_log import merge_sent_logs, read_sessions  # noqa: E402

FOUND_OUT = "get-parameter-unannounced"  # its first session shows how it wants to be kept alive
STREAMS = {  # the loop, and where its parameter sets are told
    "h264-sdp": ("main", "sdp"),
    "h264-in-band": ("aud", "in-band"),
    "h264-b-frames": ("high_b", "both"),
    "h264-slices": ("slices", "both"),
    "h264-fragments": ("rich", "both"),
    "h264-sizes": ("sizes.h264", "both"),
    "h265": ("main.h265", "both"),
    "h265-sdp": ("rich_b.h265", "sdp"),
    "h265-in-band": ("main.h265", "in-band"),
    "h265-b-frames": ("rich_b.h265", "both"),
    "h265-open-gop": ("open_b.h265", "both"),
    "h265-sizes": ("sizes.h265", "in-band"),
    "jpeg": ("main.mjpeg", "both"),
    "jpeg-restarts": ("restarts.mjpeg", "both"),
    "jpeg-sizes": ("sizes.mjpeg", "both"),
}


def names_of_the_page(test):
    with open(os.path.join(ROOT, "docs/design/camera-behaviours.md")) as page:
        return re.findall(rf"^\| `([\w-]+)` \|.*\| {test} \|$", page.read(), re.MULTILINE)


def start_farms(office, options, habits):
    """By name of the row. Camera n has number n in each farm, so that their sent logs can be judged as one."""
    short = loop(options, "gop_half")
    words = [word for name in habits for word in ("--habit", name)]
    farm_of = dict.fromkeys(habits, Farm(office, "habits", [short] * len(habits), options=words, auth="digest-md5"))
    for told in ("both", "sdp", "in-band"):
        loops = [loop(options, name) if where == told else short for name, where in STREAMS.values()]
        farm = Farm(office, told, [short] * len(habits) + loops, options=["--parameter-sets", told])
        farm_of.update((name, farm) for name, (_, where) in STREAMS.items() if where == told)
    return farm_of


def judge_sessions(sent_log, names):
    """One RTSP session that plays per camera; its frames, in all."""
    sessions, frames = read_sessions(sent_log)
    count = collections.Counter(session.camera for session in sessions)
    wrong = {name: count[number] for number, name in enumerate(names, 1) if count[number] != (2 if name == FOUND_OUT else 1)}
    assert not wrong, f"sessions, where one was to be: {wrong}"
    return sum(map(len, frames.values()))


def scenario(options, folder):
    habits = names_of_the_page("habit")
    assert len(habits) >= 40, f"the page names {len(habits)} habits"
    assert names_of_the_page("stream") == list(STREAMS), "the page's streams are those recorded here"
    names = habits + list(STREAMS)
    with Office(folder, options.build, cameras=0) as office:
        office.start("record")
        wait_until("the key that credentials are sealed for", lambda: office.postgres.sql("SELECT 1 FROM recorder_key"), 60)
        farms = start_farms(office, options, habits)
        for number, name in enumerate(names, 1):
            add_camera(office, number, farms[name])
        office.wait_all_recording(60)
        time.sleep(options.watch_s)
        office.sent_log = os.path.join(folder, "sent.log")
        merge_sent_logs(sorted({farm.sent_log for farm in farms.values()}), office.sent_log)
        report = office.check_sent()
        assert report["frames_lost"] == 0 and report["disagreements"] == 0, report
        assert report["frames_stored"] > len(names) * options.watch_s * 5, report
        sent = judge_sessions(office.sent_log, names)
        print(f"{len(habits)} habits, {len(STREAMS)} streams: {sent} frames sent, {report['frames_stored']} found stored, 0 lost, one session each")


if __name__ == "__main__":
    parsed = arguments(__doc__, watch_s=10)
    run(lambda folder: scenario(parsed, folder))
