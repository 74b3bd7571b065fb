"""Judges what is left after a trial: the sent log, which lies on a file system that was not at fault, against files and journal. Knows the formats
(left_behind.py) and the promises, nothing of how the recorder keeps them."""
import dataclasses
import hashlib
import os

from frames import frame_bytes, name_of
from left_behind import Damaged, read_clip, read_journal

LOSS_MAX_US = {"kill": 1_000_000, "power": 3_000_000}
ROUNDING_US = 1_000


@dataclasses.dataclass
class SentFrame:
    wall_us: int
    size: int
    keyframe: bool


@dataclasses.dataclass
class Life:
    """One life of the recorder, as the log tells it."""
    sent: dict = dataclasses.field(default_factory=dict)  # (camera, frame) -> SentFrame
    let_go: set = dataclasses.field(default_factory=set)
    durable: set = dataclasses.field(default_factory=set)  # let go before a sync of the journal began that succeeded
    rows: set = dataclasses.field(default_factory=set)
    died_us: int = 0  # 0: it was stopped
    last_us: int = 0


def read_life(lines):
    life, at_sync = Life(), set()
    for line in lines:
        kind, *words = line.split(" ")
        if kind == "sent":
            life.sent[int(words[0]), int(words[1])] = SentFrame(int(words[2]), int(words[3]), words[4] == "1")
        elif kind == "let_go":
            life.let_go.add((int(words[0]), int(words[1])))
        elif kind == "journal_sync":
            at_sync = set(life.let_go)
        elif kind == "journal_synced" and not life.died_us:  # ext4, while it is shut down, says yes to syncs that it drops
            life.durable |= at_sync
        elif kind == "time":
            life.last_us = int(words[0])
        elif kind == "died" and not life.died_us:
            life.died_us = int(words[0])
        elif kind == "row" and not life.died_us:
            life.rows.add(words[0])
    return life


def seconds(us):
    return f"{us / 1e6:.3f} s"


class Left:
    """Rows as the catalogue would have them, and files."""

    def __init__(self, home, problems):
        self.home, self.problems = home, problems
        self.open, self.closed, self.voided, self.runs, self.ended_runs, self.gaps, self.gap_ends = {}, {}, set(), {}, {}, {}, {}
        for record in read_journal(os.path.join(home, "state/journal")):
            self._apply(record)
        self.files = {os.path.relpath(os.path.join(folder, name), home): os.path.join(folder, name)
                      for folder, _, names in os.walk(os.path.join(home, "volume")) for name in names}

    def _apply(self, record):
        kind = record["type"]
        if kind == "clip_opened":
            self._once(self.open, record["clip"], record)
        elif kind == "clip_closed":
            self._once(self.closed, record["clip"], record)
        elif kind == "clip_voided":
            self.voided.add(record["clip"])
        elif kind == "run_opened":
            self._once(self.runs, record["run"], record)
        elif kind == "run_ended":
            self._once(self.ended_runs, record["run"], record)
        elif kind == "gap_opened":
            self._once(self.gaps, record["gap"], record)
        elif kind == "gap_ended":
            self._once(self.gap_ends, record["gap"], record)

    def _once(self, known, name, record):
        """A record may be repeated, but it says the same."""
        if known.setdefault(name, record) != record:
            self.problems.append(f"the journal says of {name}: {known[name]}, and then: {record}")

    def gaps_of(self, camera):
        """[from, to) of each; one that is open has no end."""
        stretches = [(gap["from"], self.gap_ends[name]["to"] if name in self.gap_ends else float("inf"))
                     for name, gap in self.gaps.items() if gap["camera"] == camera]
        return sorted(stretch for stretch in stretches if stretch[0] != stretch[1])

    def path_of(self, row):
        names = [name for name in self.files if name.startswith("volume/clips/") and name.endswith(f"/{row['camera']}/{row['clip']}.mp4")]
        return self.files[names[0]] if len(names) == 1 else None

    def digest(self):
        """Equal as long as nothing that counts has changed."""
        files = {}
        for name, path in self.files.items():
            with open(path, "rb") as file:
                files[name] = hashlib.sha256(file.read()).hexdigest()
        return files, self.closed, self.voided, self.ended_runs, self.gaps, self.gap_ends


def camera_id(number):
    return f"00000000-0000-0000-0000-0000000000{number:02x}"


def judge_journal(left, problems):
    for name in left.open.keys() - left.closed.keys() - left.voided:
        problems.append(f"clip {name} was never closed")
    for name in left.closed.keys() & left.voided:
        problems.append(f"clip {name} is closed and void")
    for name in left.runs.keys() - left.ended_runs.keys():
        problems.append(f"run {name} never ended")
    for name in {clip.split(".")[0] for clip in left.closed} - left.runs.keys():
        problems.append(f"run {name} has clips and never began")
    for name in left.gap_ends.keys() - left.gaps.keys():
        problems.append(f"gap {name} ends and never began")


def judge_files(left, problems):
    """No file that nobody knows. What was set aside holds what lies in a gap; so do frames that are stored nowhere else."""
    known = {f"{row['camera']}/{row['clip']}.mp4" for row in left.closed.values()}
    for name in left.files:
        if name == "volume/volume" or name.startswith("volume/aside/"):
            continue
        if not name.startswith("volume/clips/") or name.split("/", 3)[3] not in known:
            problems.append(f"nobody knows the file {name}")


