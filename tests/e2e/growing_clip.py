#!/usr/bin/env python3
"""The clip that is being written: a moment of seconds ago is in the coverage, in the playlist with its frames, and as a picture, to whoever may see the camera;
to everybody else it doesn't exist. What was handed out of it is on record, and is byte for byte what the closed clip has there. A recorder that dies leaves no
coverage that isn't there: what was told of it is there after its next start."""
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.footage import micros, rfc3339  # noqa: E402
from support.office import Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402

REACHES_S = 6  # before now: as far as coverage goes at least once it is asked for a moment later
LATER_S = 4
RATE = 15


def iso(at_s):
    return rfc3339(at_s * 1e6)


def seconds(text):
    return micros(text) / 1e6


class Watcher:
    def __init__(self, office, username, camera):
        self.camera = camera
        self.api = office.sign_in(username)
        self.media = office.media_client(self.api)

    def recorded_until(self, since_s):
        items = self.api.all_items(f"/v1/cameras/{self.camera}/coverage", from_=iso(since_s), to=iso(time.time() + 60))
        ends = [seconds(item["end"]) for item in items if item["kind"] == "recorded"]
        return max(ends, default=None)

    def segments(self, from_s, to_s):
        """[(clip, first byte, last byte, seconds)] of the playlist, and the address of its init segment; nothing where there is none."""
        reply = self.media.get(f"/v1/cameras/{self.camera}/playback.m3u8", from_=iso(from_s), to=iso(to_s))
        if reply.status == 404:
            return [], None
        assert reply.status == 200, f"{reply.status} {reply.body[:300]}"
        text = reply.body.decode()
        found = re.findall(r"#EXTINF:([\d.]+),\n#EXT-X-BYTERANGE:(\d+)@(\d+)\n\S*?/clips/([^/]+)/media", text)
        return ([(clip, int(first), int(first) + int(size) - 1, float(lasts)) for lasts, size, first, clip in found],
                re.search(r'URI="[^"]*?(/runs/[^"]+)"', text).group(1))

    def bytes_of(self, segment):
        clip, first, last, _ = segment
        reply = self.media.request("GET", f"/v1/clips/{clip}/media", headers={"Range": f"bytes={first}-{last}"})
        assert reply.status == 206, f"{segment}: {reply.status} {reply.body[:300]}"
        assert len(reply.body) == last - first + 1
        return reply.body

    def picture_status(self, at_s):
        return self.media.get(f"/v1/cameras/{self.camera}/frame.jpg", at=iso(at_s)).status


def frames_in(init, segments):
    out = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", "-"],
                         input=init + b"".join(segments), capture_output=True, check=True)
    assert not out.stderr, out.stderr.decode()
    return int(out.stdout.split()[0])


def judge_now(watcher, begun_s):
    """Nothing is closed yet. Returns what was handed out: [(segment, bytes)]."""
    assert not watcher.api.all_items("/v1/clips", camera=watcher.camera, from_=iso(begun_s - 60), to=iso(time.time() + 60)), "a clip is closed already: too slow"
    asked_s = time.time()
    until_s = watcher.recorded_until(begun_s - 60)
    assert until_s and asked_s - until_s < REACHES_S + LATER_S, f"the coverage ends {asked_s - (until_s or 0):.1f} s ago"
    segments, init = watcher.segments(begun_s - 60, asked_s)
    lasts_s = sum(segment[3] for segment in segments)
    assert lasts_s > until_s - begun_s - LATER_S, f"the playlist lasts {lasts_s:.1f} s, {until_s - begun_s:.1f} are covered"
    handed_out = [(segment, watcher.bytes_of(segment)) for segment in segments]
    frames = frames_in(watcher.media.get("/v1" + init).body, [body for _, body in handed_out])
    assert abs(frames - lasts_s * RATE) <= 1, f"{frames} frames in {lasts_s:.2f} s"
    assert watcher.picture_status(until_s - 1) == 200
    print(f"of the clip that is being written: coverage up to {asked_s - until_s:.1f} s ago, {lasts_s:.1f} s in {len(segments)} segments, {frames} frames")
    return handed_out


