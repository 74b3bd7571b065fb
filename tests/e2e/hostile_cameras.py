#!/usr/bin/env python3
"""Cameras that misbehave, through the real `yagura record`: nobody at the address, wrong credentials, a reply announcing a body of 100 MB, an endless
SDP, an access unit whose FU-A never ends; and, at 50 Mbit/s each, a header without an end, packets on channels that nobody set up, RTP with anything
behind its headers, keyframes of 3 MB that nobody can decode; and 10,000 NAL units of two bytes a second. Each missing second of such a camera lies in a
gap with a reason that fits, `yagura status` and coverage name it, the others lose no frame, and the recorder's memory stays bounded.

CI watches for 12 s; more by `tests/e2e/hostile_cameras.py --watch-s 300`."""
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.hostile_cameras import (HostileCamera, TINY_BYTES_PER_S, body_of_100_mb, endless_fragment, endless_header, endless_sdp,  # noqa: E402
                                     foreign_channels, giant_units, plays, random_payloads, tiny_units)
from support.office import Office  # noqa: E402
from support.processes import Child, free_port, listening, wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402

# What a gap may be called, once the recorder has tried: the reason of the failure, or why a session that stands brings nothing yet.
REASONS = {"nobody": {"camera_unreachable"}, "credentials": {"authentication_failed"}, "body": {"protocol_error"}, "sdp": {"protocol_error"},
           "fragment": {"protocol_error", "waiting_for_keyframe"}, "header": {"protocol_error"}, "channels": {"camera_silent", "waiting_for_keyframe"},
           "random": {"protocol_error", "unsupported_stream", "camera_silent", "waiting_for_keyframe"}, "giant": {"waiting_for_keyframe"},
           "tiny": {"waiting_for_keyframe"}}
SERVERS = {"body": body_of_100_mb, "sdp": endless_sdp, "fragment": endless_fragment, "header": endless_header, "channels": plays(foreign_channels),
           "random": plays(random_payloads), "giant": plays(giant_units), "tiny": plays(tiny_units, TINY_BYTES_PER_S)}
PLAYING = {"giant", "tiny"}  # sessions that stand: there is nothing wrong with them but what they bring
FIRST_TRY_S = 10  # from when a camera is due until its trouble has a name
MEMORY_GROWTH_MAX_KB = 64 * 1024
GUARDED = 20  # the number of the camera that asks for credentials: `check --sent` knows cameras by number, and none of the others has this


def start_guarded_farm(office, main_loop):
    """A farm that asks for credentials; its address, as the office's cameras know theirs."""
    port, secret = free_port(), os.path.join(office.folder, "farm-credentials")
    with open(secret, "w") as file:
        file.write("viewer\nthe right password\n")
    office.children["guarded farm"] = Child(
        "guarded farm", [office.yagura_path, "simulate", "--cameras", str(GUARDED), "--port", str(port), "--loop", main_loop, "--credentials",
                         secret, "--auth", "digest-md5"], os.path.join(office.folder, "guarded-farm.log"))
    wait_until("the guarded farm", lambda: listening(port), 60)
    return f"rtsp://127.0.0.1:{port}/camera/{GUARDED}"


def add_hostile(office, name, url, stdin=None):
    credentials = ["--credentials"] if stdin else []
    office.yagura("camera", "add", "--code", "X-" + name, "--name", name, "--floor", "1F", "--unit", "DEPT1", "--url", url, "--in-service",
                  *credentials, stdin=stdin or "")


def memory_kb(pid, field):
    with open(f"/proc/{pid}/status") as status:
        return int(next(line.split()[1] for line in status if line.startswith(field)))


def judge_gaps(office, name):
    """From when the camera was due until now, gap after gap without a hole, of a fitting reason. Returns how long, in seconds."""
    rows = office.postgres.sql(
        "SELECT extract(epoch FROM g.start_at), extract(epoch FROM coalesce(g.end_at, now())), g.reason, extract(epoch FROM s.valid_from) FROM gap g"
        " JOIN camera c ON c.id = g.camera_id JOIN camera_state s ON s.camera_id = c.id AND s.state = 'in_service'"
        f" WHERE c.code = 'X-{name}' ORDER BY g.start_at")
    gaps = [(float(start), float(end), reason) for start, end, reason, _ in rows]
    due = float(rows[0][3])
    assert abs(gaps[0][0] - due) < 0.01, f"{name}: due from {due}, the first gap from {gaps[0][0]}"
    holes = [(a, b) for a, b in zip(gaps, gaps[1:]) if abs(a[1] - b[0]) > 0.001]
    assert not holes, f"{name}: between these is time in no gap: {holes}"
    late = [gap for gap in gaps if gap[1] > due + FIRST_TRY_S and gap[2] not in REASONS[name]]
    assert not late, f"{name}: gaps for another reason: {late}"
    assert not office.postgres.sql(f"SELECT 1 FROM clip JOIN camera c ON c.id = camera_id WHERE c.code = 'X-{name}'"), f"{name}: there is a clip"
    return time.time() - due


