"""One trial: a recorder lives and dies by a plan that follows from the seed, once or several times, starts again, and is judged."""
import dataclasses
import os
import random
import shutil
import signal
import subprocess

from judge import Left, judge, read_life

MORNING_US = 1_800_000_000_000_000  # 2027-01-15 17:00 in Tokyo
MIDNIGHT_US = MORNING_US + 7 * 3600 * 1_000_000
CALLS = {"any": 30, "write": 25, "sync": 15, "journal_write": 12, "journal_sync": 12, "sync_folder": 6, "create": 6, "make_folder": 2,
         "truncate": 2}
LIVES_MAX = 4
PATIENCE_S = 60


@dataclasses.dataclass
class Outcome:
    seed: int
    problems: list
    worst_us: int = 0
    deaths: int = 0
    frames: int = 0
    aside: int = 0


def death_of(rng, at_us, skip_max):
    """Arguments: inside a call, or at any moment."""
    if rng.random() < 0.3:
        return ["--death-us", str(at_us), "--delay-us", str(int(rng.uniform(0, 4000)))]
    call = rng.choices(list(CALLS), CALLS.values())[0]
    skip = rng.randint(0, skip_max if call == "any" else max(1, skip_max // 8))
    return ["--death-us", str(at_us), "--call", call, "--skip", str(skip), "--phase", rng.choice(["before", "half", "behind"])]


def whole_lines(text):
    return text[:text.rfind("\n") + 1].splitlines()


class Trial:
    def __init__(self, program, disk, fault, seed):
        self.program, self.disk, self.fault, self.seed = program, disk, fault, seed
        self.rng = random.Random(f"{fault} {seed}")
        self.home = os.path.join(disk.mount, f"trial-{seed}")
        self.log = os.path.join(disk.folder, "log")
        self.said = os.path.join(disk.folder, "said")
        self.logged = 0
        self.lives = []
        long = self.rng.random() < 0.3
        self.first_ms = int(self.rng.uniform(56_000, 75_000) if long else self.rng.uniform(0, 12_000))
        near_midnight = self.rng.random() < 0.1
        self.due_us = MIDNIGHT_US - int(self.rng.uniform(0, self.first_ms + 5_000)) * 1000 if near_midnight else MORNING_US
        self.begin_us = self.due_us

    def run(self):
        """Lives until one is stopped, and one more that has nothing to do; the judgement."""
        for path in (self.log, self.said):
            open(path, "w").close()
        problem = self._live_and_die() or self._live(["--last-ms", str(self.rng.randint(0, 4000))], dies=False)
        deaths = sum(life.died_us > 0 for life in self.lives)
        if problem:
            return Outcome(self.seed, [problem], deaths=deaths)
        problems, worst, left = judge(self.home, self.lives, self.fault, self.due_us)
        before = left.digest()
        problem = self._live(["--settle", "yes"], dies=False)
        if problem:
            return Outcome(self.seed, problems + [problem], deaths=deaths)
        if Left(self.home, problems).digest() != before:
            problems.append("a second recovery changed something")
        frames = sum(len(life.sent) for life in self.lives)
        aside = sum(name.startswith("volume/aside/") for name in left.files)
        return Outcome(self.seed, problems, worst, deaths, frames, aside)

    def _live_and_die(self):
        """The first life, and with luck others, the next of which die while they recover or soon after."""
        after_ms = self.first_ms
        for _ in range(LIVES_MAX):
            death = death_of(self.rng, self.begin_us + after_ms * 1000, 60 if after_ms == 0 else 24)
            problem = self._live(["--last-ms", str(after_ms + 3000), "--death", self.fault, "--mount", self.disk.mount, *death], dies=True)
            if problem or self.rng.random() > 0.35:
                return problem
            after_ms = 0 if self.rng.random() < 0.7 else self.rng.randint(0, 4000)
        return None

    def _live(self, arguments, dies):
        """One life; what was wrong with how it ended. With luck one that is to die gets to its stop before."""
        command = [self.program, "--home", self.home, "--log", self.log, "--seed", str(self.seed), "--life", str(len(self.lives) + 1),
                   "--due-us", str(self.due_us), "--begin-us", str(self.begin_us), *arguments]
        with open(self.said, "a") as said:
            try:
                code = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, timeout=PATIENCE_S).returncode
            except subprocess.TimeoutExpired:
                return f"a life didn't end within {PATIENCE_S} s: {' '.join(command)}"
        life = read_life(self._new_lines())
        self.lives.append(life)
        if code != 0 and not (dies and code == -signal.SIGKILL and life.died_us):
            return f"a life ended with {code}: {' '.join(command)}"
        if life.died_us and self.fault == "power":
            self.disk.power_on()
        self.begin_us = max(self.begin_us, life.last_us, life.died_us) + self.rng.randint(200, 5000) * 1000
        return None

    def _new_lines(self):
        """What this life told. A kill tears a write that crosses a page: the line of which only a part is there was not told."""
        with open(self.log) as log:
            log.seek(self.logged)
            text = log.read()
        self.logged += len(text)
        return whole_lines(text)

    def keep(self, folder):
        """For whoever looks into it: what is left, and what was said."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.home, os.path.join(folder, "home"))
        for path in (self.log, self.said):
            shutil.copy(path, folder)

    def clear(self):
        shutil.rmtree(self.home, ignore_errors=True)
