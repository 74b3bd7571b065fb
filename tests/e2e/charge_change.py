#!/usr/bin/env python3
"""A charge changed at an instant, in a live office: the footage before belongs to the old unit, the new unit's begins at the first keyframe at or after
the instant, at most 10 s later; no frame is missing or stored twice. Each unit's head sees its own part alone, on every route: lists, coverage,
playlist, clips, video.mp4, and a range across the instant gives exactly that part. Who may see both gets one video without a break."""
import datetime
import json
import os
import re
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.office import Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.sent_log import read_sent_log  # noqa: E402
from support.standstill import STANDSTILL  # noqa: E402
from support.video_judge import Presented, judge_video  # noqa: E402

LOOPS = ["main", "high_b", "gop_10", "gop_half"]
CAMERAS = {"1F-001": "main", "1F-004": "gop_half", "1F-007": "gop_10", "1F-010": "high_b"}  # of the first floor; loops go round by number
EDGE_US = 150_000  # one frame interval and 50 ms: what a frame's wall time may be off
LATE_MAX_US = 10_000_000
BEFORE_US, AFTER_US = 5_000_000, 14_000_000  # the range asked for, about the instant
STORED_BY_US = 4_000_000  # all of the range is on the disk so long after it, when the recorder is stopped


def edge_us():
    return EDGE_US + STANDSTILL.longest_s() * 1e6


def rfc3339(us):
    return (datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(microseconds=us)).isoformat(timespec="microseconds")


def micros(text):
    return round(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1e6)


def first_of_new_unit(office, camera, instant_us, frames):
    """Where the new unit's footage begins; fails unless that is the first keyframe at or after the instant."""
    rows = office.postgres.sql(
        "SELECT u.code, round(extract(epoch FROM c.start_at) * 1000000), round(extract(epoch FROM c.end_at) * 1000000) FROM clip c"
        f" JOIN unit u ON u.id = c.unit_id WHERE c.camera_id = '{camera['id']}' ORDER BY c.start_at")
    clips = [(unit, int(start), int(end)) for unit, start, end in rows]
    units = [unit for unit, _, _ in clips]
    assert set(units) == {"DEPT1", "DEPT2"} and units == sorted(units), f"{camera['code']}: {clips}"
    start = next(start for unit, start, _ in clips if unit == "DEPT2")
    assert [end for unit, _, end in clips if unit == "DEPT1"][-1] == start, f"{camera['code']}: a hole between the units: {clips}"
    assert instant_us <= start <= instant_us + LATE_MAX_US + edge_us(), f"{camera['code']}: begins {(start - instant_us) / 1e6:.3f} s after the instant"
    keyframes = [f.captured_us for f in frames if f.keyframe]
    nearest = min(keyframes, key=lambda captured: abs(captured - start))
    assert abs(nearest - start) <= edge_us(), f"{camera['code']}: begins {(nearest - start) / 1e6:.3f} s from a keyframe"
    assert not [k for k in keyframes if instant_us + edge_us() < k < nearest], f"{camera['code']}: an earlier keyframe lay behind the instant"
    return start


def ask(office, client, camera, from_us, to_us):
    return office.media_client(client).get(f"/v1/cameras/{camera['id']}/video.mp4", from_=rfc3339(from_us), to=rfc3339(to_us))


def judge_own_part(office, client, camera, asked, part, frames, interval):
    """A range across the instant is answered by exactly `part`; the rest is listed as missing, with no more said. Returns what is presented."""
    reply = ask(office, client, camera, *asked)
    assert reply.status == 200, f"video.mp4: {reply.status} {reply.body[:300]}"
    path = os.path.join(office.folder, "part.mp4")
    with open(path, "wb") as file:
        file.write(reply.body)
    judge_video(path, frames, [part], interval)
    gaps = {name.lower(): value for name, value in reply.headers}.get("x-yagura-gaps", "")
    missing = [edge for edge in ((asked[0], part[0]), (part[1], asked[1])) if edge[1] - edge[0] > 1_000_000]
    told = [tuple(micros(end) for end in gap.split("/")) for gap in gaps.split(", ") if gap]
    assert len(told) == len(missing), f"gaps told: {gaps}, missing: {missing}"
    assert all(abs(a - b) <= edge_us() for gap, edge in zip(told, missing) for a, b in zip(gap, edge)), f"gaps told: {gaps}, missing: {missing}"
    return [stamp.presentation for _, stamp in Presented(path).frames]


def judge_lists(office, client, camera, unit_id, asked, part):
    """Coverage, clips and playlist tell of `part` alone."""
    span = {"from_": rfc3339(asked[0]), "to": rfc3339(asked[1])}
    clips = client.all_items("/v1/clips", camera=camera["id"], **span)
    assert clips and {clip["department_id"] for clip in clips} == {unit_id}, f"{camera['code']}: clips of {[clip['department_id'] for clip in clips]}"
    pieces = client.all_items(f"/v1/cameras/{camera['id']}/coverage", **span)
    for piece in pieces:
        inside = micros(piece["start"]) >= part[0] and micros(piece["end"]) <= part[1]
        assert piece["kind"] == ("recorded" if inside else "no_footage") and "reason" not in piece, f"{camera['code']}: coverage {pieces}"
    playlist = office.media_client(client).get(f"/v1/cameras/{camera['id']}/playback.m3u8", **span)
    assert playlist.status == 200, playlist.status
    listed = set(re.findall(r"clips/([^/]+)/media", playlist.body.decode()))
    assert listed <= {clip["id"] for clip in clips} and listed, f"the playlist lists {listed}, the clips are {clips}"
    return clips


