#!/usr/bin/env python3
"""The console in a real Chromium, before a real office: a head, the crisis desk, operations, an auditor and an administrator, each in Japanese and in
English, sign in, see what is theirs and nothing else, watch live, find a gap and its reason on the timeline, play and jump, also to what moved, see who looked, sign out. Every page is judged
by axe-core, in the dark and in the light theme. `--pictures DIR` keeps what was seen, at 1280x720 and 1920x1080."""
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.activity_walk import ActivityWalk  # noqa: E402
from support.browser import Browser  # noqa: E402
from support.console_walk import ConsoleWalk  # noqa: E402
from support.hold_walk import HoldWalk  # noqa: E402
from support.office import Office  # noqa: E402
from support.processes import free_port, wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.wall_walk import WallWalk  # noqa: E402

RECORDED_S = 18  # before the gap
GAP_S = 4
FIRST_SCRIPT_MAX_BYTES = 200_000
DEAD, STAGED = "1F-090", "1F-091"
VISITED = "1F-004"  # nothing moves before it but for 3 s of each 12


def add_cameras(office):
    """One that nobody answers for, and one that is staged."""
    common = ["--floor", "1F", "--unit", "DEPT1"]
    office.yagura("camera", "add", "--code", DEAD, "--name", "Dead camera", *common, "--url", f"rtsp://127.0.0.1:{free_port()}/none", "--in-service")
    office.yagura("camera", "add", "--code", STAGED, "--name", "Staged camera", *common, "--url", f"rtsp://127.0.0.1:{office.farm_port}/camera/1")
    office.yagura("camera", "stage", "--camera", STAGED)


def record_with_a_gap(office):
    """Footage, then none, then footage again that goes on; gives the instants at which the first began and the gap did."""
    office.start("record")
    office.wait_all_recording(60)
    begun = time.time()
    time.sleep(RECORDED_S)
    killed = time.time()
    office.children["record"].kill()
    time.sleep(GAP_S)
    office.start("record")
    office.wait_all_recording(60)
    return begun, killed


def judge_first_view(walk):
    """What the browser loads for signing in: scripts, as they come over the wire; and nothing from elsewhere."""
    walk.open("/")
    walk.see("form.sign-in-form")
    loaded = walk.browser.run("return performance.getEntriesByType('resource').map(one => [one.name, one.encodedBodySize]);")
    assert all(name.startswith(walk.origin) for name, _ in loaded), loaded
    scripts = sum(size for name, size in loaded if name.endswith(".js"))
    assert 0 < scripts <= FIRST_SCRIPT_MAX_BYTES, f"{scripts} bytes of script for the first view"
    return scripts


def judge_signing_in(walk, username):
    walk.open("/")
    walk.browser.type("input[name=username]", username)
    walk.browser.type("input[name=password]", "something else")
    walk.browser.press("Enter")
    walk.see("[role=alert]")
    walk.look("sign-in")
    walk.sign_in(username)
    assert walk.browser.run("return document.cookie;") == "", "a script can read the session's cookie"


def judge_who(walk, words):
    walk.browser.click("header .who summary")
    walk.read(words, ".who-menu")
    walk.look("who")
    walk.browser.press("Escape")


def judge_places(walk, floors, codes):
    """The tree has these floors, and the floors these cameras."""
    walk.see(".tree a")
    seen = walk.text(".tree a .tree-name").split("\n")
    assert seen == floors, f"the tree shows {seen}"
    assert all(code[0] in {floor[-1] for floor in floors} for code in codes), "a camera is on none of these floors"
    for nth, floor in enumerate(floors):
        walk.browser.click(".tree a", nth)
        wait_until("the floor to be marked", lambda nth=nth: "page" == walk.browser.run("return document.querySelectorAll('.tree a')[args[0]].ariaCurrent;", nth), 45)
        walk.shows_cameras([code for code in codes if code[0] == floor[-1]])
    walk.look("places")
    walk.browser.click(".tree a", 0)
    walk.shows_cameras([code for code in codes if code[0] == floors[0][-1]])


def judge_live(walk, code):
    walk.open_camera(code)
    began = time.monotonic()
    walk.plays("video[data-live=yes]")
    took = time.monotonic() - began
    walk.read(walk.words["live"], ".badge")
    walk.look("live")
    walk.browser.press(" ")
    walk.see(".badge-paused")
    walk.see("video[data-live=no]")
    walk.browser.press("l")
    walk.plays("video[data-live=yes]")
    return took


