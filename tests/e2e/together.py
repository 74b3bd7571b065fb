#!/usr/bin/env python3
"""Four cameras of the past side by side in a real Chromium: chosen from one camera's page, they show one time, also after a pause, frame by frame, a
jump, over a gap and at another speed; who may not see a camera isn't shown it. CI watches them for some seconds; `tests/e2e/together.py --watch-s 60`
longer, and prints how far their pictures are apart."""
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.browser import Browser  # noqa: E402
from support.console_walk import ConsoleWalk  # noqa: E402
from support.office import Office  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.together_walk import TogetherWalk  # noqa: E402

FRAME_MS = 1000 / 15
RECORDED_S = 12
GAP_S = 4
BEHIND_S = 6


def clock(at_s):
    return time.strftime("%H:%M:%S", time.gmtime(at_s + 9 * 3600))


def record_with_a_gap(office, recorded_s):
    """Gives when the first footage began, and when the gap did. All clips are closed."""
    office.start("record")
    office.wait_all_recording(60)
    begun = time.time()
    time.sleep(recorded_s)
    killed = time.time()
    office.children["record"].kill()
    time.sleep(GAP_S)
    office.start("record")
    office.wait_all_recording(60)
    time.sleep(BEHIND_S)
    office.children["record"].stop(60)
    return begun, killed


def judge_foreign(walk, path):
    """A head who follows the crisis desk's link sees the cameras of their own floor alone."""
    walk.sign_out()
    walk.sign_in("head1")
    walk.open(path)
    walk.see(".together-tiles[data-count='2']")
    walk.read(walk.words["together_hidden"])
    assert walk.text(".together-name strong").split("\n") == ["1F-001", "1F-004"], walk.text(".together-name")


def judge(walk, times, watch_s):
    begun, killed = times
    walk.prefer()
    walk.sign_in("crisis")
    walk.open("/places")
    walk.open_camera("1F-001")
    walk.browser.press("g", *clock(begun + 2), "Enter")
    walk.plays("video[data-past=yes]")
    together = TogetherWalk(walk, FRAME_MS)
    together.choose(4)
    path = walk.path()
    apart = together.judge_in_step(watch_s)
    together.judge_paused()
    together.judge_jump(killed - 6, clock(killed - 6))
    together.judge_gap(walk.words["gap"], killed + GAP_S / 2)
    together.judge_jump(begun + 2, clock(begun + 2))
    together.judge_rate(4)
    judge_foreign(walk, path)
    print(f"pictures of four cameras, {FRAME_MS:.0f} ms a frame, are {apart[0]:.0f} ms apart (median), {apart[1]:.0f} ms (p95), {apart[2]:.0f} ms (most) "
          f"in {watch_s} s; {walk.looked_at} pages without violations")


def scenario(options, folder):
    with Office(folder, options.build, cameras=6, loop=loop(options, "main")) as office:
        times = record_with_a_gap(office, RECORDED_S + options.watch_s)
        office.start_api_and_media()
        office.start_nginx()
        browser = Browser(os.path.join(folder, "browser"))
        try:
            browser.resize(1280, 720)
            judge(ConsoleWalk(browser, office, options.language, "dark", options.pictures), times, options.watch_s)
        finally:
            browser.close()


if __name__ == "__main__":
    parsed = arguments(__doc__, watch_s=4, pictures="", language="ja")
    run(lambda folder: scenario(parsed, folder))
