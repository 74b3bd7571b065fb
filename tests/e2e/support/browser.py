"""A real Chromium, driven by Debian's chromedriver over plain WebDriver (W3C) requests."""
import base64
import contextlib
import http.client
import json
import os
import time

from support.processes import Child, free_port, wait_until

# Without these a browser asks its maker's hosts for news at every start.
QUIET = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required", "--disable-dev-shm-usage"]


# What WebDriver calls a reference to an element, and keys that have no character.
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "ArrowLeft": "\ue012", "ArrowRight": "\ue014", "Tab": "\ue004", "PageDown": "\ue00f", "Home": "\ue011",
        "Shift": "\ue008"}


# What WebDriver says of an element in a page that is just being drawn anew.
PASSING = ("stale element reference", "element click intercepted", "element not interactable", "invalid element state")


class Browser:
    """One window. The server's certificate comes from a test's own authority, so the browser is told to accept what it can't check."""

    def __init__(self, folder):
        os.makedirs(folder, exist_ok=True)
        self.port = free_port()
        self.driver = Child("chromedriver", ["chromedriver", f"--port={self.port}"], os.path.join(folder, "chromedriver.log"),
                            env={**os.environ, "HOME": folder})
        wait_until("chromedriver", self._ready, 60)
        self.session = self._start_chromium(folder)
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

    def resize(self, width, height):
        """What the page has of the window."""
        frame = self.run("return [outerWidth - innerWidth, outerHeight - innerHeight];")
        self._call("POST", self._path("/window/rect"), {"width": width + frame[0], "height": height + frame[1]})

    def picture(self, path):
        """What the window shows, as a PNG."""
        with open(path, "wb") as file:
            file.write(base64.b64decode(self._call("GET", self._path("/screenshot"))))

    def click(self, css, nth=0):
        """As a person does: it must be there, in view, and under nothing else."""
        self._with_element(css, nth, lambda element: self._call("POST", self._path(f"/element/{element}/click"), {}))

    def type(self, css, text):
        """Clears a field and types into it."""
        def clear_and_type(element):
            self._call("POST", self._path(f"/element/{element}/clear"), {})
            self._call("POST", self._path(f"/element/{element}/value"), {"text": text})
        self._with_element(css, 0, clear_and_type)

    def press(self, *keys):
        """Keys, one after the other, at whatever has the focus: characters or names of KEYS."""
        actions = []
        for key in keys:
            value = KEYS.get(key, key)
            actions += [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self._act([{"type": "key", "id": "keys", "actions": actions}])

    def place(self, css, fraction):
        """The point at that fraction of an element's width, at its middle height, with the element in view."""
        self._find(css, 0)
        box = self.run("const element = document.querySelector(args[0]); element.scrollIntoView({block: 'nearest'});"
                       "const box = element.getBoundingClientRect(); return [box.left, box.top, box.width, box.height];", css)
        return {"x": round(box[0] + box[2] * fraction), "y": round(box[1] + box[3] / 2)}

    def point_at(self, css, fraction, *then):
        """Moves the pointer there; then its further actions."""
        self._act([{"type": "pointer", "id": "mouse", "actions": [{"type": "pointerMove", **self.place(css, fraction)}, *then]}])

    def click_at(self, css, fraction):
        self.point_at(css, fraction, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0})

    def drag(self, css, fraction, to):
        self.point_at(css, fraction, {"type": "pointerDown", "button": 0}, {"type": "pointerMove", **self.place(css, to)}, {"type": "pointerUp", "button": 0})

    @contextlib.contextmanager
    def holding(self, key):
        """With a key held down."""
        self._act([{"type": "key", "id": "keys", "actions": [{"type": "keyDown", "value": KEYS[key]}]}])
        try:
            yield
        finally:
            self._act([{"type": "key", "id": "keys", "actions": [{"type": "keyUp", "value": KEYS[key]}]}])

    def wheel_at(self, css, fraction, delta):
        self._act([{"type": "wheel", "id": "wheel", "actions": [{"type": "scroll", **self.place(css, fraction), "deltaX": 0, "deltaY": delta}]}])

    def devtools(self, command, **parameters):
        """What Chromium's own protocol answers."""
        return self._call("POST", self._path("/goog/cdp/execute"), {"cmd": command, "params": parameters})

    def close(self):
        try:
            self._call("DELETE", self._path(""))
        finally:
            self.driver.stop()

    def _find(self, css, nth):
        found = wait_until(css, lambda: self._call("POST", self._path("/elements"), {"using": "css selector", "value": css})[nth:], 60)
        return found[0][ELEMENT]

    def _start_chromium(self, folder, tries=3):
        """More than once: on a busy machine chromedriver gives up before Chromium answers."""
        options = {"args": QUIET + [f"--user-data-dir={folder}/profile{tries}"], "binary": "/usr/bin/chromium"}
        try:
            asked = {"capabilities": {"alwaysMatch": {"acceptInsecureCerts": True, "goog:chromeOptions": options}}}
            return self._call("POST", "/session", asked)["sessionId"]
        except AssertionError:
            if tries == 1:
                raise
            return self._start_chromium(folder, tries - 1)

    def _with_element(self, css, nth, action):
        """Tried again where the page is just changing, as a person would: what lies over it, or isn't there, for long, fails."""
        until = time.monotonic() + 20
        while True:
            try:
                return action(self._find(css, nth))
            except AssertionError as error:
                if time.monotonic() > until or not any(passing in str(error) for passing in PASSING):
                    raise
                time.sleep(0.2)

    def _act(self, actions):
        self._call("POST", self._path("/actions"), {"actions": actions})

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