def judge_thumbnail(walk, at_s):
    """Where the pointer rests there is a picture of then, with its time, and none of it when the pointer has left."""
    walk.browser.point_at(".timeline-canvas", walk.fraction(at_s))
    painted = "const img = document.querySelector('.pointed-picture img'); return img !== null && img.naturalWidth > 0;"
    wait_until("the picture at the pointer", lambda: walk.browser.run(painted), 45)
    shown = walk.text(".pointed-picture figcaption")
    expected = [time.strftime("%H:%M:%S", time.gmtime(at_s + 9 * 3600 - late_s)) for late_s in range(-1, 5)]
    assert shown in expected, f"{shown} is shown at {expected[0]}"
    walk.look("thumbnail")


def judge_past(walk, begun, killed):
    """Zoom, see the gap and its reason, click to play, back, frame by frame, jump by typing, the link, live again."""
    browser = walk.browser
    walk.zoom_to(killed)
    gap = walk.fraction(killed + GAP_S / 2)
    browser.point_at(".timeline-canvas", gap)
    walk.read(walk.words["gap"], ".timeline-told")
    walk.look("timeline")
    judge_thumbnail(walk, begun + 3)
    clicked = time.monotonic()
    browser.click_at(".timeline-canvas", walk.fraction(begun + 3))
    walk.plays("video[data-past=yes]")
    walk.shows_time(begun + 3, clicked)
    walk.look("past")
    link = walk.path()
    assert "?at=" in link, link
    browser.press(" ")
    walk.see(".badge-paused")
    before = walk.video()["at"]
    browser.press(".")
    wait_until("the next frame", lambda: walk.video()["at"] > before, 45)
    after = walk.video()["at"]
    browser.press(",")
    wait_until("the frame before", lambda: walk.video()["at"] < after, 45)
    typed = time.monotonic()
    browser.press("g", *time.strftime("%H:%M:%S", time.gmtime(killed - 8 + 9 * 3600)), "Enter")
    walk.shows_time(killed - 8, typed)
    browser.press("g", "x", "Enter")
    walk.see(".go-to-wrong")
    browser.press("Escape")
    opened = time.monotonic()
    walk.open(link)
    walk.plays("video[data-past=yes]")
    walk.shows_time(begun + 3, opened)
    judge_rate(walk)
    browser.press("l")
    walk.plays("video[data-live=yes]")


def judge_rate(walk):
    """Four times as fast by keys, and by its list as slow as ever."""
    walk.browser.press("+", "+")
    before, begun = walk.video()["at"], time.monotonic()
    wait_until("the picture to hurry", lambda: walk.video()["at"] - before > 2 * (time.monotonic() - begun) + 2, 45)
    for rate in ("0.25", "1"):
        walk.browser.run("const one = document.querySelector('.bar select'); one.value = args[0]; one.dispatchEvent(new Event('change', {bubbles: true}));", rate)
        wait_until(f"speed {rate}", lambda rate=rate: walk.browser.run("return document.querySelector('video').playbackRate;") == float(rate), 45)


def judge_gap_list(walk):
    walk.browser.click(".bar button[aria-pressed]", 0)
    walk.read(walk.words["gap"], ".panel")
    walk.look("gaps")
    walk.browser.click(".panel-head button")


def judge_closed(walk):
    wait_until("the dialog to close", lambda: walk.browser.run("return document.querySelector('dialog') === null;"), 45)


def judge_calendar(walk):
    """The month tells that something of today is recorded; a click shows the day."""
    walk.browser.click(".calendar-open")
    walk.see("dialog.calendar[open] .calendar-day[aria-current] .calendar-recorded")
    walk.look("calendar")
    walk.browser.click(".calendar-day[aria-current]")
    judge_closed(walk)
    wait_until("the whole day to be shown", lambda: walk.shown()[1] - walk.shown()[0] == 86400, 45)


def judge_keys(walk):
    walk.browser.press("?")
    walk.see("dialog[open]")
    walk.look("keys")
    walk.browser.press("Escape")
    judge_closed(walk)
    walk.browser.run("document.querySelector('.timeline-canvas').focus();")
    walk.browser.press("ArrowLeft")
    walk.see(".timeline-told")
    walk.browser.press("Tab")


def judge_activity(walk, begun, killed):
    walk.browser.click(".header nav a[href='/']")
    walk.see(".camera-card")
    walk.open_camera(VISITED)
    walk.plays("video[data-live=yes]")
    ActivityWalk(walk, begun, killed).judge_all()


