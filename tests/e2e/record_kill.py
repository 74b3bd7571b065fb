#!/usr/bin/env python3
"""kill -9 of `yagura record` at random moments. The gap of each kill begins at most 1 s before it and ends at the first keyframe after the RTSP
sessions stand again, which they do within 2 s; outside the gaps no frame is missing; every file plays; `yagura check` finds nothing. Then the
same for api, media and nginx: recording doesn't notice, and each answers again once it is started again.

CI runs 10 kills; the large run, which goes on where it was cut short, is
`tests/e2e/record_kill.py --kills 100 --per-office 20 --service-kills 4 --ledger docs/operations/kills.tsv` (docs/operations/ledger.md)."""
import glob
import os
import random
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.gaps import gaps_of, joined  # noqa: E402
from support.ledger import KILLS, Ledger  # noqa: E402
from support.office import Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.sent_log import read_sessions  # noqa: E402
from support.standstill import STANDSTILL  # noqa: E402

LOSS_MAX_US = 1_000_000
SESSIONS_MAX_S = 2.0
EDGE_US = 150_000  # one frame interval of the loop and 50 ms: what a frame's wall time may be off
REORDERED_US = 300_000  # so long before it is sent a frame may have been captured, where there are B-frames


def kill_and_restart(office, rng):
    time.sleep(rng.uniform(1.5, 5.0))
    killed_us = int(time.time() * 1e6)
    office.children["record"].kill()
    started = time.time()
    office.start("record")
    office.wait_all_recording(60)
    return killed_us, int(started * 1e6)


def age_of_the_lost(number, gap_start_us, killed_us, sessions, frames_by_session):
    """How long before the kill the first of those frames was sent that lie in the gap, wherever exactly it begins."""
    before = max((s for s in sessions if s.camera == number and s.begin_us <= killed_us), key=lambda s: s.begin_us)
    lost = [frame.sent_us for frame in frames_by_session[before.session] if frame.captured_us >= gap_start_us + EDGE_US]
    return killed_us - min(lost, default=killed_us)


def judge_kill(office, kill, gaps, sessions, frames_by_session):
    killed_us, started_us = kill
    worst_loss, worst_session = 0, 0
    for code, stretches in gaps.items():
        number = int(code.split("-")[1])
        around = [s for s in stretches if s[0] <= killed_us + EDGE_US and s[1] > killed_us - REORDERED_US]
        assert len(around) == 1, f"{code}: {len(around)} gaps around the kill at {killed_us}: {stretches}"
        start, end, reasons = around[0]
        loss, still_us = killed_us - start, STANDSTILL.longest_s(killed_us / 1e6 - 3, started_us / 1e6 + 3) * 1e6
        assert loss <= LOSS_MAX_US + EDGE_US + still_us, f"{code}: the gap begins {loss / 1e6:.3f} s before the kill"
        age = age_of_the_lost(number, start, killed_us, sessions, frames_by_session)
        assert age <= LOSS_MAX_US + still_us, f"{code}: a frame is lost that was sent {age / 1e6:.3f} s before the kill"
        assert reasons[0] == "recorder_restart", f"{code}: {reasons}"
        session = min((s for s in sessions if s.camera == number and s.begin_us > killed_us), key=lambda s: s.begin_us)
        after = (session.begin_us - started_us) / 1e6
        assert after <= SESSIONS_MAX_S + still_us / 1e6, f"{code}: its RTSP session stood {after:.2f} s after the start"
        keyframe = next(f for f in frames_by_session[session.session] if f.keyframe)
        assert abs(keyframe.captured_us - end) <= EDGE_US + still_us, (
            f"{code}: the gap ends {(end - keyframe.captured_us) / 1e6:.3f} s from the first keyframe after the session stood")
        worst_loss, worst_session = max(worst_loss, loss), max(worst_session, after)
    return worst_loss, worst_session


def every_file_plays(office):
    files = glob.glob(os.path.join(office.volume, "clips/*/*/*.mp4"))
    for file in files:
        done = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", file, "-f", "null", "-"], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0 and not done.stderr.strip(), f"{file}: {done.stderr[:500]}"
    return len(files)