def read_row(left, row, problems):
    """(clip, its bytes) of a row, or None where they aren't as it says."""
    path = left.path_of(row)
    if path is None:
        problems.append(f"clip {row['clip']} has a row and no file")
        return None
    with open(path, "rb") as file:
        data = file.read()
    if len(data) != row["bytes"] or hashlib.sha256(data).hexdigest() != row["sha256"]:
        problems.append(f"clip {row['clip']} has other bytes than its row says ({len(data)}, {row['bytes']})")
    try:
        clip = read_clip(data)
    except (Damaged, IndexError, KeyError) as error:
        problems.append(f"clip {row['clip']} can't be read: {error}")
        return None
    for name, value in clip.identity.items():
        if row[name] != value:
            problems.append(f"clip {row['clip']}: its file says {name} {value}, its row {row[name]}")
    if (clip.header_bytes, clip.fragments_offset, len(clip.samples)) != (row["header_bytes"], row["fragments_offset"], row["samples"]):
        problems.append(f"clip {row['clip']}: its file isn't laid out as its row says")
    judge_trailer(clip, row, problems)
    return clip, data


def judge_trailer(clip, row, problems):
    if clip.trailer is None:
        problems.append(f"clip {row['clip']} has no trailer")
        return
    offset, _, fragments, frames, media_end, wall_end, first = clip.trailer
    said = (row.get("trailer_offset"), clip.fragments, len(clip.samples), row["media_end"], row["wall_end"], row["fragments_offset"])
    if (offset, fragments, frames, media_end, wall_end, first) != said:
        problems.append(f"clip {row['clip']}: its trailer says {clip.trailer}, its row and its fragments {said}")


def judge_frames(left, sent, problems):
    """{(camera, frame)} of what is stored; each once, in order, as it was sent, at its time."""
    stored, newest = {}, {}
    for row in sorted(left.closed.values(), key=lambda one: one["wall_start"]):
        read = read_row(left, row, problems)
        for sample in read[0].samples if read else []:
            frame = read[1][sample.offset:sample.offset + sample.size]
            name = name_of(frame) if len(frame) >= 10 else None
            if name not in sent:
                problems.append(f"clip {row['clip']} holds a frame that was never sent: {frame[:10].hex()}")
                continue
            was = sent[name]
            if camera_id(name[0]) != row["camera"] or frame != frame_bytes(*name, was.size, was.keyframe) or sample.keyframe != was.keyframe:
                problems.append(f"frame {name} is stored altered, or as another camera's, in clip {row['clip']}")
            if name in stored:
                problems.append(f"frame {name} is stored twice: in clips {stored[name]} and {row['clip']}")
            elif newest.get(name[0], -1) > name[1]:
                problems.append(f"frame {name} is stored behind later ones")
            stored[name], newest[name[0]] = row["clip"], name[1]
            wall_us = row["wall_start"] + (sample.pts - row["media_start"]) * 100 / 9
            if abs(wall_us - was.wall_us) > ROUNDING_US:
                problems.append(f"frame {name} is stored {seconds(wall_us - was.wall_us)} from its time")
    return stored


def judge_tiling(left, cameras, due_us, problems):
    """From the start of due on, clips and gaps lie side by side."""
    for camera in cameras:
        name = camera_id(camera)
        pieces = [(row["wall_start"], row["wall_end"]) for row in left.closed.values() if row["camera"] == name] + left.gaps_of(name)
        until = due_us
        for begin, end in sorted(pieces):
            if begin != until:
                problems.append(f"camera {camera}: {seconds(begin - due_us)} follows {seconds(until - due_us)}")
            until = max(until, end)
        if until != float("inf"):
            problems.append(f"camera {camera}: no gap is open behind the stop at {seconds(until - due_us)}")


def judge_presence(left, sent, stored, problems):
    """Each frame is stored or in a gap, and never both."""
    gaps = {}
    for name, was in sent.items():
        if name[0] not in gaps:
            gaps[name[0]] = left.gaps_of(camera_id(name[0]))
        if name in stored:
            if any(begin + ROUNDING_US < was.wall_us < end - ROUNDING_US for begin, end in gaps[name[0]]):
                problems.append(f"frame {name} is stored, and in a gap")
        elif not any(begin - ROUNDING_US <= was.wall_us < end for begin, end in gaps[name[0]]):
            problems.append(f"frame {name} is neither stored nor in a gap")


def judge_life(life, stored, fault, problems):
    """What this life's end cost, in microseconds: the most of a camera."""
    told = life.let_go if fault == "kill" else life.durable
    for name in sorted(told - stored.keys()):
        problems.append(f"frame {name} was told durable, and is lost")
    lost = [name for name in life.sent if name not in stored]
    if not life.died_us:
        if lost:
            problems.append(f"{len(lost)} frames of a life that was stopped are lost, {lost[0]} first")
        return 0
    worst = max((life.died_us - life.sent[name].wall_us for name in lost), default=0)
    if worst > LOSS_MAX_US[fault]:
        oldest = min(lost, key=lambda name: life.sent[name].wall_us)
        problems.append(f"{seconds(worst)} lost of camera {oldest[0]} (frame {oldest}); promised: {seconds(LOSS_MAX_US[fault])}")
    return max(worst, 0)


def judge(home, lives, fault, due_us):
    """(problems, the worst loss in microseconds, what is left)."""
    problems = []
    left = Left(home, problems)
    sent = {name: frame for life in lives for name, frame in life.sent.items()}
    judge_journal(left, problems)
    judge_files(left, problems)
    stored = judge_frames(left, sent, problems)
    judge_tiling(left, sorted({name[0] for name in sent}), due_us, problems)
    judge_presence(left, sent, stored, problems)
    for name in set().union(*(life.rows for life in lives)) - left.closed.keys():
        problems.append(f"clip {name} was in the catalogue, and its row is lost")
    worst = max((judge_life(life, stored, fault, problems) for life in lives), default=0)
    return problems, worst, left
