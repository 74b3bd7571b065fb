#!/usr/bin/env python3
"""Live: a head watches an own camera through nginx, from the newest keyframe on; every frame arrives, in order, and how long each took from the camera's
stamp to its last byte at the client is printed (promised on a quiet machine: p95 at most 20 ms), and how long new viewers wait for their first picture
(15 ms). A foreign camera is answered like one that doesn't exist, byte for byte. Then, for each cause by which a right can end, a stream is cut within
2.0 s of it, and holds nothing recorded after the cut. A larger run, as in the whole office: `--cameras 100 --seconds 60`."""
import collections
import datetime
import json
import os
import statistics
import sys
import time
import uuid

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.live_stream import LiveStream  # noqa: E402
from support.office import FAR_PAST, Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.sent_log import sent_frames  # noqa: E402
from support.standstill import STANDSTILL  # noqa: E402

CUT_MAX_S = 2.0
NEW_VIEWERS = 20
Cut = collections.namedtuple("Cut", "name token camera after_s newest")
CLOCK_EDGE_S = 0.15  # one frame interval and 50 ms: what a frame's wall time may be off


def iso(at_s):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at_s))


def watch(office, client, camera):
    return LiveStream("localhost", office.https_port, office.authority, client.token, f"/v1/cameras/{camera['id']}/live.mp4")


def judge_latency(office, head, camera, seconds):
    stream = watch(office, head, camera)
    wait_until("the first frames", lambda: len(stream.frames()) > 10, 60)
    time.sleep(seconds)
    frames = stream.close()
    sent = sent_frames(office.sent_log, [key for key, _ in frames])
    shown = [(sent[key], at) for key, at in frames]
    assert shown[0][0].keyframe, "the first frame is no keyframe"
    numbers = [frame.number for frame, _ in shown]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "frames are missing or out of order"
    late_ms = sorted((at * 1e6 - frame.captured_us) / 1000 for frame, at in shown if at > stream.opened_at + 2)
    return {"frames": len(shown), "p50_ms": round(statistics.median(late_ms), 1), "p95_ms": round(late_ms[int(len(late_ms) * 0.95)], 1)}


def first_pictures(office, head, camera, times):
    """Milliseconds from the request of a new viewer to the last byte of its first frame, sorted."""
    took_ms = []
    for _ in range(times):
        stream = watch(office, head, camera)
        wait_until("a first frame", lambda: stream.frames(), 60, 0.01)
        took_ms.append((stream.close()[0][1] - stream.opened_at) * 1000)
        time.sleep(0.07)  # at another moment between two frames
    return sorted(took_ms)


def judge_foreign(office, head, foreign):
    media = office.media_client(head)
    answers = [media.get(f"/v1/cameras/{camera}/live.mp4").comparable() for camera in (foreign["id"], uuid.uuid4(), "x")]
    assert answers[0] == answers[1] == answers[2] and answers[0][0] == 404, answers
    assert office.media_client(office.sign_in("operations")).get(f"/v1/cameras/{foreign['id']}/live.mp4").status == 403
    head_only = media.request("HEAD", f"/v1/cameras/{foreign['id']}/live.mp4")
    assert head_only.status == 404 and not head_only.body


def judge_newest_picture(office, head, own, foreign):
    """frame.jpg without an instant: a picture of this moment; one after the other is one viewing."""
    media = office.media_client(head)
    viewings = "SELECT count(*) FROM viewing WHERE action = 'live.play'"
    took_ms, before = [], int(office.postgres.sql(viewings)[0][0])
    for _ in range(5):
        asked = time.time()
        reply = media.get(f"/v1/cameras/{own['id']}/frame.jpg")
        took_ms.append(round((time.time() - asked) * 1000))
        assert reply.status == 200 and reply.body[:2] == b"\xff\xd8", f"{reply.status} {reply.body[:200]}"
        instant = datetime.datetime.fromisoformat(dict(reply.headers)["X-Yagura-Instant"].replace("Z", "+00:00")).timestamp()
        assert asked - 1 - STANDSTILL.longest_s() < instant < time.time() + CLOCK_EDGE_S, f"asked at {asked}, the picture is of {instant}"
    assert int(office.postgres.sql(viewings)[0][0]) <= before + 1, "each picture was a viewing of its own"
    answers = [media.get(f"/v1/cameras/{camera}/frame.jpg").comparable() for camera in (foreign["id"], uuid.uuid4(), "x")]
    assert answers[0] == answers[1] == answers[2] and answers[0][0] == 404, answers
    return statistics.median(took_ms)


