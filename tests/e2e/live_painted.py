#!/usr/bin/env python3
"""How long a frame takes from the camera's stamp to a person's eye: live in the console in Chromium, and by low-latency HLS in hls.js, with a camera whose picture shows its number as black
and white fields, read from a canvas whenever a frame is painted. Beside it, at the same time, how long the same camera's frames take to the byte at a plain
client. Prints both; asserts that pictures are painted in order and come from now, and no speed. Larger runs: `--seconds 60 --rate 25`, and `--cameras 100` as in the whole
office; `--ffmpeg 1` shows the same camera by ffmpeg's HLS and by its endless MP4 too, through the same nginx."""
import contextlib
import json
import os
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.browser import Browser  # noqa: E402
from support.console_walk import ConsoleWalk  # noqa: E402
from support.ffmpeg_live import FfmpegLive  # noqa: E402
from support.live_stream import LiveStream  # noqa: E402
from support.office import ROOT, Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, run  # noqa: E402
from support.sent_log import read_sent_log  # noqa: E402

FIELDS, FIELD_PX = 10, 32
WIDTH, HEIGHT = FIELDS * FIELD_PX, 192
LOOP_FRAMES = 600

# For each frame that is painted: its number in the loop, and the instant (microseconds since 1970) at which it is on the screen: not before it was due
# there, nor before its picture was painted.
WATCH = """
const [fields, field_px] = args; const video = document.querySelector('video[data-live=yes]');
const canvas = document.createElement('canvas'); canvas.width = fields * field_px; canvas.height = 192;
const context = canvas.getContext('2d', {willReadFrequently: true});
window.painted = [];
const onFrame = (now, frame) => {
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  let number = 0;
  for (let bit = 0; bit < fields; ++bit) {
    const [red] = context.getImageData(bit * field_px + field_px / 2, 16, 1, 1).data;
    if (red > 128) number |= 1 << bit;
  }
  painted.push([number, (performance.timeOrigin + Math.max(now, frame.expectedDisplayTime)) * 1000]);
  video.requestVideoFrameCallback(onFrame);
};
video.requestVideoFrameCallback(onFrame);
"""


HLS = """;
window.errors = [];
const video = document.createElement('video');
video.muted = true; video.dataset.live = 'yes'; video.style.position = 'fixed'; video.width = 640;
document.body.append(video);
const hls = new Hls({lowLatencyMode: true, xhrSetup: xhr => { xhr.withCredentials = true; }});
hls.on(Hls.Events.ERROR, (_, data) => { errors.push((data.fatal ? 'fatal ' : '') + data.type + ' ' + data.details); });
hls.loadSource(args[0]); hls.attachMedia(video);
video.play();
"""

ENDLESS = """
const video = document.createElement('video');
video.muted = true; video.dataset.live = 'yes'; video.style.position = 'fixed'; video.width = 640; video.src = args[0];
document.body.append(video);
video.play();
"""
LATE_MAX_S, FFMPEG_LATE_MAX_S = 5, 20  # before its numbers come again


def make_loop(path, rate):
    """Frame n shows the bits of n in its upper part, and something that moves below."""
    bits = f"if(lt(Y,32),if(mod(floor(N/pow(2,floor(X/{FIELD_PX}))),2),235,16),lum(X,Y))"
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=size={WIDTH}x{HEIGHT}:rate={rate}",
                    "-vf", f"geq=lum='{bits}':cb='if(lt(Y,32),128,cb(X,Y))':cr='if(lt(Y,32),128,cr(X,Y))'", "-frames:v", str(LOOP_FRAMES), "-pix_fmt", "yuv420p",
                    "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "main", "-x264-params",
                    f"keyint={2 * rate}:min-keyint={2 * rate}:scenecut=0:open-gop=0:bframes=0:crf=24", "-f", "h264", path], check=True)


def sent_frames(office, until_us):
    """Those of the first camera, by time; the log is written now and then."""
    def frames():
        own = [frame for frame in read_sent_log(office.sent_log) if frame.camera == 1]
        return own if own and own[-1].captured_us > until_us else None
    return wait_until("the sent log", frames, 60, 0.5)


def captured(sent, number, painted_us, late_max_s):
    """When the newest frame with this number in its picture was captured before it was painted; nothing where there is none lately."""
    for frame in reversed(sent):
        if frame.captured_us < painted_us - late_max_s * 1e6:
            return None
        if frame.captured_us <= painted_us and frame.number % LOOP_FRAMES == number:
            return frame.captured_us
    return None


def figures(late_ms):
    late_ms = sorted(late_ms)
    return {"frames": len(late_ms), "p50_ms": round(statistics.median(late_ms), 1), "p95_ms": round(late_ms[int(len(late_ms) * 0.95)], 1)}


