#!/usr/bin/env python3
"""A camera that sends over UDP alone, and asks for credentials, through the real `yagura record` and its pull worker; two cameras over TCP beside. Its
worker is killed: a gap `worker_failed`, and it is recorded again. It crashes twice: the camera is parked, until that is lifted. What was sent is stored
or in a gap of that camera, byte for byte; the others have no gap at all."""
import json
import os
import signal
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.camera_farms import Farm, ForeignCamera, add_camera  # noqa: E402
from support.office import Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.sent_log import merge_sent_logs  # noqa: E402

CREDENTIALS = ("viewer", "correct horse: battery")


def worker_of(office):
    """The recorder's only pull worker, once it has become one; None: there is none."""
    recorder = office.children["record"].pid
    for task in os.listdir(f"/proc/{recorder}/task"):
        with open(f"/proc/{recorder}/task/{task}/children") as children:
            for pid in children.read().split():
                if b"pull-worker" in read(f"/proc/{pid}/cmdline"):
                    return int(pid)
    return None


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def end_worker(office, how):
    """Once it records."""
    wait_until("all cameras to be recorded", lambda: status(office)["cameras_recording"] == 3, 90, 0.1)
    worker = wait_until("its worker", lambda: worker_of(office), 60)
    os.kill(worker, how)
    wait_until("the worker's end", lambda: worker_of(office) != worker, 60)


def status(office):
    return json.loads(office.yagura("status", "--json").stdout)


def reasons(office, code, since=0):
    """Of its gaps that began after `since`."""
    return [reason for reason, in office.postgres.sql(
        f"SELECT reason FROM gap g JOIN camera c ON c.id = camera_id WHERE c.code = '{code}' AND start_at > to_timestamp({since})"
        " AND (end_at IS NULL OR start_at < end_at) ORDER BY start_at")]


def judge_secrecy(worker):
    """Its command line and environment are for everybody on the machine to read."""
    for name in ("cmdline", "environ"):
        assert CREDENTIALS[1].encode() not in read(f"/proc/{worker}/{name}"), f"the password stands in its {name}"


def scenario(options, folder):
    with Office(folder, options.build, cameras=0) as office:
        office.start("record")
        wait_until("the key that credentials are sealed for", lambda: office.postgres.sql("SELECT 1 FROM recorder_key"), 60)
        foreign = ForeignCamera(office, loop(options, "slices"), transports="udp", credentials=CREDENTIALS)
        farm = Farm(office, "tcp", [loop(options, "gop_half")] * 3)
        pulled = add_camera(office, 1, foreign, transport="auto")
        others = [add_camera(office, number, farm) for number in (2, 3)]
        office.wait_all_recording(60)
        begun = time.time()
        judge_secrecy(worker_of(office))

        end_worker(office, signal.SIGKILL)
        wait_until("a gap of its own", lambda: "worker_failed" in reasons(office, pulled), 60, 0.1)
        for _ in range(2):
            end_worker(office, signal.SIGSEGV)
        wait_until("the camera to be parked", lambda: status(office)["cameras_missing"] == {"camera_parked": 1}, 60, 0.1)
        assert worker_of(office) is None, "a parked camera has a worker"
        office.yagura("camera", "unpark", "--camera", pulled)
        office.wait_all_recording(60)
        time.sleep(options.watch_s)

        for code in others:
            assert not reasons(office, code, begun), f"{code} has gaps: {reasons(office, code, begun)}"
        office.sent_log = os.path.join(folder, "sent.log")
        merge_sent_logs(sorted([foreign.sent_log, farm.sent_log]), office.sent_log)
        report = office.check_sent()
        assert report["frames_lost"] == 0 and report["disagreements"] == 0, report
        print(f"{report['frames_sent']} frames sent, {report['frames_in_gaps']} in gaps, 0 lost; gaps of the pulled camera: {reasons(office, pulled)}")


if __name__ == "__main__":
    parsed = arguments(__doc__, watch_s=3)
    run(lambda folder: scenario(parsed, folder))
