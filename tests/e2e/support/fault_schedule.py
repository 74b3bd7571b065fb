"""What goes wrong with the cameras of a farm, drawn from a seed, as a script for `yagura simulate --faults` (docs/design/fault-script.md)."""
import collections
import random

Fault = collections.namedtuple("Fault", "at_s camera name words length_s stops")

# How long a fault lasts at the shortest and at the longest.
LENGTHS_S = {"half-open": (1, 12), "reboot": (0.5, 8), "credentials": (1, 5), "answer": (1, 6), "footage": (2, 12)}
KINDS = {  # name: (words, of which loop, whether it stops the pictures, so that a gap must tell of it)
    "credentials": ("credentials", None, True),
    "half-open": ("half-open", None, True),
    "reboot": ("reboot", None, True),
    "setup-461": ("answer status=461 method=SETUP", None, True),
    "play-454": ("answer status=454 method=PLAY", None, True),
    "describe-503": ("answer status=503 method=DESCRIBE", None, True),
    "reset": ("reset", None, True),
    "drop": ("drop", None, False),
    "reorder": ("reorder", None, False),
    "duplicate": ("duplicate", None, False),
    "truncated-fragment": ("malform as=truncated-fragment", None, False),
    "wrong-aggregate": ("malform as=wrong-aggregate", None, False),
    "oversize": ("malform as=oversize", None, False),
    "short-header": ("malform as=short-header", None, False),
    "size": ("footage", "size", False),
    "black": ("footage", "black", False),
    "frozen": ("footage", "frozen", False),
    "noise": ("footage", "noise", False),
    "gop": ("footage", "gop", False),
    "clock": ("clock", None, False),
    "timestamps": ("timestamps", None, False),
}
PACKETS = ("drop", "reorder", "duplicate", "malform")


class FaultSchedule:
    """Each of cameras 1 to `faulty` suffers from `lead_s` to `end_s`, one fault about every `each_s`, in an order in which all kinds come equally often.
    `footage`: for each camera in turn, the loops that it may show, by what they are."""

    def __init__(self, seed, faulty, lead_s, end_s, each_s, footage):
        self.random, self.deck, self.faults = random.Random(seed), [], []
        self.end_s, self.each_s, self.footage = end_s, each_s, footage
        self.longest_s = (end_s - lead_s) / 3
        free = {camera: lead_s + self.random.uniform(0, each_s / 2) for camera in range(1, faulty + 1)}
        while free:  # the camera that is free first is next: what takes long comes early
            camera = min(free, key=free.get)
            fault = self._draw(camera, free[camera])
            if fault.at_s + fault.length_s > end_s:
                del free[camera]
                continue
            self.faults.append(fault)
            free[camera] = fault.at_s + fault.length_s + self.random.uniform(0.5, 1.5) * each_s

    def script(self):
        lines = []
        for fault in self.faults:
            if fault.words.startswith("answer"):
                lines.append(f"{fault.at_s:.3f} {fault.camera} reset  # or nobody would ask")
            lines.append(f"{fault.at_s:.3f} {fault.camera} {fault.words}  # {fault.name}")
        return "\n".join(lines) + "\n"

    def count(self):
        """How many of each kind."""
        return collections.Counter(fault.name for fault in self.faults)

    def _draw(self, camera, at_s):
        loops = self.footage[(camera - 1) % len(self.footage)]
        fits = [kind for kind in KINDS if KINDS[kind][1] is None or KINDS[kind][1] in loops]
        if not set(fits) & set(self.deck):
            self.deck += self._shuffled()
        name = next(kind for kind in self.deck if kind in fits)
        self.deck.remove(name)
        words, loop, stops = KINDS[name]
        verb = words.split()[0]
        length_s = 0
        if verb in LENGTHS_S:
            shortest, longest = LENGTHS_S[verb]
            length_s = round(self.random.uniform(shortest, max(shortest, min(longest, self.longest_s))), 3)
            words += f" for={length_s}"
        if loop:
            words += f" loop={loops[loop]}"
        return Fault(round(at_s, 3), camera, name, words + self._details(verb), length_s, stops)

    def _shuffled(self):
        kinds = list(KINDS)
        self.random.shuffle(kinds)
        return kinds

    def _details(self, verb):
        if verb in PACKETS:
            return " packets=" + self.random.choice(("1", "2", "3-4", "1-9", "2,5,9", "7-30"))
        if verb == "clock":
            return f" step={self.random.choice((-1, 1)) * self.random.choice((1, 61, 3600, 31_536_000))}"
        if verb == "timestamps":
            return f" ticks={self.random.choice((-1, 1)) * self.random.choice((90, 90_000, 8_100_000, 2_000_000_000))}"
        return ""
