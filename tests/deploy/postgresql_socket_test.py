#!/usr/bin/env python3
"""Where deploy/lib/postgresql.sh puts the socket of a cluster whose own path is too long for one: in /tmp, in a folder that is nobody else's."""
import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
SOURCED = "set -eu; . deploy/lib/words.sh; . deploy/lib/postgresql.sh; pg_folder=$0; pg_owner=$(id -un); "


class SocketFolderTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="yg-")
        self.addCleanup(folder.cleanup)
        self.cluster = os.path.join(folder.name, "x" * 90)
        sum_of_path = subprocess.run(["cksum"], input=self.cluster, capture_output=True, text=True, check=True).stdout.split()[0]
        self.socket_folder = "/tmp/yagura-" + sum_of_path
        self.addCleanup(self.remove)

    def remove(self):
        if os.path.islink(self.socket_folder):
            os.remove(self.socket_folder)
        elif os.path.exists(self.socket_folder):
            os.rmdir(self.socket_folder)

    def choose(self, cluster):
        return subprocess.run(["bash", "-c", SOURCED + 'choose_postgresql_socket; echo "$pg_socket"', cluster], cwd=ROOT, capture_output=True,
                              text=True, timeout=60, env={**os.environ, "LC_ALL": "C.UTF-8"})

    def test_a_short_path_is_its_own(self):
        self.assertEqual(self.choose("/srv/yagura").stdout, "/srv/yagura\n")

    def test_it_is_made_for_its_owner_alone_and_found_again(self):
        for _ in range(2):
            self.assertEqual(self.choose(self.cluster).stdout, self.socket_folder + "\n")
            self.assertEqual(os.stat(self.socket_folder).st_mode & 0o777, 0o700)

    def test_a_folder_that_others_can_write_to_is_refused(self):
        os.mkdir(self.socket_folder)
        os.chmod(self.socket_folder, 0o777)
        self.assert_refused()

    def test_a_link_is_refused_and_what_it_leads_to_left_alone(self):
        target = tempfile.TemporaryDirectory(prefix="yg-")
        self.addCleanup(target.cleanup)
        os.chmod(target.name, 0o755)
        os.symlink(target.name, self.socket_folder)
        self.assert_refused()
        self.assertEqual(os.stat(target.name).st_mode & 0o777, 0o755)

    def assert_refused(self):
        done = self.choose(self.cluster)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertIn(self.socket_folder + " is not a folder of", done.stderr)


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