def judge_foreign_part(office, client, camera, foreign, foreign_clip, nothing_at):
    """The other's part alone answers like time without footage; the other's clip like one that doesn't exist."""
    answers = [ask(office, client, camera, *when).comparable() for when in (foreign, (nothing_at, nothing_at + 1_000_000))]
    assert answers[0] == answers[1] and answers[0][0] == 404 and b"no_footage" in answers[0][2], answers
    media = office.media_client(client)
    unknown = "00000000-0000-4000-8000-000000000000"
    for path, other in ((f"/v1/clips/{foreign_clip['id']}/media", f"/v1/clips/{unknown}.0/media"),
                        (f"/v1/runs/{foreign_clip['run_id']}/init.mp4", f"/v1/runs/{unknown}/init.mp4")):
        assert media.get(path).comparable() == media.get(other).comparable(), f"{path} differs from an unknown one"


def judge_camera(office, heads, crisis, camera, instant_us, frames):
    interval = int((frames[-1].captured_us - frames[0].captured_us) / (len(frames) - 1))
    start = first_of_new_unit(office, camera, instant_us, frames)
    asked = (instant_us - BEFORE_US, instant_us + AFTER_US)
    parts = {1: (asked[0], start), 2: (start, asked[1])}
    units = {code: unit for unit, code in office.postgres.sql("SELECT id, code FROM unit")}
    clips = {n: judge_lists(office, heads[n], camera, units[f"DEPT{n}"], asked, parts[n]) for n in (1, 2)}
    shown = {n: judge_own_part(office, heads[n], camera, asked, parts[n], frames, interval) for n in (1, 2)}
    assert shown[1][-1] + 1 == shown[2][0], f"{camera['code']}: the parts end with frame {shown[1][-1]} and begin with {shown[2][0]}"
    assert judge_own_part(office, crisis, camera, asked, asked, frames, interval) == shown[1] + shown[2]
    for n, other in ((1, 2), (2, 1)):
        foreign = (parts[other][0] + 2_000_000, parts[other][1] - 1_000_000)
        judge_foreign_part(office, heads[n], camera, foreign, clips[other][-1], instant_us - 3600_000_000)
    return {"camera": camera["code"], "loop": CAMERAS[camera["code"]], "late_s": round((start - instant_us) / 1e6, 3), "old_frames": len(shown[1]), "new_frames": len(shown[2])}


def scenario(options, folder):
    with Office(folder, options.build, cameras=10, loop=[loop(options, name) for name in LOOPS]) as office:
        office.start("record")
        office.start_api_and_media()
        heads = {n: office.sign_in(f"head{n}") for n in (1, 2)}
        crisis = office.sign_in("crisis")
        codes = list(CAMERAS)
        office.wait_all_recording(60)
        cameras = [camera for camera in heads[1].all_items("/v1/cameras") if camera["code"] in codes]
        assert len(cameras) == len(codes), f"the old unit's head sees {cameras}"
        instant_us = int((time.time() + options.ahead_s) * 1e6)
        office.yagura("charge", "change", *(word for code in codes for word in ("--camera", code)), "--unit", "DEPT2", "--at", rfc3339(instant_us))
        wait_until("the range to have passed", lambda: time.time() * 1e6 > instant_us + AFTER_US + STORED_BY_US, options.ahead_s + 60)
        assert not {camera["code"] for camera in heads[1].all_items("/v1/cameras")} & set(codes), "the old unit's list of now has the cameras"
        assert set(codes) <= {camera["code"] for camera in heads[2].all_items("/v1/cameras")}, "the new unit's list lacks them"
        office.children["record"].stop()  # closes its clips
        office.start("record")
        wait_until("the closed clips in the catalogue", lambda: office.check_sent()["files_in_journal"] <= office.cameras, 90, 0.5)
        frames = read_sent_log(office.sent_log)
        for camera in cameras:
            number = int(camera["code"].split("-")[1])
            print(json.dumps(judge_camera(office, heads, crisis, camera, instant_us, [f for f in frames if f.camera == number])))
        report = office.check_sent()
        assert report["frames_lost"] == 0 and report["disagreements"] == 0, report
        print(f"{len(codes)} cameras changed hands; {report['frames_sent']} frames sent, {report['frames_in_gaps']} in gaps, 0 lost, 0 disagreements")


if __name__ == "__main__":
    parsed = arguments(__doc__, ahead_s=12)
    run(lambda folder: scenario(parsed, folder))
