"""A small file system of a test's own: tmpfs, mounted where nobody else sees it, and filled at will by something that is no footage."""
import errno
import os
import subprocess
import sys

ENTERED = "YAGURA_OWN_MOUNTS"


def enter_own_mounts():
    """Runs the script once more in a mount namespace of its own: whatever is mounted goes with it, however it ends."""
    if os.environ.get(ENTERED):
        return
    as_root = (["--mount"], ["--mount", "--propagation", "unchanged"])  # the second: in a chroot, which can't change its root's propagation
    as_user = (["--user", "--map-current-user", "--keep-caps", "--mount"],)
    for options in as_root if os.geteuid() == 0 else as_user:
        if subprocess.run(["unshare", *options, "true"], capture_output=True).returncode == 0:
            os.environ[ENTERED] = "1"
            os.execvp("unshare", ["unshare", *options, sys.executable, "-B", *sys.argv])
    sys.exit("a mount namespace is needed, and none can be had here")


class SmallDisk:
    """`with SmallDisk(folder, size) as disk:` the folder is a file system of that many bytes."""

    def __init__(self, folder, size_bytes):
        self.folder, self.size_bytes = folder, size_bytes
        self.ballast = os.path.join(folder, "ballast")

    def __enter__(self):
        os.makedirs(self.folder)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={self.size_bytes},mode=0755", "tmpfs", self.folder], check=True)
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "--lazy", self.folder], check=True)

    def total_bytes(self):
        space = os.statvfs(self.folder)
        return space.f_blocks * space.f_frsize

    def free_bytes(self):
        space = os.statvfs(self.folder)
        return space.f_bavail * space.f_frsize

    def fill_up(self):
        """To the last byte, whoever else writes meanwhile."""
        with open(self.ballast, "ab", buffering=0) as ballast:
            for size in (1 << 20, 4096, 1):
                try:
                    while True:
                        ballast.write(bytes(size))
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise

    def leave_free(self, free_bytes):
        """Grows or shrinks the ballast so that this much is free."""
        with open(self.ballast, "ab") as ballast:
            size = max(0, os.path.getsize(self.ballast) + self.free_bytes() - int(free_bytes))
            os.truncate(self.ballast, min(size, os.path.getsize(self.ballast)))
            if size > 0:
                os.posix_fallocate(ballast.fileno(), 0, size)
