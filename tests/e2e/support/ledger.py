"""The table of kill trials (docs/operations/kills.tsv): one line for each office that was killed and judged. A run that was cut short goes on from it."""
import datetime
import hashlib
import os
import subprocess

from support.office import ROOT

COLUMNS = ["date", "commit", "binary", "seed", "footage", "cameras", "kills", "longest_loss_s", "slowest_session_s", "frames_sent", "lost", "disagreements",
           "service_kills", "slowest_answer_s", "outcome"]


class Ledger:
    """Lines of one binary count together: what an older one did shows nothing about this one."""

    def __init__(self, path, build):
        self.path = path
        with open(os.path.join(build, "app/yagura"), "rb") as binary:
            self.binary = hashlib.sha256(binary.read()).hexdigest()[:12]

    def kills_done(self):
        return sum(int(line["kills"]) for line in self._lines() if line["binary"] == self.binary and line["outcome"] == "ok")

    def append(self, **figures):
        line = {"date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%MZ"), "commit": commit(), "binary": self.binary, **figures}
        is_new = not os.path.exists(self.path)
        with open(self.path, "a") as table:
            if is_new:
                table.write("\t".join(COLUMNS) + "\n")
            table.write("\t".join(str(line.get(column, "")) for column in COLUMNS) + "\n")

    def _lines(self):
        if not os.path.exists(self.path):
            return
        with open(self.path) as table:
            for line in table.read().splitlines()[1:]:
                yield dict(zip(COLUMNS, line.split("\t")))


def commit():
    done = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--abbrev=12"], capture_output=True, text=True)
    return done.stdout.strip() or "unknown"
