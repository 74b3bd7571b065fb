#!/usr/bin/env python3
"""Cameras that go wrong in every way that `yagura simulate --faults` knows, drawn from a seed, through the real `yagura record`; the last quarter of them
suffers nothing. Afterwards each frame that was sent is stored once and unchanged or lies in a gap (`yagura check --sent`), no second is missing without
a gap, no two clips of a run overlap, no clip or gap is of negative length, each gap has a fault before it, and each fault that stops the pictures a gap.

CI takes 8 cameras through some 15 s, another seed each time. A large run, in offices one after the other until there were enough camera-hours:
`tests/e2e/camera_faults.py --hours 240 --cameras 1440 --seconds 420 --lead-s 40 --calm-s 45 --each-s 75 --loop small --rate 5
--ledger docs/operations/faults.tsv` (docs/operations/ledger.md)."""
import datetime
import os
import random
import re
import shutil
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.fault_schedule import FaultSchedule  # noqa: E402
from support.ledger import FAULTS, Ledger  # noqa: E402
from support.office import Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.standstill import STANDSTILL  # noqa: E402

SETTLED_S = 6  # until what was sent is in files and rows
BACK_MAX_S = 45  # from a fault's end until pictures are recorded again: refused credentials are shown again after 20 to 24 s
EARLY_S = 1  # before a fault: its gap begins where the last whole picture ended
SILENCE_S = 5  # the recorder's: a shorter silence is frames that came late
HELD_UP_S = 0.5  # a machine that stands still for so long leaves gaps of its own
KINDS_IN_CI = 12


def footage_of(options):
    """What cameras may show, for each of the loops that they play in turn."""
    h264 = {"size": "slices" if options.loop == "small" else "small", "black": "black", "frozen": "frozen", "noise": "rich", "gop": "gop_10"}
    h264 = {what: loop(options, name) for what, name in h264.items()}
    h265, other_h265 = ("small.h265", "main.h265") if options.loop == "small" else ("main.h265", "small.h265")
    return [options.loop, h265], [h264, {"size": loop(options, other_h265)}]


def query(office, sql):
    return [(code, float(start), float(end) if end else None, *rest) for code, start, end, *rest in office.postgres.sql(sql)]


def gaps_of(office):
    """(camera, its number, start, end or None, reason) of all, in seconds of UTC."""
    rows = query(office, "SELECT c.code, extract(epoch FROM g.start_at), extract(epoch FROM g.end_at), g.reason FROM gap g JOIN camera c ON c.id = g.camera_id"
                         " ORDER BY c.code, g.start_at")
    return [(code, int(code[3:]), start, end, reason) for code, start, end, reason in rows]


def count(office, sql):
    return int(office.postgres.sql("SELECT count(*) FROM " + sql)[0][0])


def judge_rows(office):
    """Clips of a run that overlap; clips and gaps that end before they begin."""
    overlaps = count(office, "clip a JOIN clip b ON a.run_id = b.run_id AND a.sequence < b.sequence AND a.end_at > b.start_at")
    negative = count(office, "clip WHERE end_at <= start_at") + count(office, "gap WHERE end_at < start_at")
    return overlaps, negative


def stretches_of(gaps):
    """Gaps that follow on each other as one, with all their reasons."""
    stretches = []
    for code, number, start_s, end_s, reason in gaps:
        if stretches and stretches[-1][0] == code and stretches[-1][3] and abs(stretches[-1][3] - start_s) < 0.001:
            stretches[-1] = (code, number, stretches[-1][2], end_s, stretches[-1][4] + ", " + reason)
        else:
            stretches.append((code, number, start_s, end_s, reason))
    return stretches


def played(office, faults):
    """{fault: (begin, end)} in seconds of UTC, as the farm's log has it: a farm that is held up plays them late."""
    instants = {}
    with open(office.children["farm"].log_path) as log:
        for line in log:
            said = re.match(r"(\S+) info yagura: fault (begins|ends) .*first_camera=(\d+) .*at_ms=(\d+)", line)
            if said:
                at = datetime.datetime.fromisoformat(said[1].replace("Z", "+00:00")).timestamp()
                instants[said[2], int(said[3]), int(said[4])] = at
    times = {}
    for fault in faults:
        begin_ms, end_ms = round(fault.at_s * 1000), round(fault.at_s * 1000) + round(fault.length_s * 1000)
        begin = instants["begins", fault.camera, begin_ms]
        times[fault] = (begin, instants["ends", fault.camera, end_ms] if fault.length_s else begin)
    return times


