"""The live wall in a real browser: who may see its cameras sees them live, each dead one told since when, and nobody another's."""
import os
import re
import time

from support.console_walk import off_s
from support.processes import wait_until

BACK_S = 10
DIES_WITHIN_S = 15  # 5 s on the page; the rest is a busy machine's


def tile(code):
    return f".tile-link[data-camera='{code}']"


class WallWalk:
    """`walk` is signed in and at the wall of a floor with the cameras `alive`, two, and `dead`."""

    def __init__(self, walk, alive, dead):
        self.walk, self.browser, self.alive, self.dead = walk, walk.browser, alive, dead

    def judge_all(self):
        """The costly halves in one language each."""
        began = self.judge_tiles()
        if self.walk.language == "ja":
            self.judge_back_and_live(began)
        self.judge_width()
        self.browser.click(".header nav a[href='/wall']")
        self.judge_unseen()
        if self.walk.language == "en":
            self.judge_death()

    def judge_tiles(self):
        """A floor's cameras live, with the dead one told since when; a tile is chosen by its number and opens. Gives when it was live (time.monotonic())."""
        walk, browser = self.walk, self.browser
        walk.see(".tiles .tile")
        walk.read("Floor 1", ".wall-bar h1")
        for code in self.alive:
            walk.plays(f"{tile(code)} video[data-live=yes]")
        began = time.monotonic()
        self.says(self.dead, walk.words["missing"])
        assert walk.text(".tiles .tile-head strong").split("\n") == [*self.alive, self.dead], walk.text(".tiles")
        walk.look("wall")
        browser.press("?")
        walk.look("wall-keys")
        browser.press("Escape")
        browser.click(".wall-bar > button")
        walk.see(".picker-cameras input")
        walk.look("wall-picker")
        browser.press("Escape")
        browser.press("2")
        wait_until("the second tile to be chosen", lambda: browser.run("return document.activeElement.dataset.camera;") == self.alive[1], 45)
        browser.press("Enter")
        walk.read(self.alive[1], ".view-head h1")
        walk.plays("video[data-live=yes]")
        return began

    def says(self, code, words, timeout_s=60):
        """A tile says so, and shows nothing as live."""
        self.walk.read(words, tile(code), timeout_s)
        assert self.browser.run("return document.querySelector(args[0] + ' video[data-live=yes]');", tile(code)) is None, f"{code} is shown as live"

    def judge_death(self):
        """Tiles whose cameras fall silent say so, with since when; and are live again when they are back."""
        walk, first = self.walk, self.alive[0]
        walk.plays(f"{tile(first)} video[data-live=yes]")
        farm = walk.office.children["farm"]
        died = time.time()
        farm.kill()
        self.says(first, walk.words["missing"], DIES_WITHIN_S)
        since = re.search(r"\d+:\d+:\d+", walk.text(tile(first)))[0]
        assert -3 <= off_s(since, died) <= 5, f"the tile says {since}, the camera died {off_s(since, died)} s before"
        walk.look("wall-dead")
        walk.office.start_farm()
        walk.plays(f"{tile(first)} video[data-live=yes]")

    def judge_unseen(self):
        """What is scrolled away is not pulled, and comes again with its tile."""
        browser = self.browser
        browser.resize(500, 240)
        try:
            self.walk.see(".tiles .tile")
            unseen = f"{tile(self.dead)}, {tile(self.alive[1])}"
            pulled = "return [...document.querySelectorAll(args[0])].filter(one => one.querySelector('video').src !== '').length;"
            first = tile(self.alive[0])
            browser.run("document.querySelector('.tiles').scrollTop = 0;")
            wait_until("tiles that are scrolled away to be pulled no more", lambda: browser.run(pulled, unseen) < 2 and browser.run(pulled, first) == 1, 45)
            browser.run("const tiles = document.querySelector('.tiles'); tiles.scrollTop = tiles.scrollHeight;")
            wait_until("another tile to be pulled", lambda: browser.run(pulled, tile(self.dead)) == 1 and browser.run(pulled, first) == 0, 45)
        finally:
            browser.resize(1280, 720)

    def judge_back_and_live(self, began):
        """What the tile showed ten seconds ago, though it isn't stored yet; live again; what nothing is left of is said to be so."""
        walk, browser = self.walk, self.browser
        time.sleep(max(0, BACK_S + 2 - (time.monotonic() - began)))
        pressed_s, pressed = time.time(), time.monotonic()
        browser.press("ArrowLeft")
        walk.see(".badge-past")
        walk.plays("video[data-past=yes]")
        walk.shows_time(pressed_s - BACK_S, pressed)
        walk.look("back")
        browser.press("l")
        walk.plays("video[data-live=yes]")
        browser.press("g", *"1分前", "Enter")
        walk.see(".picture-note")
        browser.press("l")
        walk.plays("video[data-live=yes]")
        walk.read(walk.words["live"], ".badge")

    def judge_width(self):
        """Half a window: nothing scrolls sideways."""
        walk, browser = self.walk, self.browser
        browser.resize(600, 800)
        try:
            time.sleep(0.5)
            assert browser.run("return document.documentElement.scrollWidth <= innerWidth;"), "the page of a camera scrolls sideways at 600 px"
            if walk.pictures:
                browser.picture(os.path.join(walk.pictures, f"narrow-{walk.language}.png"))
        finally:
            browser.resize(1280, 720)

    def judge_foreign(self, foreign):
        """Neither another department's floor nor its cameras, for who is signed in now."""
        ids = self.browser.run("return (await (await fetch('/v1/cameras?limit=1000')).json()).items.map(one => one.code);")
        assert all(code.startswith("1F") for code in ids), ids
        for address in (f"/wall?floor={foreign['floor']}", f"/wall?cameras={foreign['camera']}"):
            self.walk.open(address)
            self.walk.see(".note")
            assert self.browser.run("return document.querySelectorAll('.tile').length;") == 0, f"{address} shows tiles"
