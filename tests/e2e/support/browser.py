"""A real Chromium, driven by Debian's chromedriver over plain WebDriver (W3C) requests."""
import http.client
import json
import os

from support.processes import Child, free_port, wait_until

# Without these a browser asks its maker's hosts for news at every start.
QUIET = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required", "--disable-dev-shm-usage"]


class Browser:
    """One window. The server's certificate comes from a test's own authority, so the browser is told to accept what it can't check."""

    def __init__(self, folder):
        os.makedirs(folder, exist_ok=True)
        self.port = free_port()
        self.driver = Child("chromedriver", ["chromedriver", f"--port={self.port}"], os.path.join(folder, "chromedriver.log"),
                            env={**os.environ, "HOME": folder})
        wait_until("chromedriver", self._ready, 30)
        options = {"args": QUIET + [f"--user-data-dir={folder}/profile"], "binary": "/usr/bin/chromium"}
        value = self._call("POST", "/session", {"capabilities": {"alwaysMatch": {"acceptInsecureCerts": True, "goog:chromeOptions": options}}})
        self.session = value["sessionId"]
        self._call("POST", self._path("/timeouts"), {"script": 120_000})

    def go(self, url):
        self._call("POST", self._path("/url"), {"url": url})

    def run(self, script, *arguments):
        """What the script, the body of an async function, returns."""
        wrapped = ("const done = arguments[arguments.length - 1]; const given = Array.from(arguments).slice(0, -1);"
                   "(async (...args) => {" + script + "})(...given).then(v => done({value: v}), e => done({error: String(e && e.stack || e)}));")
        answer = self._call("POST", self._path("/execute/async"), {"script": wrapped, "args": list(arguments)})
        assert "error" not in answer, answer.get("error")
        return answer.get("value")

    def close(self):
        try:
            self._call("DELETE", self._path(""))
        finally:
            self.driver.stop()

    def _path(self, rest):
        return f"/session/{self.session}{rest}"

    def _ready(self):
        try:
            return self._call("GET", "/status")["ready"]
        except OSError:
            assert self.driver.running(), self.driver.tail()
            return False

    def _call(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=150)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, {"Content-Type": "application/json"})
            answer = json.loads(connection.getresponse().read())["value"]
        finally:
            connection.close()
        assert not (isinstance(answer, dict) and "error" in answer and "message" in answer), f"{path}: {answer}"
        return answer
