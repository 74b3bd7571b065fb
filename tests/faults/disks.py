"""File systems of a trial's own, on loop devices over files in memory, whose power can be cut. For root."""
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile

LIBC = ctypes.CDLL(None, use_errno=True)
MAKE = {"ext4": ["mkfs.ext4", "-q", "-F"], "xfs": ["mkfs.xfs", "-q", "-f"]}
SIZE_BYTES = 512 * 1024 * 1024
SACRIFICE = "yagura-power-cuts"  # by this file storage_trial knows what it may shut down


class NoDisk(Exception):
    """What is missing on this machine."""


def checked(outcome, what):
    if outcome != 0:
        raise NoDisk(f"{what}: {os.strerror(ctypes.get_errno())}")


class Disk:
    """One file system, mounted at `mount` from now until close()."""

    def __init__(self, kind):
        self.kind = kind
        self.folder = tempfile.mkdtemp(prefix="yg-faults-", dir="/dev/shm")
        self.mount, self.loop = os.path.join(self.folder, "mount"), -1
        try:
            self._make()
        except BaseException:
            self.close()
            raise

    def _make(self):
        image = os.path.join(self.folder, "image")
        with open(image, "wb") as file:
            file.truncate(SIZE_BYTES)
        os.mkdir(self.mount)
        run(*MAKE[self.kind], image)
        self.device = run("losetup", "--find", "--show", image)
        # The device is there as long as somebody has it open: it goes with this process.
        self.loop = os.open(self.device, os.O_RDWR | os.O_CLOEXEC)
        run("losetup", "--detach", self.device)
        os.unlink(image)
        self._mount()
        with open(os.path.join(self.mount, SACRIFICE), "w") as file:
            os.fsync(file.fileno())
        os.sync()

    def _mount(self):
        checked(LIBC.mount(self.device.encode(), self.mount.encode(), self.kind.encode(), 0, None), f"mount {self.device}")

    def _unmount(self):
        checked(LIBC.umount2(self.mount.encode(), 0), f"umount {self.mount}")

    def power_on(self):
        """After a cut: what was not synced is gone, and the file system's own log is played."""
        self._unmount()
        self._mount()

    def close(self):
        if self.loop >= 0:
            LIBC.umount2(self.mount.encode(), 0)
            os.close(self.loop)
        shutil.rmtree(self.folder, ignore_errors=True)


def run(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        raise NoDisk(f"no {command[0]}; next: deploy/install-dependencies") from None
    if done.returncode != 0:
        raise NoDisk(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout.strip()


def into_own_mounts():
    """What this process mounts is seen by it and its children alone, and goes with them."""
    CLONE_NEWNS, MS_REC, MS_PRIVATE = 0x20000, 0x4000, 1 << 18
    checked(LIBC.unshare(CLONE_NEWNS), "unshare")
    checked(LIBC.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None), "mount --make-rprivate /")


def end_with_parent():
    """Cleans up when it is told to end, and is told so when its parent is gone."""
    PR_SET_PDEATHSIG = 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    checked(LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM), "prctl")
