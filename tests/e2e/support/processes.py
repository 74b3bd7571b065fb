"""Children of a test: started with their output kept, awaited, killed on the way out. Nothing is left running."""
import os
import random
import signal
import socket
import subprocess
import time


class Child:
    """One process of the product or around it. Its output goes to `log_path`, which a failing test prints."""

    def __init__(self, name, command, log_path, env=None):
        self.name = name
        self.log_path = log_path
        self._log = open(log_path, "ab")
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self._log, stderr=subprocess.STDOUT,
            env=env, start_new_session=True)

    @property
    def pid(self):
        return self.process.pid

    def running(self):
        return self.process.poll() is None

    def kill(self):
        """SIGKILL, at once, and nothing else; to what it has started too: nginx's workers go on without their master."""
        if self.running():
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait(60)

    def stop(self, timeout_s=60):
        """SIGTERM; fails when the process doesn't end in time. Returns its exit code."""
        if self.running():
            os.kill(self.pid, signal.SIGTERM)
        try:
            return self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self.name} did not stop within {timeout_s} s of SIGTERM:\n{self.tail()}")
        finally:
            self._log.close()

    def tail(self, lines=30):
        with open(self.log_path, "rb") as log:
            return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])


_given = set()


def free_port():
    """One that nobody listens at: none of those that the system gives to whoever asks for any, so that it is free until it is used; each once."""
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("", port))
            except OSError:
                continue
        if port not in _given:
            _given.add(port)
            return port


def wait_until(what, condition, timeout_s, every_s=0.05):
    """The first truthy result of `condition`; fails after `timeout_s` naming `what` was awaited."""
    deadline = time.monotonic() + timeout_s
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {timeout_s} s for {what}")
        time.sleep(every_s)


def listening(port):
    with socket.socket() as probe:
        probe.settimeout(5)
        return probe.connect_ex(("127.0.0.1", port)) == 0
