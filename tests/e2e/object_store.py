#!/usr/bin/env python3
"""The second tier. Finished clips are copied to an object store and, when they are old enough, leave their volume.
What people are answered is byte for byte what it was when the files were there, with the same ETags and ranges. While the store is dead they
are told so, with 503 and a code, and nothing is lost: neither of what is recorded nor of what is stored. What expires goes from the store too,
and the proof says so. Neither of the two keys is in a log or on a command line.

CI has a store in memory; `--store ceph --lives 4` starts Ceph, of which one of three OSDs is killed while people watch, and stays dead."""
import glob
import hashlib
import http.client
import json
import os
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.object_store import STORES  # noqa: E402
from support.office import Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402

FAR = {"from_": "2020-01-01T00:00:00Z", "to": "2099-01-01T00:00:00Z"}
WAIT_MAX_S = 10.0  # for an answer, while a part of the store is lost


class Viewer:
    """Somebody who may see all, and remembers what was answered."""

    def __init__(self, office):
        client = office.sign_in("crisis")
        self.media = office.media_client(client)
        self.clips = [clip for camera in client.all_items("/v1/cameras") for clip in client.all_items("/v1/clips", camera=camera["id"], **FAR)]
        assert len(self.clips) >= 3, self.clips
        self.before = {question: self.ask(question) for clip in self.clips for question in self.about(clip)}
        assert {answer[0] for answer in self.before.values()} <= {200, 206}, {q: a[0] for q, a in self.before.items()}

    def about(self, clip):
        """Questions: (path, Range)."""
        span = f"?from={clip['start']}&to={clip['end']}".replace("+", "%2B")
        body, camera, size = f"/v1/clips/{clip['id']}/media", f"/v1/cameras/{clip['camera_id']}", clip["bytes"]
        return [(body, None), (body, f"bytes=0-{size // 3}"), (body, f"bytes={size // 3}-{2 * size // 3}"), (body, f"bytes={size - 1000}-"),
                (camera + "/video.mp4" + span, None), (camera + "/video.mp4" + span, f"bytes={size // 2}-"), (camera + "/playback.m3u8" + span, None),
                (f"/v1/runs/{clip['run_id']}/init.mp4", None), (f"{camera}/frame.jpg?at={clip['start']}".replace("+", "%2B"), None)]

    def ask(self, question):
        path, part = question
        reply = self.media.request("GET", path, headers={"Range": part} if part else None)
        kept = {"etag", "content-range", "content-length", "content-type", "accept-ranges"}
        return reply.status, sorted((k.lower(), v) for k, v in reply.headers if k.lower() in kept), reply.body

    def judge_same(self, without=None):
        for question, before in self.before.items():
            if without and question in self.about(without):
                continue
            after = self.ask(question)
            assert after == before, f"{question}: {after[0]} {after[1]} with {len(after[2])} bytes, before {before[0]} {before[1]} with {len(before[2])}"


def moved(office):
    return int(office.postgres.sql("SELECT count(*) FROM clip WHERE local_gone_at IS NOT NULL")[0][0])


def judge_lost_part(store, viewer):
    """A part of the store is lost while people watch: they wait a little, and get what they asked for. Returns the longest wait."""
    store.lose_a_part()
    begun, waits = time.monotonic(), []
    while not waits or time.monotonic() - begun < store.NOTICES_LOSS_S:
        for question, before in viewer.before.items():
            asked = time.monotonic()
            assert viewer.ask(question) == before, f"{question}: another answer"
            waits.append(time.monotonic() - asked)
    assert max(waits) < WAIT_MAX_S, f"an answer took {max(waits):.1f} s"
    return max(waits)


def judge_copies(office, store):
    """Each row has its object, of the row's size and checksum, and no other object is there."""
    rows = office.postgres.sql("SELECT run_id || '.' || sequence, bytes, encode(sha256, 'hex') FROM clip WHERE copied_at IS NOT NULL")
    objects = store.objects()
    by_clip = {os.path.basename(name)[:-4]: name for name in objects}
    assert set(by_clip) == {clip for clip, _, _ in rows}, (sorted(by_clip), rows)
    for clip, size, sha256 in rows:
        bytes_ = store.fetch(by_clip[clip])
        assert len(bytes_) == int(size) and hashlib.sha256(bytes_).hexdigest() == sha256, f"object of {clip}"