def judge_gaps(stretches, times, now_s):
    """Each gap since the first fault has one of its camera's before it, and ends in time; each fault that stops the pictures left one. The longest."""
    first_s = min(begin for begin, _ in times.values()) - EARLY_S
    slack_s = STANDSTILL.since_s(first_s)
    later = [gap for gap in stretches if gap[2] >= first_s]
    for code, number, start_s, end_s, reason in later:
        what = f"{code}: a gap from {start_s - first_s:.2f} s to {(end_s or now_s) - first_s:.2f} s, {reason}"
        ends = [end for fault, (begin, end) in times.items() if fault.camera == number and begin - EARLY_S - slack_s <= start_s <= end + BACK_MAX_S + slack_s]
        if not ends and STANDSTILL.longest_s(start_s - 2 * SILENCE_S, start_s + EARLY_S) > HELD_UP_S:
            continue
        assert ends, what + ", that no fault explains"
        assert (end_s or now_s) <= max(ends) + BACK_MAX_S + slack_s, what + f", {max(ends) - first_s:.2f} s being the end of its last fault"
    for fault, (begin, end) in times.items():
        told = [gap for gap in stretches if gap[1] == fault.camera and gap[2] < end + EARLY_S + slack_s and (gap[3] or now_s) > begin - EARLY_S]
        must = fault.stops and (fault.length_s > SILENCE_S + 2 + slack_s or fault.name != "half-open")
        assert told or not must, f"no gap tells of {fault}"
    return max(((gap[3] or now_s) - gap[2] for gap in later), default=0)


def by_reason(gaps, now_s):
    """"camera_silent 12/84s ...": how many, and how long in all."""
    sums = {}
    for _, _, start_s, end_s, reason in gaps:
        times, seconds = sums.get(reason, (0, 0))
        sums[reason] = (times + 1, seconds + (end_s or now_s) - start_s)
    return " ".join(f"{reason}:{times}/{seconds:.0f}s" for reason, (times, seconds) in sorted(sums.items()))


def start_farm(office, options, schedule, loops):
    script = os.path.join(office.folder, "faults.txt")
    with open(script, "w") as file:
        file.write(schedule.script())
    office.loop = [loop(options, name) for name in loops]
    office.farm_options = ["--faults", script] + (["--rate", str(options.rate)] if options.rate else [])
    office.start_farm()


def trial(options, folder, seed):
    """One office, from its first fault to its judgement. Returns the figures."""
    faulty = options.cameras - max(options.cameras // 4, 1)
    loops, footage = footage_of(options)
    schedule = FaultSchedule(seed, faulty, options.lead_s, options.lead_s + options.seconds, options.each_s, footage)
    with Office(folder, options.build, cameras=options.cameras) as office:
        record = office.start("record")
        wait_until("every camera to be due, and missed", lambda: count(office, "(SELECT DISTINCT camera_id FROM gap) due") == options.cameras, 120)
        start_farm(office, options, schedule, loops)
        time.sleep(options.lead_s + options.seconds + options.calm_s + SETTLED_S)
        assert record.running() and office.children["farm"].running(), "recorder and farm live on"
        now_s = time.time()
        gaps = gaps_of(office)
        longest_s = judge_gaps(stretches_of(gaps), played(office, schedule.faults), now_s)
        report = office.check_sent()
        overlaps, negative = judge_rows(office)
        altered = sum("other bytes" in found or "twice" in found for found in report["found"])
        figures = {"cameras": options.cameras, "faulty": faulty, "footage": " ".join(loops),
                   "camera_hours": f"{faulty * options.seconds / 3600:.2f}", "faults": " ".join(f"{k}:{n}" for k, n in sorted(schedule.count().items())),
                   "gaps": by_reason(gaps, now_s), "frames_sent": report["frames_sent"], "broken": report["frames_broken"],
                   "in_gaps": report["frames_in_gaps"], "lost": report["frames_lost"], "altered": altered,
                   "unexplained_s": max(report["due_s"] - report["recorded_s"] - report["in_gaps_s"] - 1, 0), "overlaps": overlaps, "negative": negative,
                   "disagreements": report["disagreements"], "longest_gap_s": f"{longest_s:.1f}"}
        print(", ".join(f"{name} {value}" for name, value in figures.items()), flush=True)
        assert report["frames_lost"] == 0 and report["disagreements"] == 0, report
        assert overlaps == 0 and negative == 0, figures
        assert report["frames_broken"] > 0 and len(schedule.count()) >= KINDS_IN_CI, figures
        return figures


def scenario(options, folder):
    """Offices one after the other until there were enough camera-hours; with a ledger, those that stand in it already count."""
    ledger = Ledger(options.ledger, options.build, FAULTS) if options.ledger else None
    hours = ledger.done("camera_hours") if ledger else 0
    while True:
        seed = options.seed or random.randrange(1 << 32)
        print(f"seed {seed}", flush=True)
        try:
            figures = trial(options, folder, seed)
        except AssertionError as error:
            if ledger:
                ledger.append(seed=seed, cameras=options.cameras, outcome="failed: " + str(error).splitlines()[0][:200])
            raise
        if ledger:
            ledger.append(seed=seed, outcome="ok", **figures)
        hours += float(figures["camera_hours"])
        if hours >= options.hours:
            return
        shutil.rmtree(folder)


if __name__ == "__main__":
    parsed = arguments(__doc__, hours=0.0, cameras=8, seconds=15.0, lead_s=4.0, calm_s=0.0, each_s=2.0, seed=0, loop="main", rate=0, ledger="")
    run(lambda folder: scenario(parsed, folder))
