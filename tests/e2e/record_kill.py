#!/usr/bin/env python3
"""kill -9 of `yagura record` at random moments. The gap of each kill begins at most 1 s before it and ends at the first keyframe after the RTSP
sessions stand again, which they do within 2 s; outside the gaps no frame is missing; every file plays; `yagura check` finds nothing. Then the
same for api and media: recording doesn't notice.

CI runs 10 kills; the large run is `tests/e2e/record_kill.py --kills 100`, noted in docs/operations/ledger.md."""
import glob
import os
import random
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.office import Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.sent_log import read_sessions  # noqa: E402

LOSS_MAX_US = 1_000_000
SESSIONS_MAX_S = 2.0
EDGE_US = 150_000  # one frame interval of the loop and 50 ms: what a frame's wall time may be off


def kill_and_restart(office, rng):
    time.sleep(rng.uniform(1.5, 5.0))
    killed_us = int(time.time() * 1e6)
    office.children["record"].kill()
    started = time.time()
    office.start("record")
    office.wait_all_recording(30)
    return killed_us, int(started * 1e6)


def gaps_of(office):
    rows = office.postgres.sql(
        "SELECT c.code, extract(epoch FROM g.start_at) * 1000000, extract(epoch FROM coalesce(g.end_at, 'infinity')) * 1000000, g.reason"
        " FROM gap g JOIN camera c ON c.id = g.camera_id ORDER BY c.code, g.start_at")
    gaps = {}
    for code, start, end, reason in rows:
        gaps.setdefault(code, []).append((float(start), float(end), reason))
    return gaps


def joined(gaps):
    """Gap rows that touch, as one stretch with its reasons."""
    stretches = []
    for start, end, reason in gaps:
        if stretches and abs(stretches[-1][1] - start) < 1:
            stretches[-1] = (stretches[-1][0], end, stretches[-1][2] + [reason])
        else:
            stretches.append((start, end, [reason]))
    return stretches


def judge_kill(office, kill, gaps, sessions, frames_by_session):
    killed_us, started_us = kill
    worst_loss, worst_session = 0, 0
    for code, stretches in gaps.items():
        number = int(code.split("-")[1])
        around = [s for s in stretches if s[0] <= killed_us + EDGE_US and s[1] > killed_us]
        assert len(around) == 1, f"{code}: {len(around)} gaps around the kill at {killed_us}: {stretches}"
        start, end, reasons = around[0]
        loss = killed_us - start
        assert loss <= LOSS_MAX_US, f"{code}: the gap begins {loss / 1e6:.3f} s before the kill"
        assert reasons[0] == "recorder_restart", f"{code}: {reasons}"
        session = min((s for s in sessions if s.camera == number and s.begin_us > killed_us), key=lambda s: s.begin_us)
        after = (session.begin_us - started_us) / 1e6
        assert after <= SESSIONS_MAX_S, f"{code}: its RTSP session stood {after:.2f} s after the start"
        keyframe = next(f for f in frames_by_session[session.session] if f.keyframe)
        assert abs(keyframe.captured_us - end) <= EDGE_US, (
            f"{code}: the gap ends {(end - keyframe.captured_us) / 1e6:.3f} s from the first keyframe after the session stood")
        worst_loss, worst_session = max(worst_loss, loss), max(worst_session, after)
    return worst_loss, worst_session


def every_file_plays(office):
    files = glob.glob(os.path.join(office.volume, "clips/*/*/*.mp4"))
    for file in files:
        done = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", file, "-f", "null", "-"], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0 and not done.stderr.strip(), f"{file}: {done.stderr[:500]}"
    return len(files)


def scenario(options, folder):
    seed = options.seed or random.randrange(1 << 32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    with Office(folder, options.build, cameras=options.cameras, loop=loop(options, "main")) as office:
        office.start("record")
        office.wait_all_recording(60)
        kills = [kill_and_restart(office, rng) for _ in range(options.kills)]
        for verb in options.also.split():
            office.start(verb)
            time.sleep(0.5)
            office.children[verb].kill()
        time.sleep(4)
        report = office.check_sent()
        assert report["frames_lost"] == 0 and report["disagreements"] == 0, report
        wait_until("all gaps to be closed in the catalogue", lambda: all(s[-1][1] != float("inf") for s in gaps_of(office).values()), 30)
        sessions, frames_by_session = read_sessions(office.sent_log)
        gaps = {code: joined(rows) for code, rows in gaps_of(office).items()}
        assert len(gaps) == options.cameras
        losses = [judge_kill(office, kill, gaps, sessions, frames_by_session) for kill in kills]
        office.children["record"].stop()
        played = every_file_plays(office)
        print(f"{options.kills} kills of record with {options.cameras} cameras: longest loss before a kill {max(x[0] for x in losses) / 1e6:.3f} s, "
              f"slowest RTSP session {max(x[1] for x in losses):.2f} s after the start, {report['frames_sent']} frames sent, "
              f"{report['frames_in_gaps']} in gaps, 0 lost, {played} files play, 0 disagreements")


if __name__ == "__main__":
    parsed = arguments(__doc__, kills=10, cameras=6, seed=0, also="api media")
    run(lambda folder: scenario(parsed, folder))
