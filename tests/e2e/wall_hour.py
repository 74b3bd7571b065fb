#!/usr/bin/env python3
"""A wall of sixteen cameras in a real Chromium, of their sub streams (640x360, 10 frames a second): nothing grows, and whatever stands still longer than a
second has its reason written down: the camera sent nothing, or the browser or the machine stood still. As promised: `tests/e2e/wall_hour.py --minutes 60`;
it prints what it saw. A few minutes tell of pauses, and little of growth."""
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.browser import Browser  # noqa: E402
from support.console_walk import ConsoleWalk  # noqa: E402
from support.growth import Pause, growth  # noqa: E402
from support.office import Office  # noqa: E402
from support.process_memory import pss_bytes_below  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.sent_log import read_sessions  # noqa: E402
from support.standstill import STANDSTILL  # noqa: E402

RATE = 10
PAUSE_MAX_S = 1
SAMPLED_EACH_S = 10
SETTLES_S = 20
# By how much each may have grown in the last three quarters of the hour. A page's heap after its garbage was collected hardly moves; a process's memory
# goes up and down by what its allocators keep.
GROWTH_MAX = {"page heap": 2e6, "page nodes": 50, "buffered s": 5, "media": 8e6, "nginx": 4e6, "record": 16e6, "api": 8e6, "browser": 60e6}

# For each tile each painted frame is counted, and each pause longer than a second noted, with what its player said meanwhile; and when the page itself
# stood still.
WATCH = """
window.seen = {tiles: {}, stops: [], seeks: 0, dry: 0};
const said = video => {
  const end = video.buffered.length ? video.buffered.end(video.buffered.length - 1) : 0;
  return `${video.currentTime.toFixed(2)} of ${end.toFixed(2)}, ready ${video.readyState}${video.seeking ? ', seeking' : ''}${video.paused ? ', paused' : ''}, x ${video.playbackRate}`;
};
const note = (tile, what) => {
  tile.said.push(`${((performance.now() - (tile.last ?? 0)) / 1000).toFixed(2)} s: ${what}; ${said(tile.video())}`);
  if (tile.said.length > 80) tile.said.shift();
};
let woken = performance.now();
setInterval(() => {
  const now = performance.now();
  if (now - woken > 400) seen.stops.push([performance.timeOrigin + woken, performance.timeOrigin + now]);
  woken = now;
  for (const tile of Object.values(seen.tiles)) note(tile, 'goes on');
}, 100);
for (const link of document.querySelectorAll('.tile-link')) {
  const video = link.querySelector('video');
  const tile = seen.tiles[link.dataset.camera] = {frames: 0, last: null, pauses: [], said: [], video: () => video};
  for (const kind of ['seeking', 'seeked', 'waiting', 'playing', 'ratechange', 'stalled', 'emptied', 'pause', 'play'])
    video.addEventListener(kind, () => {
      seen.seeks += kind === 'seeking';
      seen.dry += kind === 'waiting';
      note(tile, kind);
    });
  const onFrame = (now, {mediaTime}) => {
    note(tile, `paints ${mediaTime.toFixed(2)}`);
    if (tile.last !== null && now - tile.last > args[0] * 1000)
      tile.pauses.push([performance.timeOrigin + tile.last, performance.timeOrigin + now, tile.said.slice()]);
    tile.last = now;
    ++tile.frames;
    video.requestVideoFrameCallback(onFrame);
  };
  video.requestVideoFrameCallback(onFrame);
}
"""
LOOK = """
const videos = [...document.querySelectorAll('.tile-link video')];
const buffered = videos.map(video => video.buffered.length ? video.buffered.end(video.buffered.length - 1) - video.buffered.start(0) : 0);
const now = performance.now();
return {nodes: document.querySelectorAll('*').length, buffered: Math.max(...buffered), live: videos.filter(video => video.dataset.live === 'yes').length,
        dropped: videos.reduce((sum, video) => sum + video.getVideoPlaybackQuality().droppedVideoFrames, 0),
        open: Object.entries(seen.tiles).filter(([, tile]) => tile.last !== null && now - tile.last > args[0] * 1000)
          .map(([code, tile]) => [code, performance.timeOrigin + tile.last, performance.timeOrigin + now])};
"""


def make_loop(path):
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=size=640x360:rate={RATE}:duration=20", "-pix_fmt", "yuv420p",
                    "-vf", "noise=alls=6:allf=t", "-c:v", "libx264", "-preset", "veryfast", "-b:v", "500k", "-maxrate", "600k", "-bufsize", "600k",
                    "-x264-params", f"keyint={2 * RATE}:scenecut=0:open-gop=0:bframes=0", "-f", "h264", path], check=True)