def judge_stranger(stranger, handed_out, begun_s):
    (clip, first, last, _), _ = handed_out[0]
    reply = stranger.media.request("GET", f"/v1/clips/{clip}/media", headers={"Range": f"bytes={first}-{last}"})
    unknown = stranger.media.request("GET", f"/v1/clips/{clip[:-1]}9/media", headers={"Range": f"bytes={first}-{last}"})
    assert reply.status == 404 and reply.comparable() == unknown.comparable(), f"{reply.status} {reply.body[:200]}"
    assert stranger.media.get(f"/v1/cameras/{stranger.camera}/playback.m3u8", from_=iso(begun_s), to=iso(time.time())).status == 404
    assert stranger.picture_status(time.time() - REACHES_S - 1) == 404
    assert stranger.api.get(f"/v1/cameras/{stranger.camera}/coverage", from_=iso(begun_s), to=iso(time.time())).status == 404


def judge_growing_on(watcher, handed_out):
    """Some seconds later there is more of it, and what was there is the same."""
    last = handed_out[-1][0]
    wait_until("more of the clip", lambda: watcher.segments(time.time() - 30, time.time())[0][-1][2] > last[2] + 100_000, 30, 1)
    newest = watcher.segments(time.time() - 30, time.time())[0][-1]
    assert newest[0] == last[0], "that isn't the same clip any more"
    watcher.bytes_of(newest)
    for segment, body in handed_out:
        assert watcher.bytes_of(segment) == body


def judge_closed(watcher, handed_out, begun_s):
    clip = handed_out[0][0][0]

    def closed():
        return [one for one in watcher.api.all_items("/v1/clips", camera=watcher.camera, from_=iso(begun_s - 60), to=iso(time.time() + 60)) if one["id"] == clip]
    wait_until("the clip's row", closed, 150, 1)
    for segment, body in handed_out:
        assert watcher.bytes_of(segment) == body, "the closed clip has other bytes there"
    segments, _ = watcher.segments(seconds(closed()[0]["start"]), time.time())
    assert len({segment[0] for segment in segments}) >= 2, "the next clip isn't in the playlist"
    stretches = watcher.api.all_items(f"/v1/cameras/{watcher.camera}/coverage", from_=iso(begun_s), to=iso(time.time() - REACHES_S - LATER_S))
    assert [item["kind"] for item in stretches] == ["recorded"], stretches


def judge_death(office, watcher, begun_s):
    """What is told of while the recorder is dead is there afterwards, and it tells of no more."""
    office.children.pop("record").kill()
    died_s = time.time()
    told = watcher.recorded_until(begun_s)
    assert told < died_s
    time.sleep(REACHES_S + 2)
    assert watcher.recorded_until(begun_s) == told, "coverage grows though nothing is recorded"
    office.start("record")
    wait_until("footage of the new recorder", lambda: watcher.recorded_until(begun_s) > died_s + 1, 90, 1)
    items = watcher.api.all_items(f"/v1/cameras/{watcher.camera}/coverage", from_=iso(begun_s), to=iso(died_s))
    assert items[0]["kind"] == "recorded" and seconds(items[0]["end"]) >= told, f"told was {told}: {items}"


def scenario(options, folder):
    with Office(folder, options.build, cameras=2, loop=loop(options, "main")) as office:
        office.start_api_and_media()
        office.start("record")
        office.wait_all_recording(60)
        camera = office.sign_in("head1").all_items("/v1/cameras")[0]["id"]
        stranger = Watcher(office, "head2", camera)
        watcher = Watcher(office, "head1", camera)
        begun_s = time.time()
        wait_until("some seconds in the coverage", lambda: (watcher.recorded_until(begun_s - 60) or 0) > begun_s + 3, 60, 0.5)
        handed_out = judge_now(watcher, begun_s)
        judge_stranger(stranger, handed_out, begun_s)
        judge_growing_on(watcher, handed_out)
        judge_closed(watcher, handed_out, begun_s)
        judge_death(office, watcher, begun_s)


if __name__ == "__main__":
    given = arguments(__doc__)
    run(lambda folder: scenario(given, folder))