def all_missing(office):
    """What `yagura status` says is missing, once it says so of every hostile camera and for each reason."""
    missing = json.loads(office.yagura("status", "--json").stdout)["cameras_missing"]
    named = {"camera_unreachable", "authentication_failed", "protocol_error"}
    fits = named <= set(missing) <= set().union(*REASONS.values()) and sum(missing.values()) == len(REASONS)
    return missing if fits else None


def judge_log(office, camera):
    """The recorder's log says which camera it is."""
    with open(office.children["record"].log_path) as log:
        lines = [line for line in log if "camera failed" in line and camera["id"] in line]
    assert (lines or camera["name"] in PLAYING) and all(any("reason=" + reason in line for reason in REASONS[camera["name"]]) for line in lines), f"{camera['name']}: log {lines}"


def judge_coverage(client, camera):
    """What a person is told, by the API, of seconds that lie so far back that all about them is stored."""
    now = time.time()
    span = {"from_": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now - 11)), "to": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now - 5))}
    pieces = client.all_items(f"/v1/cameras/{camera['id']}/coverage", **span)
    fits = {piece["kind"] == "gap" and piece["reason"] in REASONS[camera["name"]] for piece in pieces}
    assert fits == {True}, f"{camera['name']}: coverage says {pieces}"


def scenario(options, folder):
    servers = {name: HostileCamera(misbehave) for name, misbehave in SERVERS.items()}
    main_loop = loop(options, "main")
    with Office(folder, options.build, cameras=options.cameras, loop=main_loop) as office:
        record = office.start("record")
        office.start_api_and_media()
        office.wait_all_recording(60)
        before_kb = memory_kb(record.pid, "VmRSS")
        add_hostile(office, "nobody", f"rtsp://127.0.0.1:{free_port()}/stream")
        add_hostile(office, "credentials", start_guarded_farm(office, main_loop), stdin="viewer\nnot the right password\n")
        for name, server in servers.items():
            add_hostile(office, name, server.url)
        named = wait_until("status to name every trouble", lambda: all_missing(office), 90, 0.2)
        time.sleep(options.watch_s)
        peak_kb = memory_kb(record.pid, "VmHWM")
        assert peak_kb - before_kb <= MEMORY_GROWTH_MAX_KB, f"the recorder grew from {before_kb} KB to {peak_kb} KB"
        missing_s = {name: round(judge_gaps(office, name), 1) for name in REASONS}
        head = office.sign_in("head1")
        hostile = [camera for camera in head.all_items("/v1/cameras") if camera["code"].startswith("X-")]
        assert len(hostile) == len(REASONS)
        for camera in hostile:
            judge_coverage(head, camera)
            judge_log(office, camera)
        report = office.check_sent()
        assert report["frames_lost"] == 0 and report["disagreements"] == 0, report
        healthy = office.postgres.sql("SELECT c.code, g.reason FROM gap g JOIN camera c ON c.id = g.camera_id WHERE c.code NOT LIKE 'X-%'"
                                      " AND g.start_at > (SELECT min(start_at) + interval '1 second' FROM gap JOIN camera h ON h.id = gap.camera_id"
                                      " WHERE h.code LIKE 'X-%')")
        assert not healthy, f"healthy cameras have gaps: {healthy}"
        attempts = {name: server.connections for name, server in servers.items()}
        poured = sum(server.sent_bytes for server in servers.values())
        print(f"status said {named}; in gaps {missing_s} s, attempts {attempts}, {poured / 1e6:.1f} MB poured in, memory {before_kb} KB, at most {peak_kb} KB; "
              f"{options.cameras} healthy cameras: {report['frames_sent']} frames sent, 0 lost")
    for server in servers.values():
        server.close()


if __name__ == "__main__":
    parsed = arguments(__doc__, watch_s=12, cameras=4)
    run(lambda folder: scenario(parsed, folder))
