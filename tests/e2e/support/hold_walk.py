"""Keeping footage from the console: a range is marked by hand and by keys, held by who may, and released by another than who held it."""
import time

from support.processes import wait_until

REASON = "転倒の確認 (案件 2027-15)"


class HoldWalk:
    """`walk` is signed in and at the page of a camera that was recorded from `begun` on (time.time()), 15 s at least."""

    def __init__(self, walk, begun):
        self.walk, self.browser = walk, walk.browser
        self.first, self.last = int(begun) + 3, int(begun) + 13

    def judge_all(self):
        """The costly half in one language; in the other the minute before now is held, which `H` marks by itself."""
        if self.walk.language == "ja":
            self.judge_marking()
            self.judge_playing()
        self.judge_holding()

    def judge_marking(self):
        """By dragging with Shift, then each end by its key; the range tells its times and its length, and can be had as a file."""
        walk, browser = self.walk, self.browser
        walk.zoom_to(self.last)
        with browser.holding("Shift"):
            browser.drag(".timeline-canvas", walk.fraction(self.first), walk.fraction(self.last))
        walk.see(".mark-band")
        self.tells_length(9, 11)  # to a pixel, which is a tenth of a second
        walk.look("marked")
        browser.click_at(".timeline-canvas", walk.fraction(self.first + 6))
        walk.plays("video[data-past=yes]")
        browser.press("[")
        self.tells_length(1, 5)
        file = browser.run("const reply = await fetch(document.querySelector('.marked-download').href);"
                           "return [reply.status, reply.headers.get('Content-Type'), (await reply.arrayBuffer()).byteLength];")
        assert file[:2] == [200, "video/mp4"] and file[2] > 10_000, file

    def judge_playing(self):
        """Of the range alone: it stops at its end."""
        self.browser.click(".marked .icon-button", 0)
        self.walk.see(".badge-paused")
        end = self.walk.text(".marked-told strong")[-8:]
        shown = self.walk.text(".view-time")[-8:]
        seconds = [int(clock[:2]) * 3600 + int(clock[3:5]) * 60 + int(clock[6:]) for clock in (end, shown)]
        assert 0 <= seconds[1] - seconds[0] <= 2, f"stopped at {shown}, the range ends at {end}"

    def judge_holding(self):
        """With a reason, which is asked for; then a line stands over it, that tells why and by whom, and who placed it can't release it."""
        walk, browser = self.walk, self.browser
        browser.press("h")
        walk.see(".hold-dialog")
        walk.look("hold")
        browser.click(".hold-dialog button[type=submit]")
        wait_until("a reason to be asked for", lambda: walk.text(".hold-problem") != "", 45)
        browser.type(".hold-dialog textarea", REASON)
        browser.click(".hold-dialog button[type=submit]")
        walk.see(".hold-line")
        browser.run("document.querySelector('.hold-line').focus();")
        walk.read(REASON, ".hold-told")
        walk.look("held")
        browser.press("Enter")
        walk.read(REASON, ".hold-dialog")
        assert browser.run("return document.querySelector('.hold-dialog textarea');") is None, "who placed a hold may release it"
        walk.look("own-hold")
        browser.press("Escape")

    def judge_release(self):
        """By another, who gives a reason; its line goes."""
        walk, browser = self.walk, self.browser
        walk.see(".hold-line")
        browser.click(".hold-line")
        walk.read(REASON, ".hold-dialog")
        walk.look("release")
        browser.type(".hold-dialog textarea", "確認済み")
        browser.click(".hold-dialog button[type=submit]")
        wait_until("the hold's line to go", lambda: browser.run("return document.querySelector('.hold-line') === null;"), 45)

    def judge_denied(self):
        """For who may not hold: no line, no way to mark, and the key does nothing."""
        self.browser.press("h")
        time.sleep(0.5)
        found = self.browser.run("return document.querySelectorAll('.hold-line, .hold-dialog, .marked-hold, .marked-download').length;")
        assert found == 0, "who may not hold is offered to"

    def tells_length(self, least_s, most_s):
        def length():
            told = self.walk.text(".marked-told")
            minutes, _, seconds = told.rpartition(":")
            digits = "".join(one for one in seconds if one.isdigit())
            return int(digits) if digits and minutes[-1:] == "0" else None
        wait_until("the range's length", lambda: (lambda s: s is not None and least_s <= s <= most_s)(length()), 45)
