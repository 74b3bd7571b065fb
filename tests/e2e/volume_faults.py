#!/usr/bin/env python3
"""Two volumes, one of them on a disk that fails under the recorder: unmounted, another disk in its place, made read-only by an error of its file
system. Recording goes on at the other volume within 5 s, nothing is written where the volume isn't, and what was recorded before plays. Needs root: a
mount namespace, a loop device, ext4."""
import glob
import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "faults")]

from disks import LIBC, SACRIFICE, Disk, checked, into_own_mounts  # noqa: E402
from support.office import Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402

ELSEWHERE_WITHIN_S = 5
MNT_DETACH, MS_BIND = 2, 4096


class FailingDisk(Disk):
    """An ext4 that becomes read-only when it finds an error in itself."""

    def __init__(self):
        super().__init__("ext4")
        os.unlink(os.path.join(self.mount, SACRIFICE))  # a volume begins empty

    def _mount(self):
        checked(LIBC.mount(self.device.encode(), self.mount.encode(), b"ext4", 0, b"errors=remount-ro"), f"mount -o errors=remount-ro {self.device}")

    def take_away(self):
        """As `umount --lazy`: whoever has a file open goes on writing to it."""
        checked(LIBC.umount2(self.mount.encode(), MNT_DETACH), f"umount --lazy {self.mount}")

    def give_back(self):
        self._mount()

    def cover_with(self, folder):
        checked(LIBC.mount(folder.encode(), self.mount.encode(), None, MS_BIND, None), f"mount --bind {folder}")

    def fail(self):
        with open(f"/sys/fs/ext4/{os.path.basename(self.device)}/trigger_fs_error", "w") as trigger:
            trigger.write("1")


def written_lately(volume, since):
    """The cameras that have a file there which has grown since."""
    return {os.path.basename(os.path.dirname(path)) for path in glob.glob(os.path.join(volume, "clips/*/*/*.mp4")) if os.path.getmtime(path) > since}


def gaps_since(office, since_s):
    """(code, reason, seconds) of those that have ended, or go on."""
    rows = office.postgres.sql("SELECT code, reason, extract(epoch FROM coalesce(end_at, now()) - start_at) FROM gap JOIN camera ON camera.id = camera_id"
                               f" WHERE start_at > to_timestamp({since_s}) AND coalesce(end_at, 'infinity') > start_at ORDER BY start_at")
    return [(code, reason, float(seconds)) for code, reason, seconds in rows]


def failures(office):
    return sum(value for (name, _), value in office.metrics().items() if name == "yagura_volume_failures_total")


class Fault:
    """What happens to the first volume, and how long until the others and whoever looks after them know."""

    def __init__(self, office, disk):
        self.office, self.disk, self.spare = office, disk, office.volumes[1]
        office.start("record")
        office.wait_all_recording(60)
        time.sleep(3)  # of each camera something is durable
        self.here = written_lately(disk.mount, time.time() - 3)
        assert len(self.here) == office.cameras // 2, f"expected half of the cameras on the disk that fails: {self.here}"
        self.failures = failures(office)
        self.begun = time.time()

    def until_elsewhere(self):
        wait_until("the cameras on the other volume", lambda: len(written_lately(self.spare, time.time() - 2)) == self.office.cameras, 20, 0.1)
        return time.time() - self.begun

    def until_told(self):
        wait_until("the alarm", lambda: failures(self.office) > self.failures, 20, 0.1)
        return time.time() - self.begun

    def judge(self, name, until_told, until_elsewhere, gap_max_s):
        time.sleep(6)  # what was sent until now is settled
        gaps = gaps_since(self.office, self.begun - 1)
        assert all(reason == "write_failed" and seconds <= gap_max_s for _, reason, seconds in gaps), gaps
        assert max(until_told, until_elsewhere) <= ELSEWHERE_WITHIN_S, (until_told, until_elsewhere)
        self.office.children["record"].stop()
        longest = max((seconds for _, _, seconds in gaps), default=0)
        print(f"{name}: told after {until_told:.1f} s, all cameras on the other volume after {until_elsewhere:.1f} s, longest gap {longest:.2f} s")


def unmounted(office, disk):
    fault = Fault(office, disk)
    disk.take_away()
    told, elsewhere = fault.until_told(), fault.until_elsewhere()
    fault.judge("unmounted", told, elsewhere, 0)
    assert os.listdir(disk.mount) == [], f"written where no volume was: {os.listdir(disk.mount)}"
    disk.give_back()


def another_in_its_place(office, disk):
    """The other volume's disk, with folders of the same names."""
    fault = Fault(office, disk)
    disk.cover_with(office.volumes[1])
    told, elsewhere = fault.until_told(), fault.until_elsewhere()
    fault.judge("another disk in its place", told, elsewhere, 0)
    disk.take_away()


def made_read_only(office, disk):
    fault = Fault(office, disk)
    disk.fail()
    fault.judge("made read-only", fault.until_told(), fault.until_elsewhere(), ELSEWHERE_WITHIN_S)


def nothing_lost(office):
    report = office.check_sent()
    assert report["frames_lost"] == 0 and report["disagreements"] == 0, report
    return report["frames_sent"]


def scenario(options, folder):
    disk = FailingDisk()
    try:
        spare = os.path.join(os.path.dirname(folder), "spare")
        with Office(folder, options.build, cameras=options.cameras, loop=loop(options, "main"), volume=disk.mount, more_volumes=[spare]) as office:
            for fault in (unmounted, another_in_its_place, made_read_only):
                fault(office, disk)
                frames = nothing_lost(office)
            print(f"{frames} frames sent, 0 lost, 0 disagreements")
    finally:
        disk.close()


if __name__ == "__main__":
    parsed = arguments(__doc__, cameras=6)
    into_own_mounts()
    run(lambda folder: scenario(parsed, folder))
