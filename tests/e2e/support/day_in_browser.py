"""A day of the past in the console, in a real Chromium: over a gap, and over changes of codec, whatever it can decode itself."""
import os
import time

from support.browser import Browser
from support.console_walk import ConsoleWalk
from support.footage import rfc3339
from support.processes import wait_until
from support.scenario import OFFICE_AHEAD_S

BEFORE_S = 8
RATE = 4
STATE = """
const video = document.querySelector('video[data-past]'); const note = document.querySelector('.picture-note-first');
const time = document.querySelector('.view-time');
return {note: note ? note.innerText : null, error: video && video.error ? video.error.message : null, shows: time ? time.innerText : null,
        paused: !!video && video.paused,
        playing: !!video && video.readyState >= 2 && video.videoWidth > 0, at: video ? video.currentTime : null};
"""
SPEED_UP = "const video = document.querySelector('video[data-past]'); if (video) video.playbackRate = args[0]; return !!video;"


class DayInBrowser:
    def __init__(self, office, camera, day):
        self.day, self.camera = day, camera
        office.start_nginx()
        self.browser = Browser(os.path.join(office.folder, "browser"))
        self.walk = ConsoleWalk(self.browser, office, "en", "dark")
        self.walk.prefer()
        self.walk.sign_in("crisis")

    def judge(self):
        """What was seen, in words."""
        try:
            _, start_us, end_us = self.day.gaps()[0]
            self._plays_over(start_us // 1_000_000, end_us // 1_000_000)
            for change_s in self.day.codec_changes():
                self._plays_over(change_s, change_s + BEFORE_S)
                self._open(change_s + BEFORE_S)
                self._plays()
            return "Chromium plays over a gap and changes of codec"
        finally:
            self.browser.close()

    def _open(self, at_s):
        self.walk.open(f"/cameras/{self.camera}?at={rfc3339(at_s * 1_000_000).replace('+00:00', 'Z')}")

    def _state(self):
        return self.browser.run(STATE)

    def _plays(self):
        try:
            wait_until("a picture", lambda: self._state()["playing"], 60)
        except AssertionError:
            raise AssertionError(f"no picture: {self._state()}")

    def _plays_over(self, start_s, end_s):
        after = time.strftime("%H:%M:%S", time.gmtime(end_s + OFFICE_AHEAD_S))
        self._open(start_s - BEFORE_S)
        self._plays()
        self.browser.run(SPEED_UP, RATE)
        try:
            wait_until("what comes after", lambda: self._state()["shows"].split(" ")[-1] >= after, 60)
        except AssertionError:
            raise AssertionError(f"it plays no picture of {after}: {self._state()}")
