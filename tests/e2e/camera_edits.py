#!/usr/bin/env python3
"""Cameras edited, added and retired while others are recorded: names, phases, floors, units, addresses of the same device, credentials, suspended and
back in service. The others lose no frame and have no gap; nor have those of which only name, phase, floor or unit change. What was sent is stored
or in a gap of the camera that was edited.

CI makes 30 edits; the large run: `tests/e2e/camera_edits.py --edits 1000 --cameras 30`."""
import collections
import json
import os
import random
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.gaps import gaps_of  # noqa: E402
from support.office import Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402

SOFT = ("name", "phase", "floor", "unit")  # whose past goes on without a break
EDITED, SOFTLY = 2, 2  # of the office's cameras
ADDED_MAX = 4  # at once
TAKES_EFFECT_S = 6.5  # 5 s after its entry at the earliest, and a look a second


class Editor:
    """Makes one edit after the other, each of a kind drawn at random."""

    def __init__(self, office, codes, rng):
        self.office, self.rng = office, rng
        self.soft, self.hard = codes[:SOFTLY], codes[SOFTLY:SOFTLY + EDITED]
        self.made = collections.Counter()
        self.added, self.next_number = [], office.cameras + 1
        self.busy_until = {}  # what is dated can't be changed again before it has taken effect

    def edit(self):
        kinds = {"name": self.name, "phase": self.phase, "floor": self.floor, "unit": self.unit, "address": self.address,
                 "credentials": self.credentials, "state": self.state, "add": self.add, "retire": self.retire}
        while True:
            kind = self.rng.choice(list(kinds))
            if kinds[kind]():
                self.made[kind] += 1
                return

    def any_of(self, kind):
        return self.rng.choice(self.soft + self.hard if kind in SOFT else self.hard)

    def change(self, code, *what, **more):
        self.office.yagura("camera", "change", "--camera", code, *what, **more)
        return True

    def dated(self, kind, code):
        """Whether it may be changed; if so, it may not again for a while."""
        key = (kind, code)
        if self.busy_until.get(key, 0) > time.monotonic():
            return False
        self.busy_until[key] = time.monotonic() + TAKES_EFFECT_S
        return True

    def name(self):
        return self.change(self.any_of("name"), "--name", f"Camera {self.rng.randrange(1000)}")

    def phase(self):
        return self.change(self.any_of("phase"), "--phase", self.rng.choice(["P1", "P2"]))

    def floor(self):
        code = self.any_of("floor")
        return self.dated("floor", code) and self.change(code, "--floor", f"{self.rng.randint(1, 3)}F")

    def unit(self):
        code = self.any_of("unit")
        if not self.dated("unit", code):
            return False
        self.office.yagura("charge", "change", "--camera", code, "--unit", f"DEPT{self.rng.randint(1, 3)}")
        return True

    def address(self):
        code = self.any_of("address")
        host = self.rng.choice(["127.0.0.1", "localhost", "127.0.0.2"])
        return self.change(code, "--url", f"rtsp://{host}:{self.office.farm_port}/camera/{int(code.split('-')[1])}", "--no-credentials")

    def credentials(self):
        """Of a camera that asks for none: the session begins anew, and goes on."""
        return self.change(self.any_of("credentials"), "--credentials", stdin=f"viewer\nsecret{self.rng.randrange(1000)}\n")

    def state(self):
        code = self.any_of("state")
        if not self.dated("state", code):
            return False
        suspended = (code, "suspended") in self.busy_until
        if suspended:
            del self.busy_until[(code, "suspended")]
        else:
            self.busy_until[(code, "suspended")] = 0
        return self.change(code, "--state", "in_service" if suspended else "suspended")

    def add(self):
        if len(self.added) >= ADDED_MAX or self.next_number > self.office.farm_cameras:
            return False
        number, floor = self.next_number, self.rng.randint(1, 3)
        self.next_number += 1
        code = f"{floor}F-{number:03}"
        self.office.yagura("camera", "add", "--code", code, "--name", f"Camera {number}", "--floor", f"{floor}F", "--unit", f"DEPT{floor}",
                           "--url", f"rtsp://127.0.0.1:{self.office.farm_port}/camera/{number}", "--in-service")
        self.dated("life", code)
        self.added.append(code)
        return True

    def retire(self):
        old = [code for code in self.added if self.busy_until[("life", code)] < time.monotonic()]
        if not old:
            return False
        code = self.rng.choice(old)
        self.added.remove(code)
        self.office.yagura("camera", "retire", "--camera", code)
        return True


def judge(office, codes, since_us):
    """No gap of those that weren't edited, or softly; every frame accounted for."""
    untouched = set(codes) - set(codes[SOFTLY:SOFTLY + EDITED])
    gaps = {code: [gap for gap in rows if gap[1] > since_us] for code, rows in gaps_of(office).items() if code in untouched}
    assert not any(gaps.values()), f"gaps of cameras that went on: {gaps}"
    report = office.check_sent()
    assert report["frames_lost"] == 0 and report["disagreements"] == 0, json.dumps(report, indent=1)
    return report


def scenario(options, folder):
    seed = options.seed or random.randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    farm = options.cameras + max(8, options.edits // 4)
    with Office(folder, options.build, cameras=options.cameras, loop=loop(options, "gop_half"), farm_cameras=farm) as office:
        for phase in ("P1", "P2"):
            office.yagura("phase", "add", "--code", phase, "--name", phase, "--starts", "2099-04-01")
        office.start("record")
        office.start("keep")
        office.wait_all_recording(120)
        codes = [code for code, in office.postgres.sql("SELECT code FROM camera ORDER BY code")]
        wait_until("all gaps to end", lambda: office.postgres.sql("SELECT count(*) FROM gap WHERE end_at IS NULL")[0][0] == "0", 60)
        since_us = time.time() * 1e6
        editor = Editor(office, codes, random.Random(seed))
        editor.add()
        for _ in range(options.edits):
            editor.edit()
        if not editor.made["retire"]:
            wait_until("a camera that can be retired", editor.retire, 60)
        time.sleep(TAKES_EFFECT_S)
        report = judge(office, codes, since_us)
        took_s = (time.time() * 1e6 - since_us) / 1e6
        print(f"{options.edits} edits in {took_s:.0f} s ({', '.join(f'{kind} {count}' for kind, count in sorted(editor.made.items()))}) beside "
              f"{options.cameras - EDITED} cameras: 0 gaps of theirs; {report['frames_sent']} frames sent, {report['frames_in_gaps']} in gaps, 0 lost")


if __name__ == "__main__":
    parsed = arguments(__doc__, cameras=8, edits=30, seed=0)
    run(lambda folder: scenario(parsed, folder))
