"""Tables of large runs (docs/operations/*.tsv): one line for each office that was tried and judged. A run that was cut short goes on from its table."""
import datetime
import hashlib
import os
import subprocess

from support.office import ROOT

KILLS = ["date", "commit", "binary", "seed", "footage", "cameras", "kills", "longest_loss_s", "slowest_session_s", "frames_sent", "lost", "disagreements",
           "service_kills", "slowest_answer_s", "outcome"]


FAULTS = ["date", "commit", "binary", "seed", "cameras", "faulty", "footage", "camera_hours", "faults", "gaps", "frames_sent", "broken", "in_gaps",
          "lost", "altered", "unexplained_s", "overlaps", "negative", "disagreements", "longest_gap_s", "outcome"]


class Ledger:
    """A table of these columns. Lines of one binary count together: what an older one did shows nothing about this one."""

    def __init__(self, path, build, columns):
        self.path, self.columns = path, columns
        with open(os.path.join(build, "app/yagura"), "rb") as binary:
            self.binary = hashlib.sha256(binary.read()).hexdigest()[:12]

    def done(self, column):
        """What this binary has behind it, of all that went well."""
        return sum(float(line[column]) for line in self._lines() if line["binary"] == self.binary and line["outcome"] == "ok")

    def append(self, **figures):
        line = {"date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%MZ"), "commit": commit(), "binary": self.binary, **figures}
        is_new = not os.path.exists(self.path)
        with open(self.path, "a") as table:
            if is_new:
                table.write("\t".join(self.columns) + "\n")
            table.write("\t".join(str(line.get(column, "")) for column in self.columns) + "\n")

    def _lines(self):
        if not os.path.exists(self.path):
            return
        with open(self.path) as table:
            for line in table.read().splitlines()[1:]:
                yield dict(zip(self.columns, line.split("\t")))


def commit():
    done = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--abbrev=12"], capture_output=True, text=True)
    return done.stdout.strip() or "unknown"
