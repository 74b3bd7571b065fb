"""Cameras of several kinds for one office: farms of our own, each with its own options and credentials, and GStreamer's RTSP server as a camera that
isn't ours."""
import os
import secrets

from support.processes import Child, free_port, listening, wait_until


class Farm:
    """`yagura simulate` with a camera for each of `loops`: camera n plays the n-th. With `auth` it asks for credentials, which stand in `self.credentials`."""

    def __init__(self, office, name, loops, options=(), auth=None):
        self.port, self.credentials = free_port(), None
        self.folder = os.path.join(office.folder, f"farm-{name}")
        os.mkdir(self.folder)
        self.sent_log = os.path.join(self.folder, "sent.log")
        command = [office.yagura_path, "simulate", "--cameras", str(len(loops)), "--port", str(self.port), "--sent-log", self.sent_log, *options]
        for loop in loops:
            command += ["--loop", loop]
        if auth:
            command += ["--auth", auth, "--credentials", self._write_credentials()]
        office.children[f"farm-{name}"] = Child(f"farm {name}", command, os.path.join(self.folder, "farm.log"))
        wait_until(f"the camera farm {name}", lambda: listening(self.port), 60)

    def url(self, number):
        return f"rtsp://127.0.0.1:{self.port}/camera/{number}"

    def _write_credentials(self):
        self.credentials = ("viewer", secrets.token_urlsafe(15))
        self.credentials_file = os.path.join(self.folder, "credentials")
        with open(os.open(self.credentials_file, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
            file.write("\n".join(self.credentials) + "\n")
        return self.credentials_file


class ForeignCamera:
    """GStreamer's RTSP server and payloader. It has one camera, number 1. With `transports` ("udp") it serves no others; with `credentials` it wants these."""

    def __init__(self, office, loop, transports=None, credentials=None):
        self.credentials = credentials
        folder = os.path.join(office.folder, "farm-foreign")
        os.mkdir(folder)
        self.sent_log, log = os.path.join(folder, "sent.log"), os.path.join(folder, "farm.log")
        command = [os.path.join(office.build, "tests/support/yagura_gst_camera"), "--port", "0", "--file", loop, "--sent-log", self.sent_log]
        command += ["--transports", transports] if transports else []
        command += ["--user", credentials[0], "--password", credentials[1]] if credentials else []
        office.children["farm-foreign"] = Child("yagura_gst_camera", command, log)
        self._url = wait_until("the foreign camera", lambda: self._printed_url(log), 60)

    def url(self, number):
        assert number == 1, "a foreign camera is number 1"
        return self._url

    @staticmethod
    def _printed_url(path):
        with open(path) as log:
            lines = [line for line in log if line.startswith("gst_camera: rtsp://") and line.endswith("\n")]
        return lines[0].split()[1] if lines else None


def add_camera(office, number, farm, with_credentials=True, transport="tcp"):
    """As Office adds its own: on floor (number - 1) mod 3 + 1. Credentials go by standard input alone."""
    floor = (number - 1) % 3 + 1
    given = farm.credentials if with_credentials else None
    office.yagura("camera", "add", "--code", f"{floor}F-{number:03}", "--name", f"Camera {number}", "--floor", f"{floor}F", "--unit", f"DEPT{floor}",
                  "--url", farm.url(number), "--in-service", "--transport", transport, *(["--credentials"] if given else []), stdin="\n".join(given or ()) + "\n")
    office.cameras += 1
    return f"{floor}F-{number:03}"


def give_credentials(office, code, farm):
    office.yagura("camera", "change", "--camera", code, "--credentials", stdin="\n".join(farm.credentials) + "\n")
