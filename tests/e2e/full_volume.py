#!/usr/bin/env python3
"""A full volume, on a real small file system. Where footage lies beyond its minimum term, the oldest goes and recording goes on without a gap. Where
none may go, recording stops in a gap `volume_full`, and log and `yagura status` raise the alarm; once there is space again, it goes on by itself and
the gap ends. Needs a mount namespace: root, or a kernel that gives users one."""
import glob
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.office import Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.small_disk import SmallDisk, enter_own_mounts  # noqa: E402

MINIMUM_S = 10
STILL_ON = {"1F-001", "2F-002"}  # recorded on while the others are suspended: a full volume of so few seconds would have to go too fast


def set_minimum(office, interval):
    office.postgres.sql(f"UPDATE retention_rule SET minimum = interval '{interval}'", role="yagura_owner")


def gaps_since(office, since_s):
    rows = office.postgres.sql("SELECT c.code, g.reason, extract(epoch FROM g.start_at), extract(epoch FROM g.end_at) FROM gap g"
                               f" JOIN camera c ON c.id = g.camera_id WHERE g.start_at > to_timestamp({since_s}) ORDER BY g.start_at")
    return [(code, reason, float(start), float(end) if end else None) for code, reason, start, end in rows if code in STILL_ON]


def status(office):
    return json.loads(office.yagura("status", "--json").stdout)


def logged(office, verb, text):
    with open(office.children[verb].log_path) as log:
        return any(text in line for line in log)


def reserve_bytes(disk):
    return disk.total_bytes() / 10  # what the product never uses of a small file system


def fill_with_footage(office, seconds):
    """Many cameras for a while, then few: rows and closed clips enough to be deleted for minutes."""
    office.start("record")
    office.wait_all_recording(60)
    time.sleep(seconds)
    others = [row[0] for row in office.postgres.sql("SELECT code FROM camera ORDER BY code") if row[0] not in STILL_ON]
    for code in others:
        office.yagura("camera", "change", "--camera", code, "--state", "suspended")
    wait_until("the suspended cameras' clips in the catalogue",
               lambda: int(office.postgres.sql("SELECT count(DISTINCT camera_id) FROM clip")[0][0]) >= len(others), 90, 0.2)


def the_oldest_goes(office, disk):
    """Two rounds of deletion at least, while recording goes on. Returns how many clips went."""
    set_minimum(office, f"{MINIMUM_S} seconds")
    stored = sum(os.path.getsize(path) for path in glob.glob(os.path.join(office.volume, "clips/*/*/*.mp4")))
    begun = time.time()
    disk.leave_free(1.1 * reserve_bytes(disk) + 0.04 * stored)
    wait_until("two rounds of deletion", lambda: int(office.postgres.sql("SELECT count(DISTINCT deleted_at) FROM clip_deletion")[0][0]) >= 2, 120, 0.2)
    assert not gaps_since(office, begun), f"gaps while the oldest went: {gaps_since(office, begun)}"
    rows = office.postgres.sql("SELECT extract(epoch FROM start_at), extract(epoch FROM deleted_at - end_at), rule, run_id || '.' || sequence FROM clip_deletion")
    kept = office.postgres.sql("SELECT extract(epoch FROM min(start_at)) FROM clip")
    assert {rule for _, _, rule, _ in rows} == {"space"}, rows
    assert max(float(start) for start, _, _, _ in rows) <= float(kept[0][0]), "a younger clip went before an older one"
    assert min(float(age) for _, age, _, _ in rows) >= MINIMUM_S, f"a clip went before its minimum term: {rows}"
    names = {os.path.basename(path) for path in glob.glob(os.path.join(office.volume, "clips/*/*/*.mp4"))}
    assert not names & {name + ".mp4" for _, _, _, name in rows}, "a deleted clip's file is there"
    return len(rows)


def none_may_go(office, disk):
    """Returns (seconds until the gap, seconds until the alarm)."""
    set_minimum(office, "7 days")
    clips = int(office.postgres.sql("SELECT count(*) FROM clip")[0][0])
    begun = time.time()
    disk.leave_free(0.6 * reserve_bytes(disk))
    wait_until("the gaps volume_full", lambda: {code for code, reason, _, end in gaps_since(office, begun - 2) if reason == "volume_full" and not end}
               == STILL_ON, 60, 0.1)
    until_gap = time.time() - begun
    assert logged(office, "record", "volume is full: recording to it stops"), "the recorder's log says nothing"
    wait_until("the alarm", lambda: logged(office, "keep", "alarm: a volume is full and nothing on it may be deleted"), 60, 0.1)
    until_alarm = time.time() - begun
    now = wait_until("status to say it", lambda: (lambda s: s if s["volumes_full"] == 1 else None)(status(office)), 60)
    assert now["cameras_missing"] == {"volume_full": len(STILL_ON)} and now["cameras_recording"] == 0, now
    line = office.yagura("status").stdout
    assert "full volumes: 1" in line and "volume full: 2" in line, line
    assert int(office.postgres.sql("SELECT count(*) FROM clip")[0][0]) >= clips, "clips went before their minimum term"
    return until_gap, until_alarm


def space_again(office, disk):
    """Returns the seconds until every gap had ended."""
    begun = time.time()
    disk.leave_free(0.5 * disk.total_bytes())
    wait_until("recording to go on", lambda: not status(office)["cameras_missing"] and status(office)["cameras_recording"] == len(STILL_ON), 90, 0.2)
    assert status(office)["volumes_full"] == 0, status(office)
    return time.time() - begun


def scenario(options, folder):
    with SmallDisk(os.path.join(os.path.dirname(folder), "disk"), options.disk_mb << 20) as disk:
        with Office(folder, options.build, cameras=options.cameras, loop=loop(options, "main"), volume=disk.folder) as office:
            fill_with_footage(office, options.fill_s)
            office.start("keep")
            went = the_oldest_goes(office, disk)
            between = office.check_sent()
            assert between["frames_lost"] == 0 and between["disagreements"] == 0, between
            until_gap, until_alarm = none_may_go(office, disk)
            again = space_again(office, disk)
            time.sleep(6)  # what was sent until now is settled
            report = office.check_sent()
            assert report["frames_lost"] == 0 and report["disagreements"] == 0, report
            print(f"{went} clips went by space, no gap; none may go: gap after {until_gap:.1f} s, alarm after {until_alarm:.1f} s; recording again "
                  f"{again:.1f} s after there was space; {report['frames_sent']} frames sent, {report['frames_in_gaps']} in gaps, 0 lost")


if __name__ == "__main__":
    parsed = arguments(__doc__, cameras=20, fill_s=10, disk_mb=64)
    enter_own_mounts()
    run(lambda folder: scenario(parsed, folder))
