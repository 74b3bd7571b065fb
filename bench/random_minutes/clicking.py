"""How long a person at the console waits who clicks on the timeline of a camera: from the click to the picture on the screen, in Chromium, through nginx."""
import os
import time

from support.browser import Browser
from support.console_walk import ConsoleWalk
from support.processes import wait_until

# When the click came, and when the first picture of the past that followed stood on the screen.
WATCH = """
window.clicked = window.painted = null;
addEventListener('pointerup', event => { window.clicked = event.timeStamp; }, {once: true, capture: true});
const look = () => {
  const video = document.querySelector('video[data-past]');
  if (!video) requestAnimationFrame(look);
  else video.requestVideoFrameCallback((now, frame) => { window.painted = Math.max(now, frame.expectedDisplayTime); });
};
requestAnimationFrame(look);
performance.clearResourceTimings();
"""
PAINTED = "return window.painted === null ? null : window.painted - window.clicked;"
# Of the first request for a clip's bytes: from its start to its first byte.
FIRST_BYTE = """
const media = performance.getEntriesByType('resource').filter(one => one.name.endsWith('/media'));
return media.length === 0 ? null : media[0].responseStart - media[0].startTime;
"""
SHOW_DAY = """
const day = document.querySelector('.timeline-bar input[type=date]');
day.value = args[0];
day.dispatchEvent(new Event('change', {bubbles: true}));
"""
SETTLES_S = 1
OFFICE_AHEAD_S = 9 * 3600


class Clicker:
    """The crisis desk's browser."""

    def __init__(self, office):
        office.start_nginx()
        self.browser = Browser(os.path.join(office.folder, "browser"))
        self.browser.resize(1280, 720)
        self.walk = ConsoleWalk(self.browser, office, "ja", "dark")
        self.walk.prefer()
        self.walk.sign_in("crisis")

    def click(self, camera, at_s):
        """On that instant, with nothing of it in the page cache: milliseconds to the picture, and from the request to the first byte of footage."""
        walk = self.walk
        walk.open(f"/cameras/{camera}")
        walk.see(".timeline-canvas")
        self.browser.run(SHOW_DAY, time.strftime("%Y-%m-%d", time.gmtime(at_s + OFFICE_AHEAD_S)))
        wait_until("that day", lambda: walk.shown()[0] <= at_s < walk.shown()[1], 45)
        walk.zoom_to(at_s)
        time.sleep(SETTLES_S)
        self.browser.run(WATCH)
        os.sync()
        with open("/proc/sys/vm/drop_caches", "w") as file:
            file.write("3")
        self.browser.click_at(".timeline-canvas", walk.fraction(at_s))
        painted_ms = wait_until("a picture", lambda: self.browser.run(PAINTED), 60)
        return painted_ms, self.browser.run(FIRST_BYTE)

    def close(self):
        self.browser.close()
