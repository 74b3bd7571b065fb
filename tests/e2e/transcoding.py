#!/usr/bin/env python3
"""Cameras of H.265 and of JPEG in a real Chromium, which plays neither: live and past, as H.264. As many at once as may be keep up with their cameras,
frame for frame; the next one is told so in words, and plays by itself once there is room; recording loses nothing meanwhile. CI watches for some
seconds; `tests/e2e/transcoding.py --size 1920x1080 --rate 15 --transcodes 6 --seconds 60` finds out what a machine can take, and prints it."""
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.browser import Browser  # noqa: E402
from support.console_walk import ConsoleWalk  # noqa: E402
from support.live_stream import LiveStream  # noqa: E402
from support.office import Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402

RATE_MAX_OFF = 0.02  # of the camera's own; a frame more or less lies at either end
BUSY = {"ja": "同時に変換できる数に達しています", "en": "has to be converted for your browser"}
SETTLES_S = 3


class FrameCounter(LiveStream):
    """Counts frames as they come: what is transcoded bears no stamp."""

    def _note(self, frame, at):
        with self._lock:
            self._frames.append((None, at))


def make_loop(options, folder):
    """A noisy picture in which much moves, in the size asked for; or the one that the tests have anyway."""
    if not options.size:
        return loop(options, "main.h265"), 15
    path = os.path.join(folder, "large.h265")
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=size={options.size}:rate={options.rate}:duration=8",
                    "-vf", "noise=alls=8:allf=t", "-pix_fmt", "yuv420p", "-c:v", "libx265", "-preset", "ultrafast", "-b:v", "4M",
                    "-x265-params", f"log-level=none:keyint={2 * options.rate}:scenecut=0:open-gop=0:bframes=0:aud=1", "-f", "hevc", path], check=True)
    return path, options.rate


class Transcoding:
    def __init__(self, office, walk, rate):
        self.office, self.walk, self.rate = office, walk, rate
        self.client = office.sign_in("crisis")
        cameras = sorted(self.client.all_items("/v1/cameras"), key=lambda one: one["code"][-3:])
        *self.h265, self.jpeg = cameras
        self.viewers = []

    def watch(self, camera):
        self.viewers.append(FrameCounter("localhost", self.office.https_port, self.office.authority, self.client.token,
                                         f"/v1/cameras/{camera['id']}/live.mp4?codec=h264"))

    def judge_one_too_many(self, camera):
        media = self.office.media_client(self.client)
        for path in ("live.m3u8", "live.mp4"):
            refused = media.get(f"/v1/cameras/{camera['id']}/{path}", codec="h264")
            assert refused.status == 503 and refused.json()["code"] == "transcodes_busy", f"{path}: {refused.status} {refused.body[:300]}"
            assert "Retry-After" in dict(refused.headers), refused.headers

    def judge_pace(self, seconds):
        """Each stream comes at its camera's rate: at 1.0 x real time."""
        wait_until("all to begin", lambda: all(len(viewer.frames()) > self.rate for viewer in self.viewers), 60)
        time.sleep(SETTLES_S)
        begun = time.time()
        time.sleep(seconds)
        ended = time.time()
        paces = [sum(begun <= at < ended for _, at in viewer.frames()) / (self.rate * (ended - begun)) for viewer in self.viewers]
        assert not any(viewer.ended() for viewer in self.viewers), "a stream ended"
        print(f"{len(paces)} streams at once come at {min(paces):.3f} to {max(paces):.3f} x real time in {seconds} s")
        slack = RATE_MAX_OFF + 1.5 / (self.rate * seconds)
        assert all(abs(pace - 1) <= slack for pace in paces), paces

    def judge_live(self, camera):
        begun = time.monotonic()
        self.walk.open("/cameras/" + camera["id"])
        self.walk.plays("video[data-live=yes]")
        return time.monotonic() - begun

    def judge_told(self, camera):
        """The page says why there is no picture; and shows it when somebody has left."""
        self.walk.open("/cameras/" + camera["id"])
        self.walk.read(BUSY[self.walk.language])
        self.walk.look("transcodes-busy")
        self.viewers.pop().close()
        self.walk.plays("video[data-live=yes]")

    def judge_past(self, camera, at_s):
        begun = time.monotonic()
        self.walk.open("/cameras/" + camera["id"])
        self.walk.see(".timeline")
        self.walk.browser.press("g", *time.strftime("%H:%M:%S", time.gmtime(at_s + 9 * 3600)), "Enter")
        self.walk.plays("video[data-past=yes]")
        self.walk.look("transcoded-past")
        return time.monotonic() - begun


def judge(transcoding, options):
    others = transcoding.h265[1:]
    transcoding.judge_live(transcoding.h265[0])
    transcoding.walk.look("transcoded-live")
    transcoding.walk.open("/places")  # gives its place back
    for camera in others[:options.transcodes]:
        wait_until("a place", lambda: not transcoding.office.media_client(transcoding.client).get(
            f"/v1/cameras/{camera['id']}/live.m3u8", codec="h264").status == 503, 30)
        transcoding.watch(camera)
    transcoding.judge_one_too_many(transcoding.h265[0])
    transcoding.judge_pace(options.seconds)
    transcoding.judge_told(transcoding.h265[0])
    while transcoding.viewers:
        transcoding.viewers.pop().close()
    transcoding.judge_live(transcoding.jpeg)


def scenario(options, folder):
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    path, rate = make_loop(options, os.path.dirname(folder))
    cameras = options.transcodes + 2
    with Office(folder, options.build, cameras=cameras, loop=[path] * (cameras - 1) + [loop(options, "main.mjpeg")], transcodes_max=options.transcodes) as office:
        office.start("record")
        office.wait_all_recording(60)
        begun_s = time.time()
        office.start_api_and_media()
        office.start_nginx()
        browser = Browser(os.path.join(folder, "browser"))
        try:
            browser.resize(1280, 720)
            walk = ConsoleWalk(browser, office, options.language, "dark", options.pictures)
            walk.prefer()
            walk.sign_in("crisis")
            transcoding = Transcoding(office, walk, rate)
            judge(transcoding, options)
            office.children["record"].stop(60)  # closes its clips
            first_s = [transcoding.judge_past(camera, begun_s + 2) for camera in (transcoding.h265[0], transcoding.jpeg)]
            print(f"the past of H.265 plays {first_s[0]:.1f} s after its page was asked for, that of JPEG {first_s[1]:.1f} s")
        finally:
            browser.close()
        report = office.check_sent()
        assert report["frames_lost"] == 0 and report["disagreements"] == 0, report
        print(f"{report['frames_stored']} frames stored meanwhile, none lost; {walk.looked_at} pages without violations")


if __name__ == "__main__":
    parsed = arguments(__doc__, transcodes=2, seconds=5, size="", rate=15, pictures="", language="ja")
    run(lambda folder: scenario(parsed, folder))