def judge_dead(walk):
    walk.browser.click(".header nav a[href='/']")
    walk.see(".camera-card")
    walk.open_camera(DEAD)
    walk.read(walk.words["missing"], ".picture-missing")
    assert walk.browser.run("return document.querySelector('video[data-live=yes]');") is None
    walk.look("dead")


def judge_viewings(walk, name):
    """Who looked at this camera."""
    walk.browser.click(".bar button[aria-pressed]", 1)
    walk.read(name, ".viewings")
    walk.look("who-looked")


def walk_of_head(walk, times):
    judge_signing_in(walk, "head1")
    judge_who(walk, walk.words["may_see"])
    judge_places(walk, ["Main building Floor 1"], ["1F-001", "1F-004", DEAD, STAGED])
    took = judge_live(walk, "1F-001")
    judge_keys(walk)
    judge_past(walk, *times)
    judge_gap_list(walk)
    judge_calendar(walk)
    hold = HoldWalk(walk, times[0])
    hold.judge_all()
    judge_viewings(walk, "Head1")
    judge_activity(walk, *times)
    judge_dead(walk)
    walk.sign_out()
    return took


def walk_of_crisis(walk, times):
    walk.sign_in("crisis")
    judge_who(walk, walk.words["may_see"])
    wall = WallWalk(walk, ["1F-001", "1F-004"], DEAD)
    wall.judge_all()
    foreign = walk.browser.run(
        "const items = (await (await fetch('/v1/cameras?limit=1000')).json()).items.filter(one => one.code.startsWith('3F'));"
        "return {floor: items[0].floor_id, camera: items[0].id};")
    walk.browser.click(".header nav a[href='/']")
    judge_places(walk, ["Floor 1", "Floor 2", "Floor 3"], ["1F-001", "1F-004", DEAD, STAGED, "2F-002", "2F-005", "3F-003", "3F-006"])
    judge_live(walk, "1F-004")
    walk.browser.click(".header nav a[href='/']")
    walk.open_camera("1F-001")
    HoldWalk(walk, times[0]).judge_release()
    walk.sign_out()
    walk.sign_in("head1")
    walk.see(".camera-card")
    wall.judge_foreign(foreign)
    walk.sign_out()


def walk_of_operations(walk, times):
    walk.sign_in("operations")
    judge_who(walk, walk.words["acts"])
    walk.see("table")
    walk.look("rollout")
    walk.browser.click("table .watch")
    walk.plays("video[data-live=yes]")
    walk.look("staged")
    walk.sign_out()


def walk_of_auditor(walk, times):
    walk.sign_in("auditor")
    judge_who(walk, walk.words["acts"])
    walk.read("Head1", "table")
    walk.read("1F-001", "table")
    walk.look("log")
    walk.browser.type(".filters input[type=search]", "nobody of this name")
    walk.see(".note-empty")
    walk.sign_out()


def walk_of_administrator(walk, times):
    """With a one-time code, each of which opens one session only."""
    walk.sign_in("administrator")
    judge_who(walk, walk.words["acts"])
    walk.see(".camera-card")
    walk.open_camera("1F-001")
    walk.see(".picture-note")
    assert walk.video() is None, "an administrator sees a picture"
    HoldWalk(walk, times[0]).judge_denied()
    assert not walk.text(".timeline-lack"), "an administrator is shown activity"
    walk.look("administrator")
    walk.sign_out()


WALKS = {"head": walk_of_head, "administrator": walk_of_administrator, "crisis": walk_of_crisis, "operations": walk_of_operations,
         "auditor": walk_of_auditor}


def scenario(options, folder):
    with Office(folder, options.build, cameras=6, loop=[loop(options, name) for name in ("main", "main", "main", "entry")]) as office:
        add_cameras(office)
        times = record_with_a_gap(office)
        office.start_api_and_media()
        office.start_nginx()
        browser = Browser(os.path.join(folder, "browser"))
        try:
            browser.resize(1280, 720)
            pages = 0
            for language, theme in (("ja", "dark"), ("en", "light")):
                walk = ConsoleWalk(browser, office, language, theme, options.pictures)
                walk.prefer()
                scripts = judge_first_view(walk)
                for name in options.walks.split():
                    began = time.monotonic()
                    WALKS[name](walk, times)
                    print(f"{name}, {language}: {time.monotonic() - began:.1f} s", flush=True)
                pages += walk.looked_at
            print(f"{pages} pages without violations; {scripts} bytes of script for the first view")
        finally:
            browser.close()


if __name__ == "__main__":
    parsed = arguments(__doc__, pictures="", walks=" ".join(WALKS))
    run(lambda folder: scenario(parsed, folder))
