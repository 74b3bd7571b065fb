#!/usr/bin/env python3
"""What PostgreSQL can suffer while four cameras are recorded and the API is asked: killed, frozen, its tables locked, its space for WAL gone. No frame is
missing, no gap begins, each row is there once afterwards; meanwhile the API answers 503 within two seconds, and the recorder goes on by itself.
For the WAL's disk it needs a mount namespace: root, or a kernel that gives users one."""
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.office import Office  # noqa: E402
from support.postgres import PROGRAMS  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.small_disk import SmallDisk, enter_own_mounts  # noqa: E402
from support.standstill import STANDSTILL  # noqa: E402

ANSWER_MAX_S = 2.0
BACK_MAX_S = 60
WAL_DISK_BYTES = 112 << 20
TABLES = "run, clip, gap, volume, camera, session"


def processes_of(server):
    """The server and its children, as the kernel has them."""
    with open(f"/proc/{server.pid}/task/{server.pid}/children") as children:
        return [server.pid] + [int(pid) for pid in children.read().split()]


class Asking:
    """Asks the API while a fault lasts; at the end: the slowest answer, and how many were no 503."""

    def __init__(self, client):
        self.client, self.slowest_s, self.answers, self.others, self.done = client, 0.0, 0, [], threading.Event()
        self.thread = threading.Thread(target=self._ask)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()

    def _ask(self):
        while not self.done.wait(0.2):
            begun, begun_at = time.monotonic(), time.time()
            status = self.client.get("/v1/cameras").status
            self.slowest_s = max(self.slowest_s, time.monotonic() - begun - STANDSTILL.since_s(begun_at))
            self.answers += 1
            if status != 503:
                self.others.append(status)


def killed(office, lasts_s):
    os.kill(office.postgres.server.pid, signal.SIGKILL)
    office.postgres.server.wait(60)
    time.sleep(lasts_s)
    office.postgres.start()


def frozen(office, lasts_s):
    stopped = processes_of(office.postgres.server)
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(lasts_s)
    for pid in stopped:
        os.kill(pid, signal.SIGCONT)


def locked(office, lasts_s):
    # Whoever waits in a circle with this gives up before it does.
    office.postgres.sql(f"SET deadlock_timeout = '30s'; BEGIN; LOCK TABLE {TABLES} IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep({lasts_s}); COMMIT")


def out_of_wal_space(office, lasts_s):
    """Something else writes so much that the disk of the WAL is full: the server ends, and can't start before there is space."""
    office.wal_disk.leave_free(0)
    subprocess.run([PROGRAMS + "psql", "-X", "-q", "-h", office.postgres.host, "-U", "postgres", "-d", "yagura"], capture_output=True, text=True,
                   input="CREATE TABLE bulk AS SELECT g, repeat(md5(g::text), 20) FROM generate_series(1, 400000) AS g", timeout=120)
    wait_until("the server's end", lambda: office.postgres.server.poll() is not None, 60)
    with open(os.path.join(office.postgres.host, "server.log")) as log:
        assert "No space left on device" in log.read()
    time.sleep(lasts_s)
    os.unlink(office.wal_disk.ballast)
    office.postgres.start()


def suffer(office, client, fault, lasts_s):
    """The slowest answer while it lasted, and how long after its end everything that was closed was in the catalogue."""
    with Asking(client) as asking:
        fault(office, lasts_s)
    over = time.monotonic()
    assert asking.slowest_s <= ANSWER_MAX_S, f"{fault.__name__}: an answer after {asking.slowest_s:.2f} s"
    assert len(asking.others) < asking.answers, f"{fault.__name__}: never 503"
    wait_until("readyz", lambda: client.get("/readyz").status == 200, BACK_MAX_S)
    closed = len(office.clip_files()) - office.cameras
    wait_until("every closed clip in the catalogue", lambda: int(office.postgres.sql("SELECT count(*) FROM clip")[0][0]) >= closed, BACK_MAX_S, 0.2)
    print(f"{fault.__name__}: {asking.answers} answers, the slowest after {asking.slowest_s:.2f} s; all rows {time.monotonic() - over:.1f} s after its end")


def move_wal(office, disk):
    """PostgreSQL's log of changes to a disk of its own."""
    office.wal_disk = disk
    office.postgres.stop()
    wal = os.path.join(office.postgres.data, "pg_wal")
    moved = os.path.join(disk.folder, "pg_wal")
    subprocess.run(["cp", "-a", wal, moved], check=True)
    shutil.rmtree(wal)
    os.symlink(moved, wal)
    office.postgres.start()


def scenario(options, folder):
    with (SmallDisk(folder + "-wal", WAL_DISK_BYTES) as disk,
          Office(folder, options.build, cameras=options.cameras, loop=loop(options, "main")) as office):
        move_wal(office, disk)
        office.start("record")
        office.start_api_and_media()
        office.wait_all_recording(60)
        client = office.sign_in("crisis")
        begun = time.time()
        for fault in (killed, frozen, locked, out_of_wal_space):
            suffer(office, client, fault, options.lasts_s)
            time.sleep(2)
        time.sleep(3)
        assert not office.postgres.sql(f"SELECT reason FROM gap WHERE start_at > to_timestamp({begun})"), "a gap began"
        report = office.check_sent()
        assert report["frames_lost"] == 0 and report["disagreements"] == 0, report
        print(f"{report['frames_sent']} frames sent, 0 lost, no gap, 0 disagreements")


if __name__ == "__main__":
    enter_own_mounts()
    parsed = arguments(__doc__, cameras=4, lasts_s=12)
    run(lambda folder: scenario(parsed, folder))
