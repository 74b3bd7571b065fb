"""Requests one after the other, without a pause, while something changes: which of those that began after the change was acknowledged were still permitted."""
import http.client
import threading
import time


class Asker:
    """Asks for one path again and again, on a connection that stays open."""

    def __init__(self, port, token, method, path, headers=None):
        self.path, self.method = path, method
        self._headers = {"Authorization": "Bearer " + token, **(headers or {})}
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._answers, self._lock, self._stopping = [], threading.Lock(), False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def since(self, at):
        """Statuses of the answers to requests that began after `at`."""
        with self._lock:
            return [status for began, status in self._answers if began > at]

    def forget(self):
        with self._lock:
            self._answers.clear()

    def stop(self):
        self._stopping = True
        self._thread.join()
        self._connection.close()

    def _run(self):
        while not self._stopping:
            began = time.monotonic()
            self._connection.request(self.method, self.path, headers=self._headers)
            reply = self._connection.getresponse()
            reply.read()
            with self._lock:
                self._answers.append((began, reply.status))


def await_answers(askers, at, count, permitted, timeout_s=60):
    """Until each has `count` answers to requests begun after `at`; with `permitted`, so many that were permitted."""
    deadline = time.monotonic() + timeout_s
    while True:
        short = [asker for asker in askers if len([s for s in asker.since(at) if not permitted or s < 300]) < count]
        if not short:
            return
        assert time.monotonic() < deadline, f"{short[0].method} {short[0].path}: {short[0].since(at)[-3:]}"
        time.sleep(0.002)
