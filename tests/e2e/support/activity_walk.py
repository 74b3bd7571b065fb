"""Activity on a camera's timeline in a real browser: not asked for where a day is shown, drawn and told where an hour is, and gone to by key and button."""
import datetime
import time

from support.console_walk import off_s
from support.processes import wait_until

NOTABLE = 30
NEAR_S = 5

# How many pixels of the band stand out from its background, in the column of a fraction of the width.
BAND = """
const canvas = document.querySelector('.timeline-canvas');
const scale = canvas.height / canvas.clientHeight;
const ground = getComputedStyle(canvas).getPropertyValue('--timeline').trim().match(/[0-9a-f]{2}/gi).map(one => parseInt(one, 16));
const pixels = canvas.getContext('2d').getImageData(Math.floor(args[0] * canvas.width), 38 * scale, 1, 16 * scale).data;
let count = 0;
for (let at = 0; at < pixels.length; at += 4) count += ground.some((part, n) => pixels[at + n] !== part);
return count;
"""


def clock(at_s):
    return time.strftime("%H:%M:%S", time.gmtime(at_s + 9 * 3600))


class ActivityWalk:
    """`walk` is signed in and at the page of a camera in front of which something moves now and then, recorded from `begun` to `killed`."""

    def __init__(self, walk, begun, killed):
        self.walk, self.browser, self.begun, self.killed = walk, walk.browser, int(begun), int(killed)
        self.before = f".icon-button[title='{walk.words['activity_before']}']"

    def judge_all(self):
        walk = self.walk
        walk.see(".timeline-lack-wide")
        assert self.questions() == 0, "activity was asked for of a whole day"
        self.browser.click(".timeline-bar > button:not(.icon-button)", 1)
        wait_until("the hour's activity", lambda: self.questions() > 0 and not walk.text(".timeline-lack"), 45)
        self.judge_from_live()
        levels = self.levels(self.killed)
        self.goes(self.begun, lambda: self.browser.press("n"), lambda at_s: [s for s in levels if s >= at_s + NEAR_S][0], levels)
        self.goes(self.killed - 3, lambda: self.browser.click(self.before),
                  lambda at_s: [s for s in levels if s <= at_s - NEAR_S][-1], levels)
        assert walk.shown()[1] - walk.shown()[0] == 3600, f"the timeline shows {walk.shown()} after going to what moved"
        walk.look("activity-hour")
        self.judge_band()

    def questions(self):
        """About this camera."""
        return self.browser.run("const own = `/v1/cameras/${location.pathname.split('/')[2]}/activity?`;"
                                "return performance.getEntriesByType('resource').filter(one => one.name.includes(own)).length;")

    def judge_from_live(self):
        """Nothing is known of what comes, or of the last second nothing notable; back to what moved last, which needn't be the last any more, where a clip was closed meanwhile."""
        self.browser.press("n")
        wait_until("a word on what comes", lambda: any(words in self.walk.text(".activity-said") for words in self.walk.words["activity_none"]), 45)
        self.browser.click(self.before)
        wait_until("what moved last", lambda: "?at=" in self.walk.path(), 45)  # which may be the last that can be played
        at_s = datetime.datetime.fromisoformat(self.walk.path().split("?at=")[1]).timestamp()
        assert at_s in self.levels(int(time.time())), f"nothing moved at {clock(at_s)}"

    def levels(self, to_s):
        """Of the footage up to then: {second: level} of what is notable, as the API tells it."""
        told = self.browser.run(
            "const id = location.pathname.split('/')[2]; const text = s => new Date(s * 1000).toISOString();"
            "return (await (await fetch(`/v1/cameras/${id}/activity?from=${text(args[0])}&to=${text(args[1])}`)).json()).seconds;",
            self.begun - 60, to_s)
        whole = [n for n in range(1, len(told) - 1) if None not in told[n - 1:n + 2]]  # not those at the edge of a gap
        self.quiet = [self.begun - 60 + n for n in whole if told[n] == 0]
        self.moved = [self.begun - 60 + n for n in whole if told[n] >= NOTABLE]
        notable = {self.begun - 60 + n: level for n, level in enumerate(told) if level is not None and level >= NOTABLE}
        assert len(self.moved) >= 2 and len(self.quiet) >= 6, told
        return notable

    def goes(self, from_s, act, expected, levels):
        """From a picture that stands still, by `act`, to the second that the levels tell."""
        walk, browser = self.walk, self.browser
        typed = time.monotonic()
        browser.press("g", *clock(from_s), "Enter")
        walk.shows_time(from_s, typed)
        walk.plays("video[data-past=yes]")
        browser.press(" ")
        walk.see(".badge-paused")
        shown = self.shown_s(from_s)
        act()
        wanted = {expected(shown), expected(shown + 1)}  # the page shows whole seconds
        try:
            wait_until("the second with activity", lambda: self.shown_s(from_s) in wanted, 45)
        except AssertionError:
            raise AssertionError(f"from {clock(shown)} it goes to {clock(self.shown_s(from_s))}, not to {[clock(s) for s in wanted]} "
                                 f"of {[clock(s) for s in levels]}; it says: {walk.text('.activity-said')}")
        walk.see(".badge-paused")
        self.at_s = self.shown_s(from_s)

    def shown_s(self, near_s):
        return near_s + off_s(self.walk.text(".view-time").split(" ")[-1], near_s)

    def judge_band(self):
        """Two minutes around it: bars where something moved, a line where nothing did, and both told at the pointer."""
        walk = self.walk
        walk.zoom_to(self.killed)
        wait_until("the band", lambda: not walk.text(".timeline-lack"), 45)
        moved, still = (next(s for s in some if s != self.at_s) for some in (self.moved, self.quiet))  # not where the cursor stands
        heights = [self.browser.run(BAND, walk.fraction(s + 0.5)) for s in (moved, still, self.begun - 30)]
        assert heights[0] >= 16 * NOTABLE // 100 and heights[1] == 1 and heights[2] in (0, 2), f"the band is {heights} pixels high"
        for second, words in ((still, "activity_quiet"), (moved, "activity")):
            self.browser.point_at(".timeline-canvas", walk.fraction(second + 0.5))
            walk.read(walk.words[words], ".timeline-told")
        walk.see(".pointed-picture img")
        walk.look("activity")