def kill_service(office, name, client, rng):
    """Kills api, media or nginx, starts it again; how long it took until it answered a person again."""
    asked = {"media": f"/v1/cameras/{client.all_items('/v1/cameras')[0]['id']}/playback.m3u8?from=2020-01-01T00:00:00Z&to=2020-01-01T01:00:00Z"}

    def answers():
        try:
            return client.get(asked.get(name, "/v1/session")).status in (200, 404)
        except OSError:
            return False

    assert answers(), f"{name} didn't answer before it was killed"
    time.sleep(rng.uniform(0.2, 2.5))
    office.children[name].kill()
    assert not answers(), f"{name} answers while it is down"
    started = time.monotonic()
    office.start_nginx() if name == "nginx" else office.start(name)
    wait_until(f"{name} to answer again", answers, 60)
    return time.monotonic() - started


def all_gaps_ended_since(office, killed_us):
    gaps = gaps_of(office)
    return len(gaps) == office.cameras and all(killed_us - REORDERED_US < rows[-1][1] < float("inf") for rows in gaps.values())


def kill_services(office, times, killed_us, rng):
    """Recording notices none of it: no gap begins. The slowest to answer again, in seconds."""
    wait_until("the last kill's gaps to end", lambda: all_gaps_ended_since(office, killed_us), 60)
    begun_us = time.time() * 1e6
    office.start_api_and_media()
    office.start_nginx()
    client = office.sign_in("crisis", through_nginx=True)
    slowest = max((kill_service(office, name, client, rng) for _ in range(times) for name in ("api", "media", "nginx")), default=0)
    time.sleep(6)  # what was sent until now is settled
    begun = {code: [gap for gap in rows if gap[0] > begun_us] for code, rows in gaps_of(office).items()}
    assert not any(begun.values()), f"gaps began while services were killed: {begun}"
    return slowest


def trial(options, folder, seed):
    """One office: `--per-office` kills of record, then those of the services; everything judged. Returns the figures."""
    rng = random.Random(seed)
    with Office(folder, options.build, cameras=options.cameras, loop=[loop(options, name) for name in options.footage.split()]) as office:
        office.start("record")
        office.wait_all_recording(60)
        kills = [kill_and_restart(office, rng) for _ in range(options.per_office or options.kills)]
        slowest_answer = kill_services(office, options.service_kills, kills[-1][0], rng)
        report = office.check_sent()
        assert report["frames_lost"] == 0 and report["disagreements"] == 0, report
        sessions, frames_by_session = read_sessions(office.sent_log)
        gaps = {code: joined(rows) for code, rows in gaps_of(office).items()}
        assert len(gaps) == options.cameras
        losses = [judge_kill(office, kill, gaps, sessions, frames_by_session) for kill in kills]
        office.children["record"].stop()
        played = every_file_plays(office)
        figures = {"footage": options.footage, "kills": len(kills), "cameras": options.cameras, "longest_loss_s": f"{max(x[0] for x in losses) / 1e6:.3f}",
                   "slowest_session_s": f"{max(x[1] for x in losses):.2f}", "frames_sent": report["frames_sent"], "lost": report["frames_lost"],
                   "disagreements": report["disagreements"], "service_kills": 3 * options.service_kills, "slowest_answer_s": f"{slowest_answer:.2f}"}
        print(", ".join(f"{name} {value}" for name, value in figures.items()), f"{report['frames_in_gaps']} frames in gaps, {played} files play", flush=True)
        return figures


def scenario(options, folder):
    """Offices one after the other until there were enough kills; with a ledger, those that stand in it already count."""
    ledger = Ledger(options.ledger, options.build, KILLS) if options.ledger else None
    done = ledger.done("kills") if ledger else 0
    while done < options.kills:
        seed = options.seed or random.randrange(1 << 32)
        print(f"seed {seed}", flush=True)
        try:
            figures = trial(options, folder, seed)
        except BaseException as error:
            if ledger and isinstance(error, AssertionError):
                ledger.append(seed=seed, footage=options.footage, cameras=options.cameras, outcome="failed: " + str(error).splitlines()[0][:200])
            raise
        if ledger:
            ledger.append(seed=seed, outcome="ok", **figures)
        done += figures["kills"]
        shutil.rmtree(folder)


if __name__ == "__main__":
    parsed = arguments(__doc__, kills=10, per_office=0, cameras=6, seed=0, service_kills=1, footage="main high_b rich_b.h265 sizes.h264 sizes.h265 open_b.h265", ledger="")
    run(lambda folder: scenario(parsed, folder))
