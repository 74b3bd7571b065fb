#!/usr/bin/env python3
"""A disk that somebody fills to its last byte under twenty cameras, and empties again: what was recorded stays, what was not is in gaps `volume_full`.
Then the cameras fill it, and all of it is held as soon as it is recorded, so that nothing may be deleted: the alarms come in order, at 70, 85 and 95 %, and nothing is missing until the reserve is reached
(docs/operations/storage-faults.md). Needs a mount namespace: root, or a kernel that gives users one."""
import json
import os
import re
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.office import Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.small_disk import SmallDisk, enter_own_mounts  # noqa: E402

MARKS = [70, 85, 95]
HOLD_EACH_S = 5


def marks_told(office):
    with open(office.children["keep"].log_path) as log:
        return [int(mark) for mark in re.findall(r"a volume is nearly full.*above_percent\D*(\d+)", log.read())]


def free_at_stop(office):
    """What the recorder says was free when it first stopped for the reserve."""
    with open(office.children["record"].log_path) as log:
        return int(re.search(r"volume is full: recording to it stops.*free_bytes=(\d+)", log.read()).group(1))


def gaps(office, since_s):
    """(reason, start) of those that began since."""
    rows = office.postgres.sql(f"SELECT reason, extract(epoch FROM start_at) FROM gap WHERE start_at > to_timestamp({since_s})"
                               " AND coalesce(end_at, 'infinity') > start_at ORDER BY start_at")
    return [(reason, float(start)) for reason, start in rows]


def volume_listed(office):
    (volume,) = json.loads(office.yagura("volume", "list", "--json").stdout)["items"]
    return volume


class Holds:
    """The crisis desk holds what every camera has recorded since it began, again and again."""

    def __init__(self, office, since_s):
        self.client = office.sign_in("crisis")
        self.cameras = [camera["id"] for camera in self.client.all_items("/v1/cameras")]
        self.until_s, self.placed = since_s, 0

    def go_on(self):
        now = time.time()
        if now - self.until_s < HOLD_EACH_S:
            return
        for camera in self.cameras:
            reply = self.client.request("POST", "/v1/holds", {"camera_id": camera, "from": instant(self.until_s), "to": instant(now), "reason": "all of it",
                                                              "review_at": instant(now + 86_400)})
            assert reply.status == 201, f"{reply.status} {reply.body[:300]}"
            self.placed += 1
        self.until_s = now


def instant(at_s):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at_s))


def filled_by_cameras(office, disk, since_s):
    """Returns what was free when the first gap began, the marks with the share that the disk was full at, and the number of holds."""
    office.start("api")
    office.wait_listening("api")
    holds = Holds(office, since_s)
    holds.go_on()
    office.start("keep")
    begun, reserve = time.time(), disk.total_bytes() / 10
    told, least_free = [], disk.total_bytes()

    def full():
        nonlocal least_free
        holds.go_on()
        marks = marks_told(office)
        told.extend((mark, 100 - 100 * disk.free_bytes() / disk.total_bytes()) for mark in marks[len(told):])
        if gaps(office, begun):
            return True
        least_free = min(least_free, disk.free_bytes())
        return False

    wait_until("the disk to be full", full, 300, 0.2)
    wait_until("the last alarm", lambda: marks_told(office)[:len(MARKS)] == MARKS, 30, 0.2)
    missing = gaps(office, begun)
    assert {reason for reason, _ in missing} == {"volume_full"}, missing
    stopped_with = free_at_stop(office)
    assert stopped_with < reserve, f"recording stopped with {stopped_with} bytes free, of which {reserve:.0f} are the reserve"
    assert [mark for mark, _ in told] == MARKS[:len(told)], told

    # What was closed after the last holds were placed is held by nobody, and may go: then there is space for a moment.
    def told_full():
        holds.go_on()
        volume = volume_listed(office)
        return volume["above_percent"] == 95 and volume["full_at"] and "more than 95 % full" in office.yagura("status").stdout

    wait_until("the volume to be listed as full, and told by status", told_full, 60, 0.2)
    held_and_gone = office.postgres.sql("SELECT count(*) FROM clip_deletion d JOIN hold h ON h.camera_id = d.camera_id AND h.from_at < d.end_at AND d.start_at < h.to_at"
                                        " AND h.placed_at < d.deleted_at")
    assert held_and_gone == [["0"]], f"{held_and_gone} held clips were deleted"
    return least_free, told, holds.placed


def filled_by_others(office, disk):
    """Returns when all were recorded, the seconds until each camera was in a gap, and until none was."""
    office.start("record")
    office.wait_all_recording(60)
    time.sleep(5)  # gaps of the start are over
    begun = time.time()
    disk.fill_up()
    wait_until("the gaps", lambda: len(gaps(office, begun - 1)) >= office.cameras, 60, 0.1)
    until_gaps = time.time() - begun
    assert {reason for reason, _ in gaps(office, begun - 1)} == {"volume_full"}, gaps(office, begun - 1)
    emptied = time.time()
    os.unlink(disk.ballast)
    wait_until("recording to go on", lambda: json.loads(office.yagura("status", "--json").stdout)["cameras_recording"] == office.cameras, 90, 0.2)
    return begun, until_gaps, time.time() - emptied


def nothing_lost(office):
    time.sleep(6)  # what was sent until now is settled
    report = office.check_sent()
    assert report["frames_lost"] == 0 and report["disagreements"] == 0, report
    return report


def scenario(options, folder):
    with SmallDisk(os.path.join(os.path.dirname(folder), "disk"), options.disk_mb << 20) as disk:
        with Office(folder, options.build, cameras=options.cameras, loop=loop(options, "main"), volume=disk.folder) as office:
            begun, until_gaps, again = filled_by_others(office, disk)
            report = nothing_lost(office)
            print(f"filled to the last byte: all in gaps after {until_gaps:.1f} s, all recorded {again:.1f} s after there was space; "
                  f"{report['frames_sent']} frames sent, {report['frames_in_gaps']} in gaps, 0 lost")
            least_free, told, holds = filled_by_cameras(office, disk, begun)
            report = nothing_lost(office)
            shares = ", ".join(f"{mark} % told at {share:.0f} %" for mark, share in told)
            print(f"{options.cameras} cameras, {options.disk_mb} MiB, all in {holds} holds: {shares}; no gap with {least_free / 1e6:.1f} MB free or more, reserve "
                  f"{disk.total_bytes() / 1e7:.1f} MB; {report['frames_sent']} frames sent, {report['frames_in_gaps']} in gaps, 0 lost")


if __name__ == "__main__":
    parsed = arguments(__doc__, cameras=20, disk_mb=48)
    enter_own_mounts()
    run(lambda folder: scenario(parsed, folder))
