#!/usr/bin/env python3
"""What a careless or hostile client sends, to the real processes: a body of 100 MB through nginx and straight to both listeners, announced or in chunks;
ranges that end before they start, instants without a zone or that don't exist. Each is refused in words, memory stays bounded, and the service goes
on. Who claims to come from elsewhere is noted with the address that they came from."""
import http.client
import json
import os
import ssl
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.office import Office  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.standstill import STANDSTILL  # noqa: E402

BODY_BYTES = 100 << 20
PIECE = b"x" * (1 << 20)
MEMORY_GROWTH_MAX_KB = 32 * 1024
ANSWER_MAX_S = 60  # of the refusal of a body that comes in chunks: after a limit, or when the listener has had enough


def memory_kb(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(next(line.split()[1] for line in status if line.startswith("VmHWM")))


def connect(office, where):
    if where == "nginx":
        return http.client.HTTPSConnection("localhost", office.https_port, timeout=ANSWER_MAX_S,
                                           context=ssl.create_default_context(cafile=office.authority))
    return http.client.HTTPConnection("127.0.0.1", office.api_port if where == "api" else office.media_port, timeout=ANSWER_MAX_S)


def pour(office, where, path, chunked):
    """Sends the body until somebody has enough. Returns (status or None where the connection was just closed, problem code, MB taken)."""
    connection = connect(office, where)
    taken = 0
    try:
        connection.putrequest("POST", path)
        connection.putheader("Transfer-Encoding", "chunked") if chunked else connection.putheader("Content-Length", str(BODY_BYTES))
        connection.putheader("Content-Type", "application/json")
        connection.endheaders()
        try:
            while taken < BODY_BYTES:
                connection.send(b"%x\r\n" % len(PIECE) + PIECE + b"\r\n" if chunked else PIECE)
                taken += len(PIECE)
        except OSError:
            pass  # refused already: the answer may lie there
        try:
            reply = connection.getresponse()
            return reply.status, json.loads(reply.read()).get("code"), taken >> 20
        except (OSError, ValueError, http.client.HTTPException):
            return None, None, taken >> 20
    finally:
        connection.close()


def announce(office, where, path):
    """Only the headers; what is answered to them, and how soon."""
    connection, begun, begun_at = connect(office, where), time.monotonic(), time.time()
    try:
        connection.putrequest("POST", path)
        connection.putheader("Content-Length", str(BODY_BYTES))
        connection.endheaders()
        reply = connection.getresponse()
        return reply.status, json.loads(reply.read())["code"], time.monotonic() - begun - STANDSTILL.since_s(begun_at)
    finally:
        connection.close()


def judge_bodies(office):
    paths = {"api": "/v1/session", "media": "/v1/cameras/x/video.mp4", "nginx": "/v1/session"}
    outcomes = []
    for where, path in paths.items():
        status, code, took = announce(office, where, path)
        assert (status, code) == (413, "body_too_large") and took < 2, f"{where}: {status} {code} after {took:.1f} s"
        for chunked in (False, True):
            status, code, taken = pour(office, where, path, chunked)
            # nginx has answered before; what a client sends all the same it throws away, so that the answer isn't lost with a reset.
            assert status in (None, 400, 411, 413) and (taken < 100 or where == "nginx"), f"{where}, chunked {chunked}: {status} {code}, {taken} MB taken"
            outcomes.append(f"{where}{' chunked' if chunked else ''}: {status or 'closed'} after {taken} MB")
    return outcomes


BAD_SPANS = {"ends before it starts": ("2027-06-15T14:01:00Z", "2027-06-15T14:00:00Z"), "is empty": ("2027-06-15T14:00:00Z", "2027-06-15T14:00:00Z"),
             "no zone at the start": ("2027-06-15T14:00:00", "2027-06-15T14:01:00Z"), "no zone at the end": ("2027-06-15T14:00:00Z", "2027-06-15T14:01:00"),
             "no such day": ("2027-02-30T14:00:00Z", "2027-06-15T14:00:00Z"), "no instant": ("yesterday", "2027-06-15T14:00:00Z"),
             "no end": ("2027-06-15T14:00:00Z", None)}


def judge_spans(office, direct, through_nginx):
    camera = direct.all_items("/v1/cameras")[0]["id"]
    checked = 0
    for path, behind in (("/v1/clips", direct), (f"/v1/cameras/{camera}/coverage", direct), (f"/v1/cameras/{camera}/playback.m3u8", office.media_client(direct)),
                         (f"/v1/cameras/{camera}/video.mp4", office.media_client(direct))):
        more = {"camera": camera} if path == "/v1/clips" else {}
        for name, (start, end) in BAD_SPANS.items():
            for client in (behind, through_nginx):
                reply = client.get(path, from_=start, to=end, **more)
                problem = reply.json()
                assert reply.status == 400 and problem["code"] == "invalid_argument", f"{path}, {name}: {reply.status} {reply.body[:200]}"
                assert "from" in problem["detail"] or "to" in problem["detail"], f"{path}, {name}: {problem}"
                checked += 1
    return checked


def judge_terminals(office):
    """Wrong passwords are noted with the terminal that they came from: what nginx saw, and for who goes past it their own address, whatever they say."""
    asked = {"nginx": "127.0.0.5", "api": "127.0.0.6"}
    told = {"X-Forwarded-For": "10.9.9.9", "X-Yagura-Proxy-Key": "0" * 64, "Content-Type": "application/json"}
    for where, source in asked.items():
        connection = connect(office, where)
        connection.source_address = (source, 0)
        connection.request("POST", "/v1/session", json.dumps({"username": "crisis", "password": "guessed wrong"}), told)
        assert connection.getresponse().status == 401, where
        connection.close()
    noted = office.postgres.sql("SELECT DISTINCT body::jsonb ->> 'terminal' FROM audit_record WHERE event = 'sign_in_failed' ORDER BY 1")
    assert [row[0] for row in noted] == ["127.0.0.5", "127.0.0.6"], f"terminals of failed sign-ins: {noted}"


def scenario(options, folder):
    with Office(folder, options.build, cameras=1, loop=loop(options, "main")) as office:
        office.start("record")
        office.start_api_and_media()
        office.start_nginx()
        office.wait_all_recording(60)
        direct, through_nginx = office.sign_in("crisis"), office.sign_in("crisis", through_nginx=True)
        before = {verb: memory_kb(office.children[verb].pid) for verb in ("api", "media")}
        outcomes = judge_bodies(office)
        growth = {verb: memory_kb(office.children[verb].pid) - before[verb] for verb in before}
        assert max(growth.values()) <= MEMORY_GROWTH_MAX_KB, f"memory grew by {growth} KB"
        judge_terminals(office)
        checked = judge_spans(office, direct, through_nginx)
        assert direct.get("/v1/session").status == 200 and through_nginx.get("/v1/session").status == 200
        print(f"{'; '.join(outcomes)}; memory grew by {growth} KB; {checked} bad ranges refused in words")


if __name__ == "__main__":
    parsed = arguments(__doc__)
    run(lambda folder: scenario(parsed, folder))
