"""A PostgreSQL 15 cluster of a test's own, on a Unix socket only, its server a direct child."""
import os
import pwd
import shutil
import signal
import subprocess

from support.processes import wait_until

PROGRAMS = "/usr/lib/postgresql/15/bin/"
ROLES = os.path.join(os.path.dirname(__file__), "../../../storage/schema/roles.sql")


class Postgres:
    """As root the server runs as the system user `postgres` of Debian's package: it refuses to run as root."""

    def __init__(self, folder):
        self.host = folder
        self.data = os.path.join(folder, "data")
        self.server = None
        self.as_server = []
        os.makedirs(folder)
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
            self.as_server = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        self._run("initdb", "-D", self.data, "-U", "postgres", "--auth-local=trust", "--auth-host=reject",
                  "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
        settings = (f"listen_addresses=''\nunix_socket_directories='{folder}'\nmax_connections=60\n"
                    "shared_buffers=64MB\nlog_min_messages=warning\nlog_line_prefix='%m [%p] '\n")
        with open(os.path.join(self.data, "postgresql.conf"), "a") as conf:
            conf.write(settings)
        self.start()
        with open(ROLES) as roles:
            self.sql(roles.read(), database="postgres")
        self.sql("CREATE DATABASE yagura OWNER yagura_owner", database="postgres")

    def start(self):
        log = open(os.path.join(self.host, "server.log"), "ab")
        self.server = subprocess.Popen(
            self.as_server + [PROGRAMS + "postgres", "-D", self.data], stdin=subprocess.DEVNULL, stdout=log,
            stderr=log, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": self.host}, start_new_session=True)
        wait_until("PostgreSQL", self._answers, 60)

    def stop(self):
        """As an operator would: connections are broken, data is written."""
        self.server.send_signal(signal.SIGINT)
        self.server.wait(60)

    def kill(self):
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGQUIT)
            self.server.wait(60)

    def sql(self, text, database="yagura", role="postgres"):
        """Rows as lists of text."""
        return [line.split("\t") for line in self.run(text, database, role).splitlines()]

    def run(self, text, database="yagura", role="postgres", timeout_s=60):
        """What psql prints: a line each row, tabs between its values."""
        done = subprocess.run(
            [PROGRAMS + "psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-h", self.host, "-U", role,
             "-d", database], input=text, capture_output=True, text=True, timeout=timeout_s)
        assert done.returncode == 0, f"psql: {done.stderr}"
        return done.stdout

    def _answers(self):
        assert self.server.poll() is None, open(os.path.join(self.host, "server.log")).read()[-2000:]
        return subprocess.run([PROGRAMS + "pg_isready", "-q", "-h", self.host]).returncode == 0

    def _run(self, program, *arguments):
        done = subprocess.run(self.as_server + [PROGRAMS + program, *arguments], capture_output=True, text=True,
                              env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": self.host}, timeout=120)
        assert done.returncode == 0, f"{program}: {done.stderr}"

    def remove(self):
        self.kill()
        shutil.rmtree(self.host, ignore_errors=True)
