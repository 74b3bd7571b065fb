"""Somebody at the console, in a real browser: what they do and what they see, by the words and roles of the page."""
import json
import os
import time

from support.office import ROOT
from support.one_time_code import one_time_code
from support.processes import wait_until

WORDS = {
    "ja": {"live": "ライブ", "missing": "から映像がありません", "sign_out": "ログアウト", "gap": "録画装置の再起動", "may_see": "として閲覧できます", "acts": "として操作できます",
           "activity": "動きあり", "activity_quiet": "目立つ動きなし", "activity_before": "前の動きへ", "activity_none": ("動きが分かる映像がありません", "までの分かる範囲に、目立つ動きはありません"),
           "together": "並べて見る", "together_hidden": "閲覧できないカメラは表示していません"},
    "en": {"live": "LIVE", "missing": "No picture since", "sign_out": "Sign out", "gap": "recorder restarted", "may_see": "You may see this as", "acts": "You act as",
           "activity": "activity (level", "activity_quiet": "little activity", "activity_before": "Activity before", "activity_none": ("No footage of which activity is known", "No notable activity up to"),
           "together": "Side by side", "together_hidden": "Cameras that you may not see are left out"},
}

# Rules of WCAG 2.2 AA and axe's own good practice; what it can't decide by itself is no violation.
AXE = """
const found = await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations']});
return found.violations.map(v => `${v.id}: ${v.help}: ${v.nodes.map(n => n.target.join(' ') + ' ' + (n.any[0] || n.all[0] || n.none[0] || {}).message).slice(0, 4).join(' | ')}`);
"""


PATIENCE_S = 60  # with a browser on a busy machine
ONCE_S = 10  # so long a gesture may take to show; then it is made again, as people do


def off_s(clock, at_s):
    """How far "HH:MM:SS" of an office in Japan is after `at_s`, to either side of midnight."""
    hours, minutes, seconds = (int(part) for part in clock.split(":"))
    return (hours * 3600 + minutes * 60 + seconds - int(at_s) - 9 * 3600 + 43200) % 86400 - 43200


