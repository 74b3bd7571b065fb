#!/usr/bin/env python3
"""`yagura record` stopped (SIGTERM) and killed, in turn, and started again at once, many cameras at it: from the start of the process until each camera's
RTSP session stands, and until its footage goes on, which it does at the first keyframe that the camera sends then. No frame is missing outside the gaps.

CI restarts it twice with 24 cameras; the large run: `tests/e2e/recorder_restart.py --cameras 100 --restarts 20`."""
import os
import random
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.gaps import gaps_of, joined  # noqa: E402
from support.office import Office  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.sent_log import read_sessions  # noqa: E402
from support.standstill import STANDSTILL  # noqa: E402

PROMISED_S = 2.0  # until the session stands; footage follows at the next keyframe
ALLOWED_S = 10.0  # more, on a machine that builds something else meanwhile
EDGE_US = 150_000  # one frame interval of the loop and 50 ms: what a frame's wall time may be off


def restart(office, rng, kill):
    """When the recorder was gone, and when its next life began, in microseconds."""
    time.sleep(rng.uniform(1.0, 3.0))
    gone_us = time.time() * 1e6
    if kill:
        office.children["record"].kill()
    else:
        office.children["record"].stop()
    started_us = time.time() * 1e6
    office.start("record")
    office.wait_all_recording(120)
    return gone_us, started_us


def judge(code, times, gaps, sessions, frames_by_session):
    """Seconds from the start of the process until this camera's session stood, and until its footage went on."""
    gone_us, started_us = times
    number = int(code.split("-")[1])
    session = min((s for s in sessions if s.camera == number and s.begin_us > started_us), key=lambda s: s.begin_us)
    keyframe = next(frame for frame in frames_by_session[session.session] if frame.keyframe)
    around = [gap for gap in gaps if gap[0] - EDGE_US < started_us < gap[1]]  # the last frame of a stop lasts on
    assert len(around) == 1, f"{code}: {len(around)} gaps around the start at {started_us}: {gaps}"
    _, end, reasons = around[0]
    still_us = STANDSTILL.longest_s(gone_us / 1e6 - 3, started_us / 1e6 + 5) * 1e6
    assert reasons[0] == "recorder_restart" and set(reasons) <= {"recorder_restart", "waiting_for_keyframe"}, f"{code}: {reasons}"
    assert abs(keyframe.captured_us - end) <= EDGE_US + still_us, (
        f"{code}: footage goes on {(end - keyframe.captured_us) / 1e6:.3f} s from the first keyframe after the session stood")
    stood_s, records_s = (session.begin_us - started_us) / 1e6, (end - started_us) / 1e6
    assert stood_s <= PROMISED_S + ALLOWED_S + still_us / 1e6, f"{code}: its RTSP session stood {stood_s:.2f} s after the start"
    return stood_s, records_s


def scenario(options, folder):
    seed = options.seed or random.randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    rng = random.Random(seed)
    with Office(folder, options.build, cameras=options.cameras, loop=loop(options, options.footage)) as office:
        office.start("record")
        office.wait_all_recording(120)
        restarts = [restart(office, rng, kill=n % 2 == 1) for n in range(options.restarts)]
        time.sleep(6)  # what was sent until now is settled
        report = office.check_sent()
        assert report["frames_lost"] == 0 and report["disagreements"] == 0, report
        sessions, frames_by_session = read_sessions(office.sent_log)
        gaps = {code: joined(rows) for code, rows in gaps_of(office).items()}
        assert len(gaps) == options.cameras
        each = [judge(code, times, rows, sessions, frames_by_session) for times in restarts for code, rows in gaps.items()]
        stood, records = zip(*each)
        late = sum(1 for s in stood if s > PROMISED_S)
        print(f"{options.restarts} restarts of {options.cameras} cameras: sessions stood after {max(stood):.2f} s at most, {late} later than {PROMISED_S:.0f} s; "
              f"footage went on after {max(records):.2f} s at most; {report['frames_sent']} frames sent, {report['frames_in_gaps']} in gaps, 0 lost")


if __name__ == "__main__":
    parsed = arguments(__doc__, cameras=24, restarts=2, seed=0, footage="main")
    run(lambda folder: scenario(parsed, folder))
