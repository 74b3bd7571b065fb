#!/usr/bin/env python3
"""Sub streams, on a camera farm: nobody watches, and a camera is asked for its main stream alone. Five watch its sub stream, and the camera is asked for it
once; they leave, and the session ends after the grace of five seconds. A sub stream that is on record as recorded is recorded, listed and played beside
the main one, to who may see that; to everybody else it doesn't exist. The console shows it where the picture is small. The main streams lose no frame
meanwhile."""
import os
import sys
import time
import uuid

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.browser import Browser  # noqa: E402
from support.console_walk import ConsoleWalk  # noqa: E402
from support.live_stream import LiveStream  # noqa: E402
from support.office import Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.sent_log import read_sessions  # noqa: E402
from support.standstill import STANDSTILL  # noqa: E402

GRACE_S = 5
WATCHED, RECORDED = 4, 5  # what the farm calls the sub streams of the office's cameras 1 and 2


def iso(at_s):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at_s))


def sessions_of(office, number):
    """[(when it began, when its last frame was sent so far)] of all sessions that this camera of the farm has had."""
    sessions, frames = read_sessions(office.sent_log)
    return [(session.begin_us / 1e6, frames[session.session][-1].sent_us / 1e6) for session in sessions
            if session.camera == number and frames[session.session]]


def watch(office, client, camera, stream="sub"):
    return LiveStream("localhost", office.https_port, office.authority, client.token, f"/v1/cameras/{camera['id']}/live.mp4?stream={stream}")


def judge_watched(office, people, camera):
    """One pull for all who watch; it ends once they have left."""
    assert not sessions_of(office, WATCHED), "it is asked for its sub stream though nobody watches"
    viewers = [watch(office, client, camera) for client in people]
    wait_until("pictures for all", lambda: all(len(viewer.frames()) > 10 for viewer in viewers), 60)
    main = watch(office, people[0], camera, "main")
    wait_until("the main stream beside", lambda: len(main.frames()) > 3, 60)
    for viewer in viewers[1:]:
        viewer.close()
    stays = len(viewers[0].frames())
    time.sleep(GRACE_S + 2)
    wait_until("pictures for the last one", lambda: len(viewers[0].frames()) > stays + 20, 60)
    for viewer in viewers:
        numbers = [key[2] for key, _ in viewer.frames()]
        assert {key[0] for key, _ in viewer.frames()} == {WATCHED}, "that isn't the sub stream"
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "frames are missing or out of order"
    left_at = time.time()
    viewers[0].close()
    main.close()
    assert {key[0] for key, _ in main.frames()} == {1}, "that isn't the main stream"

    wait_until("the end of its session", lambda: sessions_of(office, 1)[0][1] > sessions_of(office, WATCHED)[-1][1] + 4, 90, 0.5)
    ended = sessions_of(office, WATCHED)
    assert len(ended) == 1, f"{len(viewers)} who watch are {len(ended)} sessions at the camera"
    lasted_s = ended[0][1] - left_at
    assert GRACE_S - 0.5 < lasted_s < GRACE_S + 10 + STANDSTILL.longest_s(), f"it was pulled for {lasted_s:.1f} s more"
    assert not office.postgres.sql(f"SELECT 1 FROM run WHERE camera_id = '{camera['id']}' AND stream = 'sub'"), "it was recorded"
    assert not office.postgres.sql(f"SELECT 1 FROM gap WHERE camera_id = '{camera['id']}' AND stream = 'sub'"), "it has gaps"
    return round(lasted_s, 1)


def judge_live_access(office, head, foreign, without):
    media, path = office.media_client(head), "/v1/cameras/{}/live.mp4?stream=sub"
    answers = [media.get(path.format(camera)).comparable() for camera in (foreign["id"], uuid.uuid4(), "x")]
    assert answers[0] == answers[1] == answers[2] and answers[0][0] == 404, answers
    owner = office.media_client(office.sign_in("head3"))
    assert owner.get(path.format(without["id"])).json()["code"] == "no_sub_stream"
    assert office.media_client(office.sign_in("operations")).get(path.format(foreign["id"])).status == 403


def clips_of(office, camera, stream):
    return office.postgres.sql(f"SELECT frames FROM clip WHERE camera_id = '{camera['id']}' AND stream = '{stream}'")


def judge_stored(office, camera):
    """Recorded no more, it is closed: each of its frames from the first keyframe on until then is in a clip."""
    until_us = time.time() * 1e6
    office.yagura("camera", "change", "--camera", camera["code"], "--no-record-sub")

    def closed():
        return office.postgres.sql(f"SELECT 1 FROM run WHERE camera_id = '{camera['id']}' AND stream = 'sub' HAVING count(*) > 0 AND bool_and(end_at IS NOT NULL)")

    wait_until("the end of its run", closed, 60)
    wait_until("its clip", lambda: clips_of(office, camera, "sub"), 60)
    closed_at = time.time()
    wait_until("the sent log", lambda: sessions_of(office, 2)[0][1] > closed_at, 60, 0.5)
    sessions, frames = read_sessions(office.sent_log)
    own = [frames[session.session] for session in sessions if session.camera == RECORDED]
    assert len(own) == 1, f"it was asked for {len(own)} times"
    first = next(i for i, frame in enumerate(own[0]) if frame.keyframe)
    due = [frame for frame in own[0][first:] if frame.sent_us < until_us - STANDSTILL.longest_s() * 1e6]
    stored = sum(int(samples) for samples, in clips_of(office, camera, "sub"))
    assert len(due) <= stored <= len(own[0]), f"{stored} of {len(due)} to {len(own[0])} frames are stored"
    return stored


