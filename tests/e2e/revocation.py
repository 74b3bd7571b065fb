#!/usr/bin/env python3
"""Rights end at once. Races: while people ask again and again on both listeners, inside and outside an open viewing, a right is taken away (an assignment, the
person, the session, the camera's charge, its state); no request that began after the change was acknowledged may be permitted. Open streams: live.mp4,
video.mp4 and clips (HLS) on their way are cut within 2.0 s of every cause of an end, and no frame recorded after the cut arrives; a client that takes nothing
gets at most --on-the-way bytes more, which had left by then.

CI takes a small dose; what the product promises: `tests/e2e/revocation.py --races 10000 --streams 200`, which takes an hour."""
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.footage import rfc3339  # noqa: E402
from support.held_stream import HeldStream  # noqa: E402
from support.live_stream import LiveStream  # noqa: E402
from support.office import FAR_PAST, Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.request_races import Asker, await_answers  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.sent_log import sent_frames  # noqa: E402
from support.sql_session import SqlSession  # noqa: E402
from support.standstill import STANDSTILL  # noqa: E402

CUT_MAX_S = 2.0
CLOCK_EDGE_S = 0.15  # one frame interval and 50 ms: what a frame's wall time may be off
PLAYED_BYTES_PER_S = 40_000
ASKED_AFTER = 2  # answers of each asker after a change
DATED_AHEAD_S = 12  # at the earliest 5 s after it is entered, which a loaded machine takes seconds for


def utc(at_s):
    return rfc3339(at_s * 1e6).replace("+00:00", "Z")


class World:
    """Who and what the causes are about."""

    def __init__(self, office):
        self.office, self.added = office, 0
        crisis = office.sign_in("crisis")
        self.cameras = sorted((c for c in crisis.all_items("/v1/cameras") if c["code"].startswith("1F")), key=lambda c: c["code"])
        rows = office.postgres.sql("SELECT camera_id, run_id || '.' || sequence, extract(epoch FROM start_at), extract(epoch FROM end_at), fragments_from"
                                   " FROM clip WHERE ended_by = 'rolled' ORDER BY start_at")
        self.clips = {camera: (clip, float(start), float(end), int(offset)) for camera, clip, start, end, offset in reversed(rows)}

    def add_head(self):
        """One more head of the first department; returns (name, the assignment's id)."""
        self.added += 1
        name = f"stand-in{self.added}"
        self.office.passwords[name] = "a password for a day"
        self.office.yagura("person", "add", "--username", name, "--name", name, "--password-alone", stdin="a password for a day\n")
        self.office.yagura("assignment", "add", "--person", name, "--post", "department_head", "--unit", "DEPT1", "--from", FAR_PAST)
        row = self.office.postgres.sql(f"SELECT a.id FROM assignment a JOIN person p ON p.id = a.person_id WHERE p.username = '{name}'")
        return name, row[0][0]

    def paths(self, camera):
        clip, start, end, offset = self.clips[camera["id"]]
        span = f"from={utc(start)}&to={utc(end)}"
        return {"clip": f"/v1/clips/{clip}/media", "video": f"/v1/cameras/{camera['id']}/video.mp4?{span}", "live": f"/v1/cameras/{camera['id']}/live.mp4",
                "playlist": f"/v1/cameras/{camera['id']}/playback.m3u8?{span}", "clips": f"/v1/clips?{span}&camera={camera['id']}",
                "camera": f"/v1/cameras/{camera['id']}", "list": "/v1/cameras", "first": offset}


# --- races ---------------------------------------------------------------------------------------------------------------------------------------