def judge_dead_store(office, store, viewer):
    """A clip's term ends meanwhile: marked as `yagura keep` marks it, and proven only when its copy has gone too."""
    gone = viewer.clips[-1]
    store.die()
    answers = {question: viewer.ask(question) for question in list(viewer.before)[:9]}
    for (path, _), (status, _, body) in answers.items():
        if "playback.m3u8" in path:
            assert status == 200, f"a playlist needs no footage: {status}"
        else:
            assert status == 503 and json.loads(body)["code"] == "unavailable", f"{path}: {status} {body[:200]}"
    begun = time.monotonic()
    assert viewer.ask(next(iter(viewer.before)))[0] == 503 and time.monotonic() - begun < 5
    office.start("record")
    office.postgres.sql("UPDATE clip SET expiring_since = now(), expiring_rule = 'age' WHERE run_id || '.' || sequence = '%s'" % gone["id"],
                        role="yagura_owner")
    office.wait_all_recording(60)
    office.children["record"].stop()
    fresh = int(office.postgres.sql("SELECT count(*) FROM clip WHERE copied_at IS NULL")[0][0])
    assert fresh >= 3 and len(office.clip_files()) == fresh, "what was recorded while the store was dead stays"
    assert not office.postgres.sql("SELECT 1 FROM clip_deletion"), "no proof while the copy is there"
    store.live()
    wait_until("the new clips to follow", lambda: moved(office) == len(viewer.clips) - 1 + fresh, 60, 0.5)
    wait_until("the proof", lambda: office.postgres.sql("SELECT 1 FROM clip_deletion WHERE store_id IS NOT NULL"), 60, 0.2)
    assert not any(gone["id"] in name for name in store.objects())
    assert viewer.ask((f"/v1/clips/{gone['id']}/media", None))[0] == 404
    viewer.judge_same(without=gone)


def judge_altered(viewer, name):
    """A copy with another byte in it: said to be a loss, or breaks off; handed out to its end it is not."""
    try:
        status, _, body = viewer.ask((f"/v1/clips/{os.path.basename(name)[:-4]}/media", None))
    except (http.client.IncompleteRead, ConnectionError):
        return
    assert status == 500 and json.loads(body)["code"] == "data_loss", f"an altered copy: {status} with {len(body)} bytes"


def judge_check(office, store, viewer, clips):
    """Names, sizes, checksums; and a copy that vanished is named, and one that was altered, which nobody is shown either."""
    report = json.loads(office.yagura("check", "--checksums", "--json", check=False).stdout)
    assert report["disagreements"] == 0 and report["objects"] == clips and report["clips_read"] == clips, report
    name = sorted(store.objects())[0]
    whole = store.fetch(name)
    store.delete(name)
    report = json.loads(office.yagura("check", "--json", check=False).stdout)
    assert report["kinds"] == {"file_missing": 1} and name in report["found"][0], report
    middle = len(whole) // 2
    store.put(name, whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1:])
    judge_altered(viewer, name)
    assert json.loads(office.yagura("check", "--json").stdout)["disagreements"] == 0, "a name and a size tell no damage"
    report = json.loads(office.yagura("check", "--checksums", "--json", check=False).stdout)
    assert report["kinds"] == {"not_as_written": 1} and name in report["found"][0], report
    store.put(name, whole)


def judge_rebuild(office, viewer, clips):
    """The catalogue lost its clips: they are told again from their copies, row for row."""
    rows = """SELECT to_jsonb(clip) - 'store_id' - 'copied_at' - 'leaving_since' - 'local_gone_at' FROM clip ORDER BY run_id, sequence"""
    before = office.postgres.sql(rows)
    office.children["keep"].stop()
    office.postgres.sql("DELETE FROM clip", role="yagura_owner")
    office.yagura("catalogue", "rebuild")
    assert office.postgres.sql(rows) == before
    office.start("keep")
    wait_until("the copies to be found", lambda: moved(office) == clips, 60, 0.2)
    viewer.judge_same()


def judge_secrets(office, store):
    with open(store.keys) as keys:
        access, secret = keys.read().split()
    for path in glob.glob(os.path.join(office.folder, "*.log")):
        with open(path, "rb") as log:
            text = log.read()
        assert access.encode() not in text and secret.encode() not in text, f"a key is in {path}"
    lines = subprocess.run(["ps", "-eo", "args", "-ww"], capture_output=True, text=True, check=True).stdout
    assert secret not in lines, "the secret key is on a command line"


def scenario(options, folder):
    store = STORES[options.store](folder + "-store")
    starting = threading.Thread(target=store.__enter__)
    starting.start()
    try:
        with Office(folder, options.build, cameras=3, loop=loop(options, "main"),
                    configuration=store.configuration(keep_files_for="1s", bytes_per_second="200M")) as office:
            for _ in range(options.lives):
                office.start("record")
                office.wait_all_recording(60)
                time.sleep(2)
                office.children["record"].stop()
            starting.join()
            office.start_api_and_media()
            viewer = Viewer(office)
            office.start("keep")
            wait_until("all clips to leave the volume", lambda: moved(office) == len(viewer.clips), 90, 0.2)
            assert office.clip_files() == []
            longest_s = judge_lost_part(store, viewer)
            judge_copies(office, store)
            listed = json.loads(office.yagura("volume", "list", "--json").stdout)["object_store"]
            assert listed["stored_clips"] == len(viewer.clips) and listed["fault"] is None and listed["copied_until"], listed
            judge_check(office, store, viewer, len(viewer.clips))
            judge_rebuild(office, viewer, len(viewer.clips))
            judge_dead_store(office, store, viewer)
            judge_secrets(office, store)
            print(f"{len(viewer.clips)} clips moved, {len(viewer.before)} answers the same from there, the longest after {longest_s:.2f} s")
    finally:
        starting.join()
        store.__exit__()


if __name__ == "__main__":
    options = arguments(__doc__, store="memory", lives=1)
    run(lambda folder: scenario(options, folder))