def play_in_console(walk, camera):
    walk.open("/cameras/" + camera["id"])


def play_by_hls(walk, address):
    """In hls.js as it comes, beside a page of the console: by its session."""
    walk.open("/")
    walk.see(".camera-card")
    with open(os.path.join(ROOT, "web/node_modules/hls.js/dist/hls.min.js")) as file:
        walk.browser.run(file.read() + HLS, address)


def play_low_latency(walk, camera):
    play_by_hls(walk, f"/v1/cameras/{camera['id']}/live.m3u8")


def play_ffmpeg_hls(walk, camera):
    play_by_hls(walk, "/ffmpeg/live.m3u8")


def play_ffmpeg_mp4(walk, camera):
    walk.open("/")
    walk.see(".camera-card")
    walk.browser.run(ENDLESS, "/ffmpeg/live.mp4")


OURS = {"live.mp4": play_in_console, "live.m3u8": play_low_latency}
FFMPEGS = {"ffmpeg live.mp4": play_ffmpeg_mp4, "ffmpeg live.m3u8": play_ffmpeg_hls}


class Picture:
    """What was painted of a camera, and what came to a plain client meanwhile."""

    def __init__(self, walk, camera, play, options, client):
        play(walk, camera)
        walk.plays("video[data-live=yes]")
        time.sleep(options.settle)  # until it is as near to the newest frame as it gets
        self.bytes_at = []
        plain = client()
        walk.browser.run(WATCH, FIELDS, FIELD_PX)
        time.sleep(options.seconds)
        self.painted = walk.browser.run("return painted;")
        self.errors = walk.browser.run("return window.errors || [];")
        self.bytes_at = [(key, at * 1e6) for key, at in plain.close() if at > plain.opened_at + 2]

    def judge(self, sent, options, late_max_s):
        """In order, and of now; how late."""
        by_number = {frame.number: frame for frame in sent}
        shown = [(captured(sent, number, at, late_max_s), at) for number, at in self.painted]
        unread = sum(1 for since, _ in shown if since is None)
        assert unread <= len(shown) / 100, f"{unread} of {len(shown)} painted pictures are of no frame sent lately; {self.errors}"
        instants = [since for since, _ in shown if since is not None]
        assert instants == sorted(instants), "pictures are painted out of order"
        assert len(self.painted) >= options.seconds * options.rate / 3, f"{len(self.painted)} pictures painted in {options.seconds} s; {self.errors}"
        assert not any(error.startswith("fatal") for error in self.errors), self.errors
        return {"to_the_byte": figures([(at - by_number[number].captured_us) / 1000 for (_, _, number), at in self.bytes_at]),
                "to_the_painted_picture": figures([(at - since) / 1000 for since, at in shown if since is not None])}


def scenario(options, folder):
    os.makedirs(folder + "-loop")
    loop = os.path.join(folder + "-loop", "numbered.h264")
    make_loop(loop, options.rate)
    with contextlib.ExitStack() as stack:
        office = stack.enter_context(Office(folder, options.build, cameras=options.cameras, loop=[loop]))
        ffmpeg = stack.enter_context(contextlib.closing(FfmpegLive(office, 1))) if options.ffmpeg else None
        office.start("record")
        office.start_api_and_media()
        office.start_nginx()
        if ffmpeg:
            ffmpeg.start()
        office.wait_all_recording(60)
        head = office.sign_in("head1")
        camera = next(camera for camera in head.all_items("/v1/cameras") if camera["code"] == "1F-001")

        def client():
            return LiveStream("localhost", office.https_port, office.authority, head.token, f"/v1/cameras/{camera['id']}/live.mp4")
        browser = Browser(os.path.join(folder, "browser"))
        try:
            walk = ConsoleWalk(browser, office, "ja", "dark")
            walk.prefer()
            walk.sign_in("head1")
            plays = OURS | (FFMPEGS if options.ffmpeg else {})
            pictures = {name: Picture(walk, camera, play, options, client) for name, play in plays.items()}
        finally:
            browser.close()
        sent = sent_frames(office, max(picture.painted[-1][1] for picture in pictures.values()))
        judged = {name: picture.judge(sent, options, LATE_MAX_S if name in OURS else FFMPEG_LATE_MAX_S) for name, picture in pictures.items()}
        print(json.dumps({"rate": options.rate, "cameras": options.cameras, **judged}, indent=1))


if __name__ == "__main__":
    parsed = arguments(__doc__, seconds=8, rate=15, cameras=1, settle=3, ffmpeg=0)
    run(lambda folder: scenario(parsed, folder))
