#!/usr/bin/env python3
"""No name of a person, department, camera or place, and no username, stands in a line that a process writes about its work: not in those of api, media,
record, keep, nginx and PostgreSQL, whatever they are asked, also for names, wrongly, while the database is away and while nginx finds nobody. The names are
met nowhere else, and are told to those who may know them."""
import os
import sys
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.foreign_ids import unknown_ids  # noqa: E402
from support.office import Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.secret_search import files_with  # noqa: E402

MARK = "Canary 金糸雀"
NAMED = ["site", "building", "floor", "unit", "camera", "person", "phase"]
USERNAMES = ["head1", "head2", "head3", "manager"]


def give_names(office):
    """Also a phase that keep looks at each second: its date has come, and a camera of it is missing."""
    office.postgres.sql("INSERT INTO phase VALUES (gen_random_uuid(), 'P1', 'x', now());"
                        "UPDATE camera SET phase_id = (SELECT id FROM phase)")
    for table in NAMED:
        office.postgres.sql(f"UPDATE {table} SET name = '{MARK} {table} ' || left(id::text, 8)")


def spellings():
    """As text, in a URL, in JSON, and as PostgreSQL and nginx escape bytes."""
    mark = MARK.split()[1]
    escaped = "".join(f"\\x{byte:02X}" for byte in mark.encode())
    return {b"Canary", mark.encode(), urllib.parse.quote(mark).encode(), mark.encode("unicode_escape"), escaped.encode(), *(name.encode() for name in USERNAMES)}


def ask_everything(client, media, camera):
    """As a curious person would; what is answered is judged elsewhere. Returns all bodies."""
    bodies = b""
    for path in ("session", "places", "phases", "departments", "assignments", "cameras", "openapi.yaml", "nothing"):
        bodies += client.get("/v1/" + path).body
    for query in ({"q": MARK}, {"q": "Canary"}, {"phase": MARK}, {"floor": MARK}, {"department": MARK}, {"cursor": MARK}, {"state": MARK}):
        bodies += client.get("/v1/cameras", **query).body
    client.get("/v1/assignments", cursor=MARK)
    client.get("/v1/clips", camera=MARK, from_="2026-01-01T00:00:00Z", to="2026-01-02T00:00:00Z")
    for one in (camera, unknown_ids().camera, urllib.parse.quote(MARK)):
        client.get(f"/v1/cameras/{one}")
        for what in ("video.mp4", "playback.m3u8", "frame.jpg"):
            media.get(f"/v1/cameras/{one}/{what}", from_="2026-01-01T00:00:00Z", to="2026-01-02T00:00:00Z")
            media.get(f"/v1/cameras/{one}/{what}", at=MARK)
        media.get(f"/v1/cameras/{one}/frame.jpg")
    client.request("DELETE", f"/v1/cameras/{camera}")
    for listener in (client, media):
        assert listener.get("/metrics").status == 404, "nothing is counted in public"
    return bodies


def sign_in_wrongly(client):
    for username in (*USERNAMES, "nobody", MARK):
        client.request("POST", "/v1/session", {"username": username, "password": MARK})
    client.request("POST", "/v1/session", ('{"username": "' + MARK).encode(), headers={"Content-Type": "application/json"})


def log_files(office):
    """All that is there, but tables, footage and what the test itself was given."""
    kept = ("/pg/data/", "/volume/", "/state/")
    return [os.path.join(root, name) for root, _, names in os.walk(office.folder) for name in names
            if not any(part in root + "/" for part in kept) and name.endswith(".log")]


def scenario(options, folder):
    with Office(folder, options.build, cameras=3, loop=loop(options, "main")) as office:
        give_names(office)
        office.start("record")
        office.start("keep")
        office.start_api_and_media()
        office.start_nginx()
        office.wait_all_recording(60)
        people = {name: (office.sign_in(name, through_nginx=True), office.sign_in(name)) for name in office.passwords if name != "administrator"}
        camera = people["crisis"][0].all_items("/v1/cameras")[0]["id"]
        bodies = b""
        for outside, inside in people.values():
            bodies += ask_everything(outside, outside, camera) + ask_everything(inside, office.media_client(inside), camera)
        for table in NAMED:
            assert f"{MARK} {table}".encode() in bodies, f"no {table}'s name is told to anybody"
        sign_in_wrongly(people["head1"][0])
        sign_in_wrongly(people["head1"][1])
        office.postgres.stop()
        ask_everything(people["head1"][0], people["head1"][0], camera)
        office.postgres.start()
        wait_until("the API again", lambda: people["head1"][0].get("/v1/places").status == 200, 90)
        for verb in ("media", "record", "keep", "api"):
            office.children[verb].stop()
        for path in ("cameras", "cameras/" + camera, "cameras/" + camera + "/video.mp4"):  # nobody is there whom nginx could ask
            assert people["head1"][0].get("/v1/" + path, q=MARK).status == 503

        files = log_files(office)
        names = {os.path.relpath(path, office.folder) for path in files}
        assert {"api.log", "media.log", "record.log", "keep.log", "nginx/logs/access.log", "pg/server.log"} <= names, names
        planted = os.path.join(office.folder, "planted.log")
        with open(planted, "w") as file:
            file.write(f"a line with {MARK}\n")
        except_for = {os.path.join(root, name) for root, _, found in os.walk(office.folder) for name in found} - set(files) - {planted}
        found = set(files_with(office.folder, spellings(), except_for))
        assert planted in found, "the search finds what is there"
        assert found == {planted}, f"names stand in {found - {planted}}"
        print(f"{len(NAMED)} kinds of names and {len(USERNAMES)} usernames in none of {len(files)} logs, {sum(map(os.path.getsize, files))} bytes")


if __name__ == "__main__":
    parsed = arguments(__doc__)
    run(lambda folder: scenario(parsed, folder))
