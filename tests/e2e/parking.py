#!/usr/bin/env python3
"""A camera whose bytes crash `yagura record`: the program with a planted fault (crash_on_marker.cc) under `yagura serve`, ten cameras beside. The
offender crashes it twice and is parked: a gap `camera_parked`, an alarm, `yagura status` and coverage name it; after `yagura camera unpark` the same
again. kill -9 parks nobody, and unparks nobody. Each time the others lose 3 s at most; `yagura check --sent` finds every frame stored or in a gap.

CI kills twice and unparks once; the large run: `tests/e2e/parking.py --kills 20 --unparks 5`."""
import calendar
import json
import os
import random
import re
import signal
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.loop_frames import read_loop  # noqa: E402
from support.office import Office  # noqa: E402
from support.processes import Child, wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.standstill import STANDSTILL  # noqa: E402

MARKER = b"\x06\x05\x10crash the record\x80"  # an SEI of its own: user data, whose 16 bytes of name are what the planted fault waits for
MARKED_EVERY, MARKED_AT = 30, 15  # frames: a marker each 2 s, a second behind a keyframe
KILLED, CRASHED = "signal 9", "signal 11"


def marked_loop(path, target):
    """The loop, with the marker before every 30th frame."""
    with open(target, "wb") as marked:
        for number, nals in enumerate(read_loop(path)):
            if number % MARKED_EVERY == MARKED_AT:
                nals = [MARKER, *nals]
            marked.write(b"".join(b"\0\0\0\1" + nal for nal in nals))
    return target


class Served:
    """`yagura serve` of the program with the fault, and what its log says of the recorder."""

    def __init__(self, office):
        self.log_path = os.path.join(office.folder, "serve.log")
        program = os.path.join(office.build, "tests/e2e/yagura_crash_on_marker")
        office.children["serve"] = Child("yagura serve", [program, "serve", "--config", office.config], self.log_path)

    def lines(self, *words):
        with open(self.log_path, errors="replace") as log:
            return [line for line in log if all(word in line for word in words)]

    def ends(self, how):
        return len(self.lines("ended; starting it again", "process=record", how))

    def record_pid(self):
        started = self.lines("started", "process=record")
        return int(re.search(r"pid=(\d+)", started[-1]).group(1)) if len(started) > self.ends("") else None


def status(office):
    return json.loads(office.yagura("status", "--json").stdout)


def wait_recording(office, cameras):
    wait_until(f"{cameras} cameras to be recorded", lambda: status(office)["cameras_recording"] == cameras, 90, 0.1)


def kill_record(office, served, cameras, rng):
    """kill -9 at a random moment; on return it records again."""
    time.sleep(rng.uniform(0.3, 1.5))
    killed, before = served.ends(KILLED), served.record_pid()
    killed_us = time.time() * 1e6
    os.kill(before, signal.SIGKILL)
    wait_until("serve to notice", lambda: served.ends(KILLED) > killed, 60)
    wait_until("the recorder's next life", lambda: served.record_pid() not in (None, before), 60)
    over = ("SELECT count(DISTINCT camera_id) FILTER (WHERE end_at > to_timestamp(%f)) >= %d AND count(*) FILTER (WHERE end_at IS NULL"
            " AND reason <> 'camera_parked') = 0 FROM gap" % (killed_us / 1e6, cameras))
    wait_until("the gaps of the kill to end", lambda: office.postgres.sql(over)[0][0] == "t", 90, 0.1)


def parked(office):
    """Since when whoever is parked is."""
    return {code: float(since) for code, since in office.postgres.sql(
        "SELECT c.code, extract(epoch FROM g.start_at) FROM gap g JOIN camera c ON c.id = g.camera_id WHERE g.end_at IS NULL AND g.reason = 'camera_parked'")}


def await_parked(office, served, offender, crashes):
    """The offender parks itself by two crashes; nobody else is, and the recorder goes on."""
    wait_until("the offender to be parked", lambda: served.ends(CRASHED) >= crashes and offender in parked(office), 90, 0.1)
    assert list(parked(office)) == [offender] and served.ends(CRASHED) == crashes, (parked(office), served.ends(CRASHED))
    wait_recording(office, office.cameras)


def gaps_by_camera(office):
    gaps = {}
    for code, start, end, reason in office.postgres.sql(
            "SELECT c.code, extract(epoch FROM g.start_at), extract(epoch FROM coalesce(g.end_at, now())), g.reason"
            " FROM gap g JOIN camera c ON c.id = g.camera_id WHERE g.end_at IS NULL OR g.start_at < g.end_at ORDER BY c.code, g.start_at"):
        gaps.setdefault(code, []).append((float(start), float(end), reason))
    return gaps


def ends_of_lives(served):
    """When `serve` noticed that the recorder had ended."""
    stamps = [line.split()[0] for line in served.lines("ended; starting it again", "process=record")]
    return [time_of(stamp) for stamp in stamps]


