"""Four cameras side by side in a real browser: one time for all, and what each of them shows of it."""
import statistics
import time

from support.processes import wait_until

# For so many milliseconds, at each picture of the screen: which instant each video shows, in milliseconds since 1970.
SHOWN = """
const videos = [...document.querySelectorAll('.together-tile video')];
const looks = [];
const until = performance.now() + args[0];
while (performance.now() < until) {
  await new Promise(requestAnimationFrame);
  looks.push(videos.map(one => Number(one.dataset.at)));
}
return looks;
"""


class TogetherWalk:
    """`walk` is signed in and at the page of a camera. Cameras send `frame_ms` apart."""

    def __init__(self, walk, frame_ms):
        self.walk, self.browser, self.frame_ms = walk, walk.browser, frame_ms

    def choose(self, count):
        """The camera that is shown, and the first others."""
        walk = self.walk
        self.press(walk.words["together"])
        wait_until("the cameras to choose", lambda: self.browser.run("return document.querySelectorAll('.picker-cameras input').length;") >= count, 45)
        walk.look("together-pick")
        for nth in range(count):
            if not self.browser.run("return document.querySelectorAll('.picker-cameras input')[args[0]].checked;", nth):
                self.browser.click(".picker-cameras input", nth)
        self.browser.click(".picker .primary")
        walk.see(f".together-tiles[data-count='{count}']")
        wait_until("all to play", lambda: self.browser.run(
            "const all = [...document.querySelectorAll('.together-tile video')];"
            "return all.every(one => one.dataset.past === 'yes' && !one.paused && one.dataset.at);"), 60)

    def press(self, words):
        pressed = self.browser.run("const one = [...document.querySelectorAll('button')].find(one => one.innerText.trim() === args[0] || one.title === args[0]);"
                                   "if (one) one.click(); return !!one;", words)
        assert pressed, f"no button says {words}"

    def spreads_ms(self, watch_s):
        """How far the instants of the pictures on the screen are apart, at each moment."""
        return [max(look) - min(look) for look in self.browser.run(SHOWN, watch_s * 1000)]

    def judge_in_step(self, watch_s):
        """Cameras take their pictures at times of their own, less than a frame apart: what is further apart than that is the players'."""
        time.sleep(2)
        spreads = sorted(self.spreads_ms(watch_s))
        p95, most = spreads[int(len(spreads) * 0.95)], spreads[-1]
        assert p95 <= 2 * self.frame_ms, f"95 of 100 looks show pictures at most {p95:.0f} ms apart, frames are {self.frame_ms:.0f} ms"
        return statistics.median(spreads), p95, most

    def shown_s(self):
        """The instants of all pictures, in seconds since 1970."""
        return [at / 1000 for at in self.browser.run(SHOWN, 50)[-1]]

    def judge_paused(self):
        """All stand at one time; a frame on, and back, each has moved."""
        self.browser.press(" ")
        wait_until("all to pause", lambda: self.browser.run("return [...document.querySelectorAll('.together-tile video')].every(one => one.paused);"), 45)
        time.sleep(1)
        before = self.shown_s()
        assert max(before) - min(before) <= 1.5 * self.frame_ms / 1000, before
        for key, sign in ((".", 1), (",", -1)):
            self.browser.press(key, key, key)
            wait_until("other pictures", lambda sign=sign: all(
                abs(now - was - sign * 3 * self.frame_ms / 1000) <= self.frame_ms / 1000 for now, was in zip(self.shown_s(), before)), 45)
            before = self.shown_s()
        self.walk.look("together-paused")
        self.browser.press(" ")

    def judge_jump(self, at_s, clock):
        """A typed time is all cameras'."""
        self.browser.press("g", *clock, "Enter")
        wait_until("all to show it", lambda: all(-1 <= shown - at_s <= 15 for shown in self.shown_s()), 45)

    def judge_gap(self, words, after_s):
        """Nobody shows a picture of a gap, all say why; and they go on behind it."""
        wait_until("the gap to be told by all", lambda: self.walk.text(".together-tile .picture-note").count(words) == len(self.shown_s()), 45, 0.1)
        self.walk.look("together-gap")
        wait_until("all to go on", lambda: all(shown >= after_s for shown in self.shown_s()) and not self.walk.text(".together-tile .picture-note"), 60)

    def judge_rate(self, rate):
        self.browser.run("const one = document.querySelector('.bar select'); one.value = args[0]; one.dispatchEvent(new Event('change', {bubbles: true}));", str(rate))
        time.sleep(1)
        begun, before = time.monotonic(), self.shown_s()
        time.sleep(2)
        went = [(now - was) / (time.monotonic() - begun) for now, was in zip(self.shown_s(), before)]
        assert all(0.6 * rate <= one <= 1.3 * rate for one in went), f"at {rate} times they went {went}"