class Wall:
    def __init__(self, office, browser, codes):
        self.office, self.browser, self.codes = office, browser, codes
        self.series = {name: [] for name in GROWTH_MAX}
        self.dropped = []  # by Chromium's own count, since each tile began

    def watch(self, seconds):
        self.browser.run(WATCH, PAUSE_MAX_S)
        self.begun = time.time()
        while time.time() < self.begun + seconds:
            time.sleep(SAMPLED_EACH_S)
            self.sample()
        self.ended = time.time()
        return self.browser.run("return JSON.parse(JSON.stringify(seen));")

    def sample(self):
        at, look = time.time(), self.browser.run(LOOK, PAUSE_MAX_S)
        self.browser.devtools("HeapProfiler.collectGarbage")
        self.note(at, "page heap", self.browser.devtools("Runtime.getHeapUsage")["usedSize"])
        self.note(at, "page nodes", look["nodes"])
        self.note(at, "buffered s", look["buffered"])
        self.note(at, "browser", pss_bytes_below(self.browser.driver.pid))
        for name in ("media", "nginx", "record", "api"):
            self.note(at, name, pss_bytes_below(self.office.children[name].pid))
        self.dropped.append(look["dropped"])

    def note(self, at, name, value):
        self.series[name].append((at, value))

    def judge_growth(self):
        grown = {name: growth(samples) for name, samples in self.series.items()}
        for name, by in grown.items():
            first, last = self.series[name][len(self.series[name]) // 4][1], self.series[name][-1][1]
            print(f"{name}: from {first:,.0f} to {last:,.0f}, grown by {by:,.0f} (at most {GROWTH_MAX[name]:,.0f})")
        return {name: by for name, by in grown.items() if by > GROWTH_MAX[name]}

    def judge_pauses(self, seen, silences):
        """Those that nobody can explain."""
        stops = [(begin / 1e3, end / 1e3) for begin, end in seen["stops"]] + STANDSTILL.spans()
        pauses = [Pause(code, begin / 1e3, end / 1e3, said) for code, tile in seen["tiles"].items() for begin, end, said in tile["pauses"]]
        why = [(pause, pause.explanation(stops, silences)) for pause in pauses]
        for reason in sorted({reason for _, reason in why if reason}):
            print(f"{sum(one == reason for _, one in why)} pauses: {reason}; the longest {max(p.end - p.begin for p, one in why if one == reason):.1f} s")
        unexplained = [pause for pause, reason in why if reason is None]
        for pause in unexplained:
            print(f"{pause}, without a reason; its player:", *pause.said, sep="\n  ")
        return unexplained


def silences_of(office, codes, begin, end):
    """When the camera of each tile sent nothing for longer than a pause may last."""
    sessions, frames = read_sessions(office.sent_log)
    silent = {}
    for n, code in enumerate(codes, 1):
        sent = sorted(frame.sent_us / 1e6 for session in sessions if session.camera == len(codes) + n for frame in frames[session.session])
        marks = [begin, *[at for at in sent if begin <= at <= end], end]
        silent[code] = [(a, b) for a, b in zip(marks, marks[1:]) if b - a > PAUSE_MAX_S / 2]
    return silent


def judge(wall, options, folder):
    seen = wall.watch(options.minutes * 60)
    if options.pictures:
        wall.browser.picture(os.path.join(options.pictures, "wall-hour-end.png"))
    time.sleep(SAMPLED_EACH_S)  # until the sent log has it
    lasted_s = wall.ended - wall.begun
    paces = {code: seen["tiles"][code]["frames"] / RATE / lasted_s for code in wall.codes}
    print(f"{options.minutes} minutes, {len(wall.codes)} tiles: {min(paces.values()):.3f} to {max(paces.values()):.3f} of all frames painted, {wall.dropped[-1] - wall.dropped[0]} dropped; "
          f"players ran dry {seen['dry']} times and jumped {seen['seeks']} times; the machine stood still {STANDSTILL.longest_s(wall.begun):.1f} s at most")
    unexplained = wall.judge_pauses(seen, silences_of(wall.office, wall.codes, wall.begun, wall.ended))
    grown = wall.judge_growth() if options.minutes >= 2 else {}
    assert not unexplained, f"{len(unexplained)} pauses without a reason: {unexplained[:5]}"
    assert not grown, f"it grows: {grown}"


def scenario(options, folder):
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    sub = os.path.join(os.path.dirname(folder), "sub.h264")
    make_loop(sub)
    count = options.cameras
    with Office(folder, options.build, cameras=count, farm_cameras=2 * count, loop=[loop(options, "small")] * count + [sub] * count) as office:
        codes = [code for code, *_ in office._cameras()]
        for n, code in enumerate(codes, 1):
            office.yagura("camera", "change", "--camera", code, "--sub-url", f"rtsp://127.0.0.1:{office.farm_port}/camera/{count + n}")
        office.start("record")
        office.wait_all_recording(60)
        office.start_api_and_media()
        office.start_nginx()
        browser = Browser(os.path.join(folder, "browser"))
        try:
            browser.resize(1920, 1080)
            walk = ConsoleWalk(browser, office, "ja", "dark", options.pictures)
            walk.prefer()
            walk.sign_in("crisis")
            ids = {camera["code"]: camera["id"] for camera in office.sign_in("crisis").all_items("/v1/cameras")}
            walk.open("/wall?cameras=" + ",".join(ids[code] for code in codes))
            live = "return document.querySelectorAll('.tile-link video[data-live=yes][data-stream=sub]').length;"
            wait_until("all tiles to be live", lambda: browser.run(live) == count, 120)
            time.sleep(SETTLES_S)
            if options.pictures:
                browser.picture(os.path.join(options.pictures, "wall-hour-begin.png"))
            judge(Wall(office, browser, codes), options, folder)
        finally:
            browser.close()


if __name__ == "__main__":
    given = arguments(__doc__, minutes=2, cameras=16, pictures="")
    run(lambda folder: scenario(given, folder))