def race_kinds(person, assignment, token, camera):
    """name: (taken away, given back, which askers it is about)."""
    session = f"token_sha256 = sha256('{token}')"
    here = f"camera_id = '{camera['id']}'"
    everything = ("clip", "video", "playlist", "live", "clips", "camera", "list")
    return {
        "the assignment ends": (f"UPDATE assignment SET valid_to = clock_timestamp() WHERE id = '{assignment}'",
                                f"UPDATE assignment SET valid_to = 'infinity' WHERE id = '{assignment}'", everything),
        "the person is disabled": (f"UPDATE person SET disabled_at = clock_timestamp() WHERE username = '{person}'",
                                   f"BEGIN; UPDATE person SET disabled_at = NULL WHERE username = '{person}'; UPDATE session SET ended_at = NULL WHERE {session};"
                                   " COMMIT", everything),
        "the session is ended": (f"UPDATE session SET ended_at = clock_timestamp() WHERE {session}",
                                 f"UPDATE session SET ended_at = NULL WHERE {session}", everything),
        "the charge changes": (f"BEGIN; UPDATE charge SET valid_to = clock_timestamp() WHERE {here}; INSERT INTO charge (camera_id, unit_id, valid_from)"
                               f" SELECT camera_id, (SELECT id FROM unit WHERE code = 'DEPT2'), valid_to FROM charge WHERE {here}; COMMIT",
                               f"BEGIN; DELETE FROM charge WHERE {here} AND valid_to = 'infinity'; UPDATE charge SET valid_to = 'infinity' WHERE {here}; COMMIT",
                               ("live",)),
        "the camera is suspended": (f"BEGIN; UPDATE camera_state SET valid_to = clock_timestamp() WHERE {here} AND state = 'in_service'; INSERT INTO camera_state"
                                    f" (camera_id, state, valid_from) SELECT camera_id, 'suspended', valid_to FROM camera_state WHERE {here}; COMMIT",
                                    f"BEGIN; DELETE FROM camera_state WHERE {here} AND state = 'suspended'; UPDATE camera_state SET valid_to = 'infinity'"
                                    f" WHERE {here}; COMMIT", ("live",)),
    }


def run_races(office, world, races):
    name, assignment = world.add_head()
    camera = world.cameras[0]
    token = office.sign_in(name).token
    paths, sql = world.paths(camera), SqlSession(office.postgres, "postgres")
    few = {"Range": f"bytes={paths['first']}-{paths['first'] + 999}"}
    media, api = office.media_port, office.api_port
    askers = {"clip": Asker(media, token, "GET", paths["clip"], few), "video": Asker(media, token, "GET", paths["video"], few),
              "playlist": Asker(media, token, "GET", paths["playlist"]), "live": Asker(media, token, "HEAD", paths["live"]),
              "clips": Asker(api, token, "GET", paths["clips"]), "camera": Asker(api, token, "GET", paths["camera"]),
              "list": Asker(api, token, "GET", paths["list"])}
    stale, asked, kinds = 0, 0, race_kinds(name, assignment, token, camera)
    for race in range(races):
        kind = list(kinds)[race % len(kinds)]
        take_away, give_back, about = kinds[kind]
        concerned = [askers[one] for one in about]
        begun = time.monotonic()
        await_answers(concerned, begun, 1, permitted=True)
        sql.run(take_away)
        acknowledged = time.monotonic()
        await_answers(concerned, acknowledged, ASKED_AFTER, permitted=False)
        for asker in concerned:
            answers = asker.since(acknowledged)
            late = [status for status in answers if status < 300]
            asked, stale = asked + len(answers), stale + len(late)
            assert not late, f"race {race}, {kind}: {asker.method} {asker.path} was still permitted"
        sql.run(give_back)
        for asker in askers.values():
            asker.forget()
    for asker in askers.values():
        asker.stop()
    sql.close()
    return {"races": races, "requests_after": asked, "stale": stale}


# --- open streams --------------------------------------------------------------------------------------------------------------------------------


class Watched:
    """Streams of one cause: a part of them live, the others past."""

    def __init__(self, office, clients, world, live_camera, count, live_only):
        self.live, self.past = [], []
        live_path, paths = world.paths(live_camera)["live"], world.paths(world.cameras[0])
        for n in range(count):
            token = clients[n % len(clients)].token
            if live_only or n % 3 == 0:
                self.live.append(LiveStream("localhost", office.https_port, office.authority, token, live_path))
            else:
                path = paths["video"] if n % 3 == 1 else paths["clip"]
                self.past.append(HeldStream(office.https_port, office.authority, token, path, PLAYED_BYTES_PER_S))
        wait_until("pictures of every stream", lambda: all(len(s.frames()) > 3 for s in self.live) and all(s.received > PIECES for s in self.past), 60)

    def hold_past(self):
        for stream in self.past:
            stream.hold()
            assert not stream.ended, "a stream ended before its cause"


PIECES = 30_000


