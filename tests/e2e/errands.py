#!/usr/bin/env python3
"""Four errands at the console, in a real Chromium, as people would do them: the crisis desk looks at what happened on a floor five minutes ago, a head at
yesterday 14:03, operations at what a phase lacks, an auditor at who looked at a camera. Each takes at most four clicks and a typed line; prints how many,
and how long the console takes for it. `--language en`: in English."""
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.browser import Browser  # noqa: E402
from support.console_walk import ConsoleWalk  # noqa: E402
from support.office import Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import OFFICE_AHEAD_S, arguments, loop, run  # noqa: E402

CLICKS_MAX = 4
DAY_S = 86_400
TYPED = {"ja": ("5分前", "昨日 14:03"), "en": ("5 min ago", "yesterday 14:03")}
STAGED, PLANNED = "2F-002", "2F-005"


def yesterday_s(hour, minute):
    """Of the office."""
    return (int(time.time()) + OFFICE_AHEAD_S) // DAY_S * DAY_S - DAY_S - OFFICE_AHEAD_S + hour * 3600 + minute * 60


def be_since_long(office, camera, state):
    office.postgres.sql(f"DELETE FROM camera_state WHERE camera_id = '{camera}';"
                        f"INSERT INTO camera_state (camera_id, state, valid_from) VALUES ('{camera}', '{state}', '2020-01-01')")


def record(office, loop_path, code, start_s, seconds):
    camera, unit, floor = office.postgres.sql(
        f"SELECT c.id, unit_id, floor_id FROM camera c JOIN charge ON charge.camera_id = c.id JOIN placement p ON p.camera_id = c.id WHERE code = '{code}'")[0]
    be_since_long(office, camera, "in_service")
    for table in ("placement", "charge"):
        office.postgres.sql(f"UPDATE {table} SET valid_from = '2020-01-01' WHERE camera_id = '{camera}'")
    state = os.path.join(office.folder, "recorder-" + code)
    os.makedirs(state)
    subprocess.run([os.path.join(office.build, "tests/e2e/yagura_recorded_day"), state, office.volume, office.postgres.host, camera, str(start_s), "15"],
                   input=f"own {unit} {floor} 1577836800\nplay {loop_path} 320 192 {seconds}\n", text=True, check=True)


def prepare(office, loop_path):
    record(office, loop_path, "3F-003", int(time.time()) - 600, 420)
    record(office, loop_path, "1F-004", yesterday_s(13, 58), 600)
    for phase, starts in (("P1", "2020-04-01"), ("P2", "2099-04-01")):
        office.yagura("phase", "add", "--code", phase, "--name", phase, "--starts", starts)
    for code, state in ((STAGED, "staged"), (PLANNED, "planned")):
        office.yagura("camera", "change", "--camera", code, "--phase", "P2")
        be_since_long(office, office.postgres.sql(f"SELECT id FROM camera WHERE code = '{code}'")[0][0], state)


class Errand:
    """What one person does from the page that they land on."""

    def __init__(self, walk, username):
        self.walk, self.clicks, self.lines = walk, 0, 0
        walk.sign_in(username)

    def begin(self, css):
        self.walk.see(css)
        self.begun = time.monotonic()

    def click(self, css, nth=0):
        self.walk.browser.click(css, nth)
        self.clicks += 1

    def choose(self, css, word):
        """Of a list that opens: one click there, one on the word."""
        chosen = self.walk.browser.run(
            "const list = document.querySelector(args[0]); const one = [...list.options].find(one => one.text === args[1]); if (!one) return false;"
            "list.value = one.value; list.dispatchEvent(new Event('change', {bubbles: true})); return true;", css, word)
        assert chosen, f"{css} has no {word}"
        self.clicks += 2

    def go_to(self, text):
        self.walk.browser.press("g", *text, "Enter")
        self.lines += 1

    def end(self, what):
        took_s = time.monotonic() - self.begun
        assert self.clicks <= CLICKS_MAX and self.lines <= 1, f"{what}: {self.clicks} clicks, {self.lines} typed lines"
        self.walk.look(what.replace(" ", "-"))
        self.walk.sign_out()
        print(f"{what} ({self.walk.language}): {self.clicks} clicks, {self.lines} typed lines, {took_s:.1f} s", flush=True)


def crisis_desk(walk):
    errand = Errand(walk, "crisis")
    errand.begin(".wall-bar select")
    asked_s = time.time() - 300
    errand.choose(".wall-bar select", "Floor 3")
    wait_until("the floor's tiles", lambda: walk.text(".tiles").find("3F-003") >= 0, 60)
    errand.click(".tile-link[data-camera='3F-003']")
    walk.see(".view-head h1")
    errand.go_to(TYPED[walk.language][0])
    walk.plays("video[data-past=yes]")
    walk.shows_time(asked_s, errand.begun, slack_s=5)
    errand.end("five minutes ago")


def head(walk):
    errand = Errand(walk, "head1")
    errand.begin(".camera-card")
    walk.open_camera("1F-004")
    errand.clicks += 1
    typed = time.monotonic()
    errand.go_to(TYPED[walk.language][1])
    walk.plays("video[data-past=yes]")
    walk.shows_time(yesterday_s(14, 3), typed)
    errand.end("yesterday 14 03")


def operations(walk):
    errand = Errand(walk, "operations")
    errand.begin(".phase")
    errand.click(".phase", 1)
    wait_until("the phase's cameras", lambda: [line.split(" ")[0] for line in walk.text("tbody th").split("\n")] == [STAGED, PLANNED], 60)
    reasons = walk.text("tbody td:last-child").split("\n")
    assert all(len(reason) > 4 for reason in reasons), f"why they aren't ready: {reasons}"
    errand.end("a phase")


def auditor(walk):
    errand = Errand(walk, "auditor")
    errand.begin(".filters input[type=search]")
    walk.browser.type(".filters label:nth-of-type(4) input[type=search]", "3F-003")
    errand.lines += 1
    wait_until("who looked", lambda: set(walk.text("tbody td:nth-of-type(2)").split("\n")) == {"3F-003"}, 60)
    walk.read("Crisis", "tbody")
    errand.end("who looked")


def scenario(options, folder):
    with Office(folder, options.build, cameras=6, loop=loop(options, "main")) as office:
        prepare(office, loop(options, "main"))
        office.start_api_and_media()
        office.start_nginx()
        browser = Browser(os.path.join(folder, "browser"))
        try:
            browser.resize(1280, 720)
            walk = ConsoleWalk(browser, office, options.language, "light", options.pictures)
            walk.prefer()
            for errand in (crisis_desk, head, operations, auditor):
                errand(walk)
        finally:
            browser.close()


if __name__ == "__main__":
    parsed = arguments(__doc__, language="ja", pictures="")
    run(lambda folder: scenario(parsed, folder))
