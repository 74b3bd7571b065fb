#!/usr/bin/env python3
"""Cameras with habits, through the real `yagura record`: for each row of docs/design/camera-behaviours.md that is a habit, a simulated camera that does
so. What each sent is stored, frame for frame; each has one RTSP session, but the one that has to be found out.

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
from support.sent_log import read_sessions  # noqa: E402

FOUND_OUT = "get-parameter-unannounced"  # its first session shows how it wants to be kept alive


def habits_of_the_page():
    with open(os.path.join(ROOT, "docs/design/camera-behaviours.md")) as page:
        return re.findall(r"^\| `([\w-]+)` \|.*\| habit \|$", page.read(), re.MULTILINE)


def judge_sessions(farm, names):
    """One RTSP session that plays per camera; its frames, in all."""
    sessions, frames = read_sessions(farm.sent_log)
    count = collections.Counter(session.camera for session in sessions)
    wrong = {name: count[number] for number, name in enumerate(names, 1) if count[number] != (2 if name == FOUND_OUT else 1)}
    assert not wrong, f"sessions, where one was to be: {wrong}"
    return sum(map(len, frames.values()))


def scenario(options, folder):
    names = habits_of_the_page()
    assert len(names) >= 40, f"the page names {len(names)} habits"
    main_loop = loop(options, "gop_half")
    with Office(folder, options.build, cameras=0) as office:
        office.start("record")
        wait_until("the key that credentials are sealed for", lambda: office.postgres.sql("SELECT 1 FROM recorder_key"), 60)
        farm = Farm(office, "habits", [main_loop] * len(names), options=[word for name in names for word in ("--habit", name)], auth="digest-md5")
        office.sent_log = farm.sent_log
        for number in range(1, len(names) + 1):
            add_camera(office, number, farm)
        office.wait_all_recording(60)
        time.sleep(options.watch_s)
        report = office.check_sent()
        assert report["frames_lost"] == 0 and report["disagreements"] == 0, report
        assert report["frames_stored"] > len(names) * options.watch_s * 5, report
        sent = judge_sessions(farm, names)
        print(f"{len(names)} habits: {sent} frames sent, {report['frames_stored']} found stored, 0 lost, one session each")


if __name__ == "__main__":
    parsed = arguments(__doc__, watch_s=10)
    run(lambda folder: scenario(parsed, folder))
