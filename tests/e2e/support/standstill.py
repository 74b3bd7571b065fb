"""How long the machine stood still while a promise was timed. A thread that only sleeps notes by how much it wakes late: what a virtual machine was held
up for is not what an answer took, nor what a frame's time is off by."""
import threading
import time

STEP_S = 0.01
USUAL_S = 0.1  # so late is everybody at times


class Standstill:
    """Watches from when it is made. Instants are those of time.time()."""

    def __init__(self):
        self._woke, self._noted, self._lock = time.monotonic(), [], threading.Lock()
        threading.Thread(target=self._watch, daemon=True).start()

    def since_s(self, at):
        """All from the instant `at` on; nothing on a machine that goes on."""
        with self._lock:
            return sum(late for end, late in self._noted if end > at) + self._late(time.monotonic())

    def longest_s(self, after=0.0, before=float("inf")):
        """The longest one that ended after and began before these instants."""
        with self._lock:
            lates = [late for end, late in self._noted if end > after and end - late < before]
            return max(lates + [self._late(time.monotonic())])

    def spans(self):
        """[(begin, end)] of all."""
        with self._lock:
            return [(end - late, end) for end, late in self._noted]

    def _late(self, now):
        late = now - self._woke - STEP_S
        return late if late > USUAL_S else 0.0

    def _watch(self):
        while True:
            time.sleep(STEP_S)
            with self._lock:
                now = time.monotonic()
                if self._late(now):
                    self._noted.append((time.time(), self._late(now)))
                self._woke = now


STANDSTILL = Standstill()