def causes(office, cameras):
    """name, who watches, which camera, and what ends it: gives the instant from which on nothing may be seen."""

    def at_once(*words):
        def cause():
            begun = time.time()
            office.yagura(*words)
            return begun, time.time()
        return cause

    def sql(text):
        def cause():
            begun = time.time()
            office.postgres.sql(text)
            return begun, time.time()
        return cause

    def sign_out(client):
        def cause():
            begun = time.time()
            assert client.request("DELETE", "/v1/session").status in (200, 204)
            return begun, time.time()
        return cause

    def session_of(client):
        return f"token_sha256 = sha256('{client.token}')"

    def dated(*words):
        def cause():
            at = int(time.time()) + 12  # at the earliest 5 s after it is entered, which a loaded machine takes seconds for
            office.yagura(*words, "--at", iso(at))
            return at, at
        return cause

    people = {name: office.sign_in("head1") for name in ("signs out", "is ended", "expires", "stays")}
    office.yagura("person", "add", "--username", "stand-in", "--name", "Stand-in", "--password-alone", stdin="a password for a day\n")
    office.yagura("assignment", "add", "--person", "stand-in", "--post", "department_head", "--unit", "DEPT1", "--from", FAR_PAST)
    office.passwords["stand-in"] = "a password for a day"
    stand_in = office.sign_in("stand-in")
    assignment = office.postgres.sql("SELECT a.id FROM assignment a JOIN person p ON p.id = a.person_id WHERE p.username = 'stand-in'")[0][0]
    own = [camera for camera in cameras if camera["code"].startswith("1F")]
    return [
        ("the assignment ends", stand_in, own[0], at_once("assignment", "end", "--id", assignment)),
        ("signs out", people["signs out"], own[0], sign_out(people["signs out"])),
        ("the server ends the session", people["is ended"], own[0],
         sql(f"UPDATE session SET ended_at = clock_timestamp() WHERE {session_of(people['is ended'])}")),
        ("the session expires", people["expires"], own[0],
         sql(f"UPDATE session SET expires_at = clock_timestamp() WHERE {session_of(people['expires'])}")),
        ("the charge changes hands", people["stays"], own[1], dated("charge", "change", "--camera", own[1]["code"], "--unit", "DEPT2")),
        ("the camera is retired", people["stays"], own[2], dated("camera", "retire", "--camera", own[2]["code"])),
    ]


def judge_cause(office, name, client, camera, cause):
    stream = watch(office, client, camera)
    wait_until("pictures before " + name, lambda: len(stream.frames()) > 3, 60)
    since, known = cause()
    wait_until("the end of the stream: " + name, stream.ended, max(0, known - time.time()) + 60, 0.02)
    after = stream.ended_at - since
    keys = [key for key, _ in stream.close()]
    sent = sent_frames(office.sent_log, keys)
    newest = max(sent[key].captured_us / 1e6 for key in keys)
    assert stream.ended_at - known <= CUT_MAX_S + STANDSTILL.since_s(known), f"{name}: cut {stream.ended_at - known:.3f} s after it"
    # When a cause without a date takes effect is known to the server alone: what it says to have handed out tells (judge_audit).
    if since == known:
        assert newest <= since + CLOCK_EDGE_S + STANDSTILL.longest_s(), f"{name}: a frame recorded {newest - since:.3f} s after it came through"
    return Cut(name, client.token, camera["id"], round(after, 3), newest)


def noted_until(office, cut):
    """The end of what the log says was handed out in this stream."""
    return float(office.postgres.sql("SELECT extract(epoch FROM max(upper(delivered))) FROM viewing_delivery JOIN viewing ON viewing.id = viewing_id"
                                     f" JOIN session ON session.id = session_id WHERE token_sha256 = sha256('{cut.token}')"
                                     f" AND camera_id = '{cut.camera}'")[0][0])


def judge_audit(office, head, cuts):
    """Every stream that was cut is a viewing, opened before its first byte, with what was handed out. `head` watched and looked at pictures beside them."""
    cut_ones = f"viewing WHERE action = 'live.play' AND session_id <> (SELECT id FROM session WHERE token_sha256 = sha256('{head.token}'))"
    told = f"SELECT count(DISTINCT viewing_id) FROM viewing_delivery WHERE bytes > 0 AND viewing_id IN (SELECT id FROM {cut_ones})"
    viewings = int(office.postgres.sql(f"SELECT count(*) FROM {cut_ones}")[0][0])
    assert viewings == len(cuts), f"{viewings} viewings of {len(cuts)} streams"
    wait_until("deliveries of the ended streams", lambda: int(office.postgres.sql(told)[0][0]) == len(cuts), 150, 1)
    for cut in cuts:
        wait_until(f"a note of the newest frame that came through: {cut.name}", lambda: cut.newest <= noted_until(office, cut) + CLOCK_EDGE_S, 150, 1)
    return viewings


def scenario(options, folder):
    with Office(folder, options.build, cameras=options.cameras, loop=[loop(options, "main")]) as office:
        office.start("record")
        office.start_api_and_media()
        office.start_nginx()
        office.wait_all_recording(60)
        head = office.sign_in("head1")
        crisis = office.sign_in("crisis")
        cameras = sorted(crisis.all_items("/v1/cameras"), key=lambda camera: camera["code"])
        own, foreign = ([c for c in cameras if c["code"].startswith(floor)][0] for floor in ("1F", "2F"))
        judge_foreign(office, head, foreign)
        picture_ms = judge_newest_picture(office, head, own, foreign)
        latency = judge_latency(office, head, own, options.seconds)
        first_ms = first_pictures(office, head, own, NEW_VIEWERS)
        cuts = [judge_cause(office, name, client, camera, cause) for name, client, camera, cause in causes(office, cameras)]
        viewings = judge_audit(office, head, cuts)
        print(f"newest picture: {picture_ms} ms; live: {json.dumps(latency)}; first picture of a new viewer: "
              f"{statistics.median(first_ms):.1f} ms, p95 {first_ms[int(len(first_ms) * 0.95)]:.1f} ms; "
              f"cut after (s): {json.dumps({cut.name: cut.after_s for cut in cuts})}; {viewings} viewings of streams that were cut")


if __name__ == "__main__":
    parsed = arguments(__doc__, seconds=10, cameras=10)
    run(lambda folder: scenario(parsed, folder))