def time_of(stamp):
    """Seconds since 1970 of "2027-06-15T05:03:22.120Z"."""
    whole, fraction = stamp.rstrip("Z").split(".")
    return calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) + float("0." + fraction)


def worst_loss(served, gaps, since, loss_max_s):
    """The longest that one end of the recorder cost one camera, in seconds. Where it ended again before all was well, a gap covers several ends."""
    worst, ends = 0, ends_of_lives(served)
    for code, rows in gaps.items():
        stretches = []
        for start, end, reason in (row for row in rows if row[1] > since):
            if stretches and start - stretches[-1][1] < 0.001:
                stretches[-1] = (stretches[-1][0], end)
            else:
                stretches.append((start, end))
        for start, end in stretches:
            within = sum(start <= ended <= end for ended in ends)
            assert within > 0, f"{code}: no end of the recorder within the gap {start:.3f} to {end:.3f}: {ends}"
            worst = max(worst, (end - start) / within)
            assert end - start <= loss_max_s * within + STANDSTILL.longest_s(start, end), f"{code}: {end - start:.3f} s lost by {within} ends of the recorder"
    return worst


def judge_offender(rows, due):
    """Parked, its time is one gap after another; before, what is no gap was recorded."""
    assert abs(rows[0][0] - due) < 0.01, f"due from {due}, the first gap from {rows[0][0]}"
    first = next(i for i, row in enumerate(rows) if row[2] == "camera_parked")
    reasons = {row[2] for row in rows[first:]}
    assert reasons <= {"camera_parked", "recorder_restart", "waiting_for_keyframe", "camera_unreachable"}, reasons


def judge_words(office, served, offender):
    said = office.yagura("status").stdout
    assert re.search(rf"{offender}.*parked", said), said
    assert status(office)["cameras_missing"] == {"camera_parked": 1}
    left_out = [dict(labels)["reason"] for name, labels in office.metrics() if ("state", "left_out") in labels]
    assert left_out == ["camera_parked"], left_out
    identity = office.postgres.sql(f"SELECT id FROM camera WHERE code = '{offender}'")[0][0]
    assert served.lines("alarm: a camera is parked", identity), "no alarm names the offender"
    assert not [line for line in served.lines("is parked") if identity not in line], "an alarm names another camera"


def judge_coverage(office, offender, since):
    client = office.sign_in("crisis")
    camera = next(camera for camera in client.all_items("/v1/cameras") if camera["code"] == offender)
    at = [time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(t)) for t in (since + 1, since + 3)]

    def told():
        pieces = client.all_items(f"/v1/cameras/{camera['id']}/coverage", from_=at[0], to=at[1])
        return {piece.get("reason") for piece in pieces} == {"camera_parked"}

    wait_until("coverage to say that it is parked", told, 60, 0.2)


def scenario(options, folder):
    rng = random.Random(options.seed or None)
    good = loop(options, "gop_half")
    bad = marked_loop(loop(options, "main"), os.path.join(os.path.dirname(folder), "marked.h264"))
    others = options.cameras
    with Office(folder, options.build, cameras=others, farm_cameras=others + 1, loop=[good] * others + [bad]) as office:
        served = Served(office)
        wait_recording(office, others)
        begun = time.time()
        for _ in range(options.kills):
            kill_record(office, served, others, rng)
        assert not parked(office), parked(office)

        offender, number = "X-BAD", others + 1
        office.yagura("camera", "add", "--code", offender, "--name", "Offender", "--floor", "1F", "--unit", "DEPT1", "--url",
                      f"rtsp://127.0.0.1:{office.farm_port}/camera/{number}", "--in-service")
        due = float(office.postgres.sql("SELECT extract(epoch FROM s.valid_from) FROM camera_state s JOIN camera c ON c.id = camera_id"
                                        f" WHERE c.code = '{offender}'")[0][0])
        await_parked(office, served, offender, 2)
        for n in range(options.unparks):
            kill_record(office, served, others, rng)
            assert list(parked(office)) == [offender], "a restart unparked it"
            office.yagura("camera", "unpark", "--camera", offender)
            await_parked(office, served, offender, 4 + 2 * n)
        judge_words(office, served, offender)
        since = parked(office)[offender]
        judge_coverage(office, offender, since)

        report = office.check_sent()
        assert report["frames_lost"] == 0 and report["disagreements"] == 0, report
        gaps = gaps_by_camera(office)
        judge_offender(gaps.pop(offender), due)
        worst = worst_loss(served, gaps, begun, options.loss_max_s)
        print(f"{served.ends(CRASHED)} crashes by the offender, {served.ends(KILLED)} kills; {others} others lost {worst:.2f} s at most each time; "
              f"{report['frames_sent']} frames sent, {report['frames_in_gaps']} in gaps, 0 lost")


if __name__ == "__main__":
    parsed = arguments(__doc__, cameras=10, kills=2, unparks=1, loss_max_s=3.0, seed=0)
    run(lambda folder: scenario(parsed, folder))
