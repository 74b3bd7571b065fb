"""One connection to the test's PostgreSQL that stays open: what it says is done when `run` returns is committed."""
import subprocess

from support.postgres import PROGRAMS


class SqlSession:
    def __init__(self, postgres, role):
        self._psql = subprocess.Popen(
            [PROGRAMS + "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", postgres.host, "-U", role, "-d", "yagura"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1)

    def run(self, text):
        self._psql.stdin.write(text.rstrip().rstrip(";") + ";\n\\echo done\n")
        self._psql.stdin.flush()
        lines = []
        while True:
            line = self._psql.stdout.readline()
            assert line, f"psql: {lines}"
            if line == "done\n":
                return lines
            lines.append(line.rstrip("\n"))

    def close(self):
        self._psql.stdin.close()
        self._psql.wait(60)
