#!/usr/bin/env python3
"""The main job on real input, with every kind of stream at once: a department head lists the clips of one of its floors and downloads 20 s across the
boundary of two closed clips; what is presented is consecutive, unchanged, and at the instants asked for. The crisis desk gets every camera. Another
department's head gets, on every route with an id, the 404 of an id that doesn't exist, and meets the camera in no list, count or playlist.

Takes about four minutes: clips are 60 s long. CI leaves out the stream whose only keyframe comes each 300 s:
`tests/e2e/main_job.py --cameras 5 --first-keyframe-s 320`, with the long loop of deploy/prepare-footage."""
import datetime
import json
import os
import sys
import time
import uuid

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.office import Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.sent_log import read_sent_log  # noqa: E402
from support.video_judge import judge_video  # noqa: E402

LOOPS = ["main", "high_b", "gop_half", "gop_10", "gop_300"]


def rfc3339(us):
    return (datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(microseconds=us)).isoformat(timespec="microseconds")


def micros(text):
    return round(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1e6)


def ask_video(office, client, camera_id, from_us, to_us, path):
    reply = office.media_client(client).get(f"/v1/cameras/{camera_id}/video.mp4", from_=rfc3339(from_us), to=rfc3339(to_us))
    assert reply.status == 200, f"video.mp4: {reply.status} {reply.body[:500]}"
    with open(path, "wb") as file:
        file.write(reply.body)


def judge_across_a_boundary(office, client, camera, frames, offset_us):
    """20 s across the boundary of the camera's first two clips."""
    now = time.time() * 1e6
    clips = client.all_items("/v1/clips", floor=camera["floor_id"], from_=rfc3339(now - 3600e6), to=rfc3339(now))
    own = [clip for clip in clips if clip["camera_id"] == camera["id"]]
    assert len(own) >= 2, f"{camera['code']}: {len(own)} clips"
    boundary = micros(own[0]["end"])
    assert boundary == micros(own[1]["start"]), f"{camera['code']}: a clip's end is not the next one's start"
    number = int(camera["code"].split("-")[1])
    sent = [f for f in frames if f.camera == number]
    interval = int((sent[-1].captured_us - sent[0].captured_us) / (len(sent) - 1))
    from_us = boundary - offset_us
    path = os.path.join(office.folder, f"{camera['code']}.mp4")
    ask_video(office, client, camera["id"], from_us, from_us + 20_000_000, path)
    summary = judge_video(path, sent, from_us, from_us + 20_000_000, interval)
    print(camera["code"], json.dumps(summary))


def every_route_with_an_id(camera_id, floor_id, unit_id, clip_id, run_id, span):
    return {
        "api": [f"/v1/cameras/{camera_id}", f"/v1/cameras/{camera_id}/coverage{span}", f"/v1/clips{span}&camera={camera_id}",
                f"/v1/clips{span}&floor={floor_id}", f"/v1/cameras?floor={floor_id}", f"/v1/cameras?department={unit_id}"],
        "media": [f"/v1/cameras/{camera_id}/playback.m3u8{span}", f"/v1/cameras/{camera_id}/video.mp4{span}", f"/v1/runs/{run_id}/init.mp4",
                  f"/v1/clips/{clip_id}/media"]}


def judge_foreign(office, head, foreign_camera, own_camera):
    span = f"?from={rfc3339(time.time() * 1e6 - 600e6)}&to={rfc3339(time.time() * 1e6)}".replace("+", "%2B")
    clip_id, run_id = office.postgres.sql(f"SELECT run_id || '.' || sequence, run_id FROM clip WHERE camera_id = '{foreign_camera['id']}' LIMIT 1")[0]
    foreign = every_route_with_an_id(foreign_camera["id"], foreign_camera["floor_id"], foreign_camera["department_id"], clip_id, run_id, span)
    nothing = str(uuid.uuid4())
    unknown = every_route_with_an_id(nothing, nothing, nothing, nothing + ".0", nothing, span)
    malformed = every_route_with_an_id("x", "x", "x", "x", "x", span)
    checked = 0
    for listener, client in (("api", head), ("media", office.media_client(head))):
        for theirs, none, bad in zip(foreign[listener], unknown[listener], malformed[listener]):
            answers = [client.get(path).comparable() for path in (theirs, none, bad)]
            assert answers[0] == answers[1] == answers[2], f"{theirs}: {answers[0]}\nunknown: {answers[1]}\nmalformed: {answers[2]}"
            assert answers[0][0] == 404, f"{theirs}: {answers[0][0]}"
            checked += 1
    lists = json.dumps(head.all_items("/v1/cameras")) + json.dumps(
        head.all_items("/v1/clips", camera=own_camera["id"], from_=rfc3339(0), to=rfc3339(time.time() * 1e6)))
    for mark in (foreign_camera["id"], foreign_camera["code"], foreign_camera["name"], clip_id, run_id):
        assert mark not in lists, f"a foreign camera's {mark} stands in a list"
    return checked


def scenario(options, folder):
    with Office(folder, options.build, cameras=options.cameras, loop=[loop(options, name) for name in LOOPS],
                farm_options=options.farm_options.split()) as office:
        office.start("record")
        office.start_api_and_media()
        office.wait_all_recording(options.first_keyframe_s)
        wait_until("two closed clips of every camera", lambda: len(office.postgres.sql(
            "SELECT camera_id FROM clip WHERE ended_by = 'rolled' GROUP BY 1 HAVING count(*) >= 2")) == options.cameras, 300, 1)
        frames = read_sent_log(office.sent_log)
        heads = {n: office.sign_in(f"head{n}") for n in (1, 2, 3)}
        crisis = office.sign_in("crisis")
        cameras = crisis.all_items("/v1/cameras")
        assert len(cameras) == options.cameras, f"the crisis desk sees {len(cameras)} cameras"
        for camera in cameras:
            floor = int(camera["code"][0])
            judge_across_a_boundary(office, heads[floor], camera, frames, 7_300_000)
        own = {n: heads[n].all_items("/v1/cameras") for n in heads}
        assert sorted(c["code"] for cs in own.values() for c in cs) == sorted(c["code"] for c in cameras)
        checked = judge_foreign(office, heads[2], own[1][0], own[2][0])
        report = office.check_sent()
        assert report["frames_lost"] == 0 and report["disagreements"] == 0, report
        print(f"{len(cameras)} cameras judged; {checked} routes with a foreign id answer as for an unknown one; {report['frames_sent']} frames sent, 0 lost")


if __name__ == "__main__":
    parsed = arguments(__doc__, cameras=5, farm_options="", first_keyframe_s=60)
    run(lambda folder: scenario(parsed, folder))