def causes(office, world):
    """(name, the watchers' clients, camera, whether live only, what ends it: gives (since when nothing may be seen, when that was known))."""
    sql = office.postgres.sql

    def done(action):
        def cause():
            begun = time.time()
            action()
            return begun, time.time()
        return cause

    def dated(*words):
        def cause():
            at = int(time.time()) + DATED_AHEAD_S
            office.yagura(*words, "--at", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)))
            return at, at
        return cause

    def heads():
        name, assignment = world.add_head()
        return [office.sign_in(name), office.sign_in(name)], name, assignment

    def sessions_of(clients):
        return " OR ".join(f"token_sha256 = sha256('{client.token}')" for client in clients)

    def sign_out(clients):
        for client in clients:
            assert client.request("DELETE", "/v1/session").status == 204

    _, first, *others = world.cameras  # of the first one there is much footage: that is what past streams show
    a, _, assignment_a = heads()
    b, _, assignment_b = heads()
    c, name_c, _ = heads()
    d, e, f, g = heads()[0], heads()[0], heads()[0], heads()[0]
    stays = heads()[0]
    return [
        ("assignment ends", a, first, False, done(lambda: office.yagura("assignment", "end", "--id", assignment_a))),
        ("assignment ends at a date", b, first, False, dated("assignment", "end", "--id", assignment_b)),
        ("person disabled", c, first, False, done(lambda: office.yagura("person", "disable", "--username", name_c))),
        ("signs out", d, first, False, done(lambda: sign_out(d))),
        ("session ended by the server", e, first, False, done(lambda: sql(f"UPDATE session SET ended_at = clock_timestamp() WHERE {sessions_of(e)}"))),
        ("12 h are over", f, first, False, done(lambda: sql(f"UPDATE session SET expires_at = clock_timestamp() WHERE {sessions_of(f)}"))),
        ("30 min without a sign", g, first, False,
         done(lambda: sql(f"UPDATE session SET last_used_at = clock_timestamp() - interval '30 minutes' WHERE {sessions_of(g)}"))),
        ("charge changes", stays, first, True, dated("charge", "change", "--camera", first["code"], "--unit", "DEPT2")),
        ("camera suspended", stays, others[0], True, dated("camera", "suspend", "--camera", others[0]["code"], "--note", "works")),
    ]


def judge_cause(office, world, cause, options):
    name, clients, camera, live_only, end = cause
    streams = Watched(office, clients, world, camera, max(1, options.streams // 3) if live_only else options.streams, live_only)
    since, known = end()
    streams.hold_past()
    wait_until("the ends of live: " + name, lambda: all(s.ended() for s in streams.live), max(0, known - time.time()) + 60, 0.02)
    cut_s = [stream.ended_at - known for stream in streams.live]
    cut_max_s = CUT_MAX_S + STANDSTILL.since_s(known)
    time.sleep(max(0, known + cut_max_s - time.time()))
    for stream in streams.past:  # they took nothing since; what comes now had left before the cut
        more = stream.drain()
        assert stream.received < stream.size, f"{name}: a stream of {stream.size} bytes went on to its end"
        assert more <= options.on_the_way, f"{name}: {more} bytes came after the cut"
    keys = [key for stream in streams.live for key, _ in stream.close()]
    sent = sent_frames(office.sent_log, keys)
    limit = (since if since == known else max(stream.ended_at for stream in streams.live)) + CLOCK_EDGE_S + STANDSTILL.longest_s()
    newest = max(sent[key].captured_us / 1e6 for key in keys)
    assert newest <= limit, f"{name}: a frame recorded {newest - since:.3f} s after it came through"
    assert max(cut_s) <= cut_max_s, f"{name}: cut {max(cut_s):.3f} s after it"
    return {"live": len(streams.live), "past": len(streams.past), "slowest_s": round(max(cut_s), 3)}


def scenario(options, folder):
    with Office(folder, options.build, cameras=9, loop=[loop(options, "rich")] + [loop(options, "main")] * 8) as office:
        office.start("record")
        office.start_api_and_media()
        office.start_nginx()
        wait_until("a closed clip of every camera", lambda: int(office.postgres.sql(
            "SELECT count(DISTINCT camera_id) FROM clip WHERE ended_by = 'rolled'")[0][0]) == 9, 150, 1)
        world = World(office)
        print(json.dumps(run_races(office, world, options.races)), flush=True)
        for cause in causes(office, world):
            print(f"{cause[0]}: {json.dumps(judge_cause(office, world, cause, options))}", flush=True)


if __name__ == "__main__":
    parsed = arguments(__doc__, races=100, streams=10, on_the_way=4_000_000)
    run(lambda folder: scenario(parsed, folder))
