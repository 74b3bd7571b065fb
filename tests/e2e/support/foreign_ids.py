"""What the head of another department may learn of a camera: nothing. Every route with an id, and every list with an id in its query, answers byte for
byte as for an id that doesn't exist and for one that is none."""
import json
import time
import uuid

METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE"]


class Ids:
    """The ids of one camera, all of which a stranger may try."""

    def __init__(self, camera, floor, department, clip, run):
        self.camera, self.floor, self.department, self.clip, self.run = camera, floor, department, clip, run

    def all(self):
        return [self.camera, self.floor, self.department, self.clip, self.run]


def ids_of(office, camera):
    clip, run = office.postgres.sql(f"SELECT run_id || '.' || sequence, run_id FROM clip WHERE camera_id = '{camera['id']}' ORDER BY start_at LIMIT 1")[0]
    return Ids(camera["id"], camera["floor_id"], camera["department_id"], clip, run)


def unknown_ids():
    nothing = str(uuid.uuid4())
    return Ids(nothing, nothing, nothing, nothing + ".0", nothing)


def paths_with(ids, own, span):
    """(all paths of the API, all paths of media) that name one of `ids`; `own` are ids that the asker may see."""
    api = [f"/v1/cameras/{ids.camera}", f"/v1/cameras/{ids.camera}/coverage?{span}",
           f"/v1/clips?{span}&camera={ids.camera}", f"/v1/clips?{span}&floor={ids.floor}", f"/v1/clips?camera={ids.camera}&{span}&limit=1",
           f"/v1/cameras?floor={ids.floor}", f"/v1/cameras?department={ids.department}", f"/v1/cameras?{span}&floor={ids.floor}",
           f"/v1/cameras?{span}&department={ids.department}", f"/v1/cameras?floor={own.floor}&department={ids.department}",
           f"/v1/cameras?department={ids.department}&floor={own.floor}", f"/v1/cameras?floor={ids.floor}&department={own.department}",
           f"/v1/cameras?floor={ids.floor}&state=in_service", f"/v1/cameras?department={ids.department}&q=Camera"]
    media = [f"/v1/cameras/{ids.camera}/playback.m3u8?{span}", f"/v1/cameras/{ids.camera}/video.mp4?{span}", f"/v1/runs/{ids.run}/init.mp4",
             f"/v1/clips/{ids.clip}/media"]
    return api, media


def assert_nothing_to_learn(office, clients, foreign, own, span):
    """`clients`: (one for the API's routes, one for media's). Returns how many requests were compared."""
    checked = 0
    kinds = [foreign, unknown_ids(), Ids("x", "x", "x", "x", "x")]
    for client, paths in zip(clients, zip(*(paths_with(ids, own, span) for ids in kinds))):
        for variants in zip(*paths):
            for method in METHODS:
                replies = [client.request(method, path, headers={"Range": "bytes=0-99"}) for path in variants]
                first, *others = [reply.comparable() for reply in replies]
                for path, other in zip(variants[1:], others):
                    assert first == other, f"{method} {variants[0]}: {first}\n{path}: {other}"
                assert method != "GET" or first[0] == 404, f"{variants[0]}: {first[0]}"
                checked += 1
    return checked


def assert_in_no_list(client, camera, foreign, own):
    """Neither in a list, a count nor behind a cursor that was made of its ids."""
    now = f"{time.time():.0f}000000"
    lists = json.dumps(client.all_items("/v1/cameras")) + json.dumps(client.all_items("/v1/cameras", limit=1))
    lists += json.dumps(client.all_items("/v1/cameras", q="Camera"))
    span = {"from_": "2021-01-01T00:00:00Z", "to": "2031-01-01T00:00:00Z"}
    lists += json.dumps(client.all_items("/v1/cameras", **span))
    for query in ({"camera": own.camera}, {"floor": own.floor}):
        lists += json.dumps(client.all_items("/v1/clips", **query, **span))
        cursors = [f"1.{clip}" for clip in (foreign.clip, unknown_ids().clip)] + [f"{now}.{foreign.clip}", f"{now}.{unknown_ids().clip}"]
        answers = [client.get("/v1/clips", cursor=cursor, **query, **span).comparable() for cursor in cursors]
        assert answers[0] == answers[1] and answers[2] == answers[3], "a cursor tells a foreign clip from an unknown one"
    for text in (camera["code"], camera["name"]):
        assert client.all_items("/v1/cameras", q=text) == [], f"a search finds {text}"
    for mark in foreign.all() + [camera["code"], camera["name"]]:
        assert mark not in lists, f"a foreign camera's {mark} stands in a list"