def judge_recorded(office, camera, since):
    """Clips are listed and played to who may see the camera, and to nobody else."""
    owner, stranger = office.sign_in("head2"), office.sign_in("head1")
    span = f"from={iso(since)}&to={iso(time.time() + 1)}"
    listed = f"/v1/clips?camera={camera['id']}&{span}"
    clips = owner.get(listed + "&stream=sub").json()["items"]
    assert clips and {clip["stream"] for clip in clips} == {"sub"}, clips
    mains = owner.get(listed).json()["items"]
    assert {clip["stream"] for clip in mains} <= {"main"}, mains
    paths = [f"/v1/cameras/{camera['id']}/playback.m3u8?{span}&stream=sub", f"/v1/cameras/{camera['id']}/video.mp4?{span}&stream=sub",
             f"/v1/runs/{clips[0]['run_id']}/init.mp4", f"/v1/clips/{clips[0]['id']}/media"]
    media, foreign = office.media_client(owner), office.media_client(stranger)
    replies = [media.get(path) for path in paths]
    assert [reply.status for reply in replies] == [200] * 4, [(reply.status, reply.body[:200]) for reply in replies]
    assert clips[0]["id"] in replies[0].body.decode(), "the clip isn't in the playlist"
    unknown = foreign.get(f"/v1/cameras/{uuid.uuid4()}/playback.m3u8?{span}&stream=sub").comparable()
    assert unknown[0] == 404
    for path in paths:
        assert foreign.get(path).comparable() == unknown, f"a foreign person learns of {path}"
    assert stranger.get(listed + "&stream=sub").status == 404
    shown = owner.get(f"/v1/cameras/{camera['id']}").json()["sub_stream"]
    assert shown == {"recorded": False}, shown  # any more
    administrator = office.media_client(office.sign_in("administrator"))
    assert [administrator.get(path).status for path in paths[:2]] == [403, 403], "an administrator sees pictures"


def judge_console(office, options, folder, camera):
    """Large, the picture is of the main stream; small, of the sub stream, which is half as wide."""
    browser = Browser(os.path.join(folder, "browser"))
    try:
        walk = ConsoleWalk(browser, office, "ja", "dark")
        browser.resize(1280, 720)
        walk.prefer()
        walk.sign_in("head1")
        walk.open("/cameras/" + camera["id"])
        widths = []
        for width, height, stream in ((1280, 720, "main"), (600, 720, "sub"), (1280, 720, "main")):
            browser.resize(width, height)
            widths.append(walk.plays(f"video[data-live=yes][data-stream={stream}]")["width"])
            if options.pictures:
                os.makedirs(options.pictures, exist_ok=True)
                browser.picture(os.path.join(options.pictures, f"live-{stream}-{width}.png"))
        assert widths == [320, 160, 320], widths
    finally:
        browser.close()


def scenario(options, folder):
    loops = [loop(options, "gop_half")] * 3 + [loop(options, "small")] * 2
    with Office(folder, options.build, cameras=3, farm_cameras=5, loop=loops) as office:
        url = f"rtsp://127.0.0.1:{office.farm_port}/camera/"
        office.yagura("camera", "change", "--camera", "1F-001", "--sub-url", url + str(WATCHED))
        office.yagura("camera", "change", "--camera", "2F-002", "--sub-url", url + str(RECORDED), "--record-sub")
        office.start("record")
        office.start_api_and_media()
        office.start_nginx()
        office.wait_all_recording(60)
        recording, since = time.time(), time.time() - 5
        head, crisis = office.sign_in("head1"), office.sign_in("crisis")
        cameras = crisis.get("/v1/cameras").json()["items"]
        assert [camera["sub_stream"] for camera in cameras] == [{"recorded": False}, {"recorded": True}, None], cameras

        lasted_s = judge_watched(office, [head, head, crisis, crisis, office.sign_in("manager")], cameras[0])
        judge_live_access(office, head, cameras[1], cameras[2])

        stored = judge_stored(office, cameras[1])
        judge_recorded(office, cameras[1], since)
        judge_console(office, options, folder, cameras[0])
        for number in (1, 2, 3):
            assert len(sessions_of(office, number)) == 1, "a main stream was asked for more than once"
        report = office.check_sent()
        assert report["frames_lost"] == report["disagreements"] == 0, report
        later = office.postgres.sql(f"SELECT reason FROM gap WHERE stream = 'main' AND start_at < end_at AND end_at > to_timestamp({recording})")
        assert not later, f"gaps of main streams: {later}"
        print(f"one session for five who watched, pulled for {lasted_s} s after the last one; {stored} frames of a recorded sub stream stored; of main streams "
              f"{report['frames_sent']} sent, {report['frames_stored']} stored, {report['frames_lost']} lost")


if __name__ == "__main__":
    given = arguments(__doc__, pictures="")
    run(lambda folder: scenario(given, folder))