class ConsoleWalk:
    used_codes = set()  # by all walks

    def __init__(self, browser, office, language, theme, pictures=None):
        self.browser, self.office, self.language, self.theme, self.pictures = browser, office, language, theme, pictures
        self.origin = f"https://localhost:{office.https_port}"
        self.words = WORDS[language]
        self.looked_at = 0
        with open(os.path.join(ROOT, "web/node_modules/axe-core/axe.min.js")) as file:
            self.axe = file.read()

    # --- doing ---------------------------------------------------------------------------------------------------------------------

    def open(self, path):
        self.browser.go(self.origin + path)

    def prefer(self):
        """This language and theme, as this browser remembers them."""
        self.open("/")
        self.browser.run("localStorage.clear(); localStorage.setItem('yagura.preferences', args[0]);",
                         json.dumps({"language": self.language, "theme": self.theme}))

    def sign_in(self, username):
        self.open("/")
        self.browser.type("input[name=username]", username)
        self.browser.type("input[name=password]", self.office.passwords[username])
        self.browser.press("Enter")
        secret = self.office.otp_secrets.get(username)
        if secret:
            self.see("input[name=otp]")
            self.look("one-time-code")
            self.browser.type("input[name=otp]", self.fresh_code(secret))
            self.browser.press("Enter")
        self.see("header .who")

    def fresh_code(self, secret):
        """Each opens one session only: the next one, where this half minute's was used."""
        code = wait_until("a fresh code", lambda: (lambda code: code not in self.used_codes and code)(one_time_code(secret)), 40, 0.2)
        self.used_codes.add(code)
        return code

    def sign_out(self):
        self.browser.click("header .who summary")
        self.browser.click("header .who-menu button")
        self.see("form.sign-in-form")
        assert self.browser.run("return (await fetch('/v1/session')).status;") == 401, "still signed in"

    def open_camera(self, code):
        wait_until(f"{code} on {self.path()}", lambda: self.browser.run(
            "const card = [...document.querySelectorAll('.camera-card')].find(one => one.querySelector('strong').textContent === args[0]);"
            "if (card) card.id = 'wanted'; return !!card;", code), PATIENCE_S)
        self.browser.click("#wanted")
        self.see(".view-head h1")

    # --- seeing --------------------------------------------------------------------------------------------------------------------

    def see(self, css, timeout_s=PATIENCE_S):
        return wait_until(f"{css} on {self.path()}", lambda: self.browser.run("return document.querySelector(args[0]) !== null;", css), timeout_s)

    def text(self, css="body"):
        return self.browser.run("return [...document.querySelectorAll(args[0])].map(one => one.innerText).join('\\n');", css)

    def read(self, text, css="body", timeout_s=PATIENCE_S):
        try:
            wait_until(text, lambda: text in self.text(css), timeout_s)
        except AssertionError:
            raise AssertionError(f"{self.path()} does not say \"{text}\" in {css} but: {self.text(css)[:600]}")

    def shows_cameras(self, codes):
        try:
            wait_until("the cameras", lambda: self.text(".camera-card strong").split("\n") == codes, PATIENCE_S)
        except AssertionError:
            raise AssertionError(f"{self.path()} shows not {codes} but: {self.text('.camera-card strong')}")

    def path(self):
        return self.browser.run("return location.pathname + location.search;")

    def video(self, css="video"):
        return self.browser.run("""const video = document.querySelector(args[0]); if (!video) return null;
            return {at: video.currentTime, frames: video.getVideoPlaybackQuality().totalVideoFrames, paused: video.paused, width: video.videoWidth};""", css)

    def plays(self, css, timeout_s=PATIENCE_S):
        """The video's time goes on, and pictures are decoded."""
        self.see(css, timeout_s)
        before = wait_until("a picture in " + css, lambda: (lambda v: v if v and v["width"] > 0 and v["frames"] > 1 else None)(self.video(css)), timeout_s)
        return wait_until(f"{css} to play on from {before}",
                          lambda: (lambda v: v if v and v["at"] > before["at"] + 0.8 and v["frames"] > before["frames"] + 4 else None)(self.video(css)),
                          timeout_s)

    def shows_time(self, at_s, since, slack_s=3):
        """What is played is of `at_s`, or of so much later as may have been played since `since` (time.monotonic())."""
        def shown():
            return self.text(".view-time").split(" ")[-1]
        wait_until(f"the page to show {time.strftime('%H:%M:%S', time.gmtime(at_s + 9 * 3600))}; it shows {shown()}",
                   lambda: -slack_s <= off_s(shown(), at_s) <= slack_s + time.monotonic() - since, 45)

    def look(self, name):
        """This page has no violation that axe knows; a picture of it, where asked for."""
        wait_until("all to be there", lambda: self.browser.run("return document.querySelector('.note-loading') === null;"), PATIENCE_S)
        found = self.browser.run(self.axe + ";" + AXE)
        if self.pictures:
            os.makedirs(self.pictures, exist_ok=True)
            for width, height in ((1280, 720), (1920, 1080)):
                self.browser.resize(width, height)
                time.sleep(0.4)  # what follows the window's size is drawn
                self.browser.picture(os.path.join(self.pictures, f"{name}-{self.language}-{self.theme}-{width}.png"))
            self.browser.resize(1280, 720)
        assert not found, f"{name} ({self.language}, {self.theme}): " + "\n".join(found)
        self.looked_at += 1

    # --- the timeline ----------------------------------------------------------------------------------------------------------------

    def shown(self):
        """What the timeline shows, in seconds since 1970."""
        return self.browser.run("const c = document.querySelector('.timeline-canvas'); return [+c.ariaValueMin, +c.ariaValueMax];")

    def fraction(self, at_s):
        first, last = self.shown()
        return (at_s - first) / (last - first)

    def zoom_to(self, at_s):
        """By the wheel, at the pointer, until two minutes are shown with `at_s` in their middle."""
        self.drag_to_middle(at_s)
        while self.shown()[1] - self.shown()[0] > 130:
            self.move_timeline("zoom", lambda: self.browser.wheel_at(".timeline-canvas", self.fraction(at_s), -800))
        self.drag_to_middle(at_s)

    def drag_to_middle(self, at_s):
        """By dragging: near midnight it stands at the edge of the day shown, or in the day before."""
        while abs(off := self.fraction(at_s) - 0.5) > 0.05:  # less may be a click
            grasped = 0.95 if off > 0 else 0.05
            to = grasped - min(max(off, -0.9), 0.9)
            self.move_timeline("be dragged", lambda grasped=grasped, to=to: self.browser.drag(".timeline-canvas", grasped, to))

    def move_timeline(self, how, gesture):
        before, until = self.shown(), time.monotonic() + PATIENCE_S
        while self.shown() == before:
            gesture()
            try:
                wait_until(f"the timeline to {how}", lambda: self.shown() != before, ONCE_S)
            except AssertionError:
                if time.monotonic() > until:
                    raise
