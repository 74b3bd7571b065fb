#!/usr/bin/env python3
"""Closed clips cut short at random places, and with single bytes flipped at random. Each answer of api and media is either, byte for byte, what it was
before, or a 500 `data_loss`: never another picture, never less than was asked for, never a body that breaks off. What lies before the cut and beside
the damage is served, other clips are untouched, and `yagura check --checksums` names the damaged file, each time, and no other.

CI damages 20 times; more by `tests/e2e/damaged_clips.py --times 500`."""
import datetime
import json
import os
import random
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.office import Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402

LOOPS = ["main", "high_b", "gop_half"]


def micros(text):
    return round(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1e6)


def rfc3339(us):
    return (datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(microseconds=us)).isoformat(timespec="microseconds")


class Clips:
    """The office's clips and what was answered about them while they were whole."""

    def __init__(self, office):
        self.office, client = office, office.sign_in("crisis")
        self.media = office.media_client(client)
        self.clips = []
        for camera in client.all_items("/v1/cameras"):
            own = client.all_items("/v1/clips", camera=camera["id"], from_="2020-01-01T00:00:00Z", to=rfc3339(time.time() * 1e6))
            assert len(own) >= 2, f"{camera['code']}: {len(own)} clips"
            self.clips += own[:2]
        self.paths = {os.path.basename(path)[:-4]: path for path in office.clip_files()}
        self.before = {question: self.ask(question) for clip in self.clips for question in self.about(clip)}
        assert {status for status, _ in self.before.values()} <= {200, 206}, {q: s for q, (s, _) in self.before.items()}

    def others(self, clip):
        return next(other for other in self.clips if other["camera_id"] == clip["camera_id"] and other is not clip)

    def video(self, clip, from_us=None, to_us=None):
        span = (rfc3339(from_us or micros(clip["start"])), rfc3339(to_us or micros(clip["end"])))
        return (f"/v1/cameras/{clip['camera_id']}/video.mp4?from={span[0]}&to={span[1]}".replace("+", "%2B"), None)

    def first_seconds(self, clip):
        return self.video(clip, to_us=micros(clip["start"]) + 3_000_000)

    def about(self, clip):
        """Questions: (path, Range)."""
        both = sorted((clip, self.others(clip)), key=lambda one: one["start"])
        body = f"/v1/clips/{clip['id']}/media"
        size = clip["bytes"]
        return [self.video(clip), self.first_seconds(clip), self.video(both[0], to_us=micros(both[1]["end"])), (body, None),
                (body, f"bytes=0-{size // 3}"), (body, f"bytes={size // 3}-{2 * size // 3}"), (body, f"bytes={2 * size // 3}-"),
                (f"/v1/runs/{clip['run_id']}/init.mp4", None)]

    def ask(self, question):
        path, part = question
        reply = self.media.request("GET", path, headers={"Range": part} if part else None)
        return reply.status, reply.body

    def judge(self, damaged, place, cut):
        """Returns how many answers about the damaged clip were a loss."""
        losses = 0
        for clip in self.clips:
            for question in self.about(clip) if clip is damaged else [self.video(clip), (f"/v1/clips/{clip['id']}/media", None)]:
                status, body = self.ask(question)
                if (status, body) == self.before[question]:
                    continue
                assert clip is damaged, f"{question}: {status}, though another clip is damaged"
                assert status == 500 and json.loads(body)["code"] == "data_loss", f"{question}: {status} with {len(body)} bytes; cut {cut}, at {place}"
                assert question != self.first_seconds(clip) or place < 0.7 * clip["bytes"], f"{question}: {status}, though damaged at {place} only"
                losses += 1
        assert losses or not cut or place > 0.9 * damaged["bytes"], "a clip was cut short, and nothing says so"
        return losses


def damage(path, rng):
    """Returns (place, whether the file is shorter)."""
    size = os.path.getsize(path)
    place, cut = rng.randrange(size), rng.random() < 0.5
    with open(path, "r+b") as file:
        if cut:
            file.truncate(place)
        else:
            file.seek(place)
            byte = file.read(1)[0]
            file.seek(place)
            file.write(bytes([byte ^ (1 << rng.randrange(8))]))
    return place, cut


def clips_named(office):
    """What `yagura check --checksums` finds, a line each."""
    return json.loads(office.yagura("check", "--checksums", "--json", check=False).stdout)["found"]


def judge_check(office, clip):
    found = clips_named(office)
    assert found and all(clip["id"] in line for line in found), f"only {clip['id']} is damaged; check finds {found}"


def scenario(options, folder):
    seed = options.seed or random.randrange(1 << 32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    with Office(folder, options.build, cameras=3, loop=[loop(options, name) for name in LOOPS]) as office:
        for _ in range(2):
            office.start("record")
            office.wait_all_recording(60)
            time.sleep(8)  # so that its first three seconds are well within its first half
            office.children["record"].stop()
        office.start("record")
        wait_until("all clips in the catalogue", lambda: int(office.postgres.sql("SELECT count(*) FROM clip")[0][0]) >= 6, 60, 0.2)
        office.children["record"].stop()
        office.start_api_and_media()
        clips = Clips(office)
        losses = flipped = 0
        assert not clips_named(office), "check finds something where nothing is damaged"
        for _ in range(options.times):
            clip = rng.choice(clips.clips)
            path = clips.paths[clip["id"]]
            with open(path, "rb") as file:
                whole = file.read()
            place, cut = damage(path, rng)
            losses += clips.judge(clip, place, cut)
            flipped += not cut
            judge_check(office, clip)
            with open(path, "wb") as file:
                file.write(whole)
        assert office.children["api"].running() and office.children["media"].running(), "a listener died"
        assert all(clips.ask(question) == answer for question, answer in clips.before.items()), "after repair something differs"
        print(f"{options.times - flipped} clips cut, each named by check; {flipped} bytes flipped, each named by check --checksums; "
              f"{losses} answers data_loss, all others as before; api and media live")


if __name__ == "__main__":
    parsed = arguments(__doc__, times=20, seed=0)
    run(lambda folder: scenario(parsed, folder))
