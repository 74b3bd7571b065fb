#!/usr/bin/env python3
"""The database is lost altogether. A backup from before the first clip was closed is restored, and `yagura catalogue rebuild` tells runs, clips and gaps
again from files and journal, while `yagura record` goes on: row for row what was there before. Then the journal is lost too: runs and clips come
back from the files alone, row for row."""
import os
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.office import Office  # noqa: E402
from support.postgres import PROGRAMS  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402

# What a rebuild must tell again: all but marks of deletion, which `yagura keep` sets anew.
CLIPS = "SELECT to_jsonb(clip) - 'expiring_since' - 'expiring_rule' FROM clip WHERE start_at < to_timestamp({until}) ORDER BY 1"
RUNS = "SELECT to_jsonb(run) FROM run WHERE end_at < to_timestamp({until}) ORDER BY 1"
GAPS = "SELECT to_jsonb(gap) FROM gap WHERE start_at < end_at AND end_at < to_timestamp({until}) ORDER BY 1"


def rows(office, what, until):
    return [row[0] for row in office.postgres.sql(what.format(until=until))]


def back_up(office):
    dump = os.path.join(office.folder, "backup.sql")
    done = subprocess.run([PROGRAMS + "pg_dump", "-h", office.postgres.host, "-U", "postgres", "--create", "--file", dump, "yagura"],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return dump


def lose_and_restore(office, dump):
    office.postgres.sql("DROP DATABASE yagura WITH (FORCE)", database="postgres")
    with open(dump) as sql:
        office.postgres.sql(sql.read(), database="postgres")


def rebuild(office):
    begun = time.monotonic()
    said = office.yagura("catalogue", "rebuild").stdout
    print(said)
    return time.monotonic() - begun


def settled(office):
    """Until everything that was recorded is in the catalogue."""
    wait_until("the journal's clips in the catalogue", lambda: office.check_sent()["files_in_journal"] == 0, 60, 0.5)


def scenario(options, folder):
    with Office(folder, options.build, cameras=options.cameras, loop=loop(options, "main")) as office:
        office.start("record")
        office.wait_all_recording(60)
        wait_until("the first gaps' ends", lambda: not office.postgres.sql("SELECT FROM gap WHERE end_at IS NULL"), 60)
        dump = back_up(office)
        assert office.postgres.sql("SELECT count(*) FROM clip") == [["0"]]
        time.sleep(options.seconds)
        office.children["record"].kill()
        office.start("record")
        office.wait_all_recording(60)
        time.sleep(5)
        office.children["record"].stop()
        settled(office)
        until = time.time()
        before = {what: rows(office, what, until) for what in (CLIPS, RUNS, GAPS)}
        assert len(before[CLIPS]) >= 2 * options.cameras and len(before[GAPS]) >= options.cameras, {k: len(v) for k, v in before.items()}

        lose_and_restore(office, dump)
        office.start("record")
        office.wait_all_recording(60)
        rebuild(office)
        for what, expected in before.items():
            assert rows(office, what, until) == expected, f"{what}: {len(rows(office, what, until))} rows of {len(expected)} or others"
        time.sleep(3)
        office.children["record"].stop()
        settled(office)
        report = office.check_sent()
        assert report["frames_lost"] == 0 and report["disagreements"] == 0, report

        until = time.time()
        before = {what: rows(office, what, until) for what in (CLIPS, RUNS)}
        lose_and_restore(office, dump)
        shutil.rmtree(office.state)
        took = rebuild(office)
        for what, expected in before.items():
            assert rows(office, what, until) == expected, f"{what}: {len(rows(office, what, until))} rows of {len(expected)} or others"
        print(f"{len(before[CLIPS])} clips of {options.cameras} cameras told again in {took:.1f} s, with the journal and without, each row as it was")


if __name__ == "__main__":
    parsed = arguments(__doc__, cameras=4, seconds=70)
    run(lambda folder: scenario(parsed, folder))
