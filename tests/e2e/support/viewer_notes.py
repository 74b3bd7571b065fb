"""What a person was shown, by the person's own notes: the stamps in the bytes that came, and nothing that the product says."""
import re
import socket
import ssl
import threading
import time

from support.live_stream import LiveStream, stamp_key
from support.processes import wait_until
from support.sent_log import STAMP_UUID

STAMP = re.compile(re.escape(STAMP_UUID) + rb"[0-9a-f]{40}")


def stamps_in(body):
    """(camera, epoch, number) of each frame that has a whole stamp in `body`."""
    return [stamp_key(body, found.start()) for found in STAMP.finditer(body)]


def footage_bytes(body):
    """Of a movie's beginning: what lies behind its tables, and behind the header of mdat, whose size has 64 bits."""
    return len(body) - (body.index(b"mdat") + 12)


class Notes:
    """Of all plays of a test; threads add to them."""

    def __init__(self):
        self.plays, self._lock = [], threading.Lock()

    def add(self, person, camera, action, first_byte_at, stamps, footage_bytes, aborted=False):
        """`footage_bytes`: without what shows nothing (tables of a movie); None where that isn't known."""
        with self._lock:
            self.plays.append({"person": person, "camera": camera, "action": action, "at": first_byte_at, "stamps": stamps,
                               "bytes": footage_bytes, "aborted": aborted})


class Person:
    """Signed in, and behind nginx as people are."""

    def __init__(self, office, username, notes):
        self.office, self.notes = office, notes
        self.client = office.sign_in(username, through_nginx=True)
        self.id = self.client.get("/v1/session").json()["person_id"]

    def cameras(self):
        return self.client.all_items("/v1/cameras")

    def download(self, camera, from_text, to_text, byte_range=None):
        """video.mp4, all of it or some of its bytes."""
        headers = {"Range": byte_range} if byte_range else {}
        asked = time.time()
        reply = self.client.request("GET", f"/v1/cameras/{camera['id']}/video.mp4", headers=headers, from_=from_text, to=to_text)
        assert reply.status == (206 if byte_range else 200), f"{reply.status} {reply.body[:200]}"
        footage = None if byte_range else footage_bytes(reply.body)
        self.notes.add(self.id, camera["id"], "footage.download", asked, stamps_in(reply.body), footage)

    def download_some(self, camera, from_text, to_text, bytes_max):
        """Hangs up after so many bytes."""
        path = f"/v1/cameras/{camera['id']}/video.mp4?from={from_text}&to={to_text}"
        asked = time.time()
        raw = socket.create_connection(("localhost", self.office.https_port), timeout=60)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        body = b""
        with ssl.create_default_context(cafile=self.office.authority).wrap_socket(raw, server_hostname="localhost") as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.client.token}\r\nConnection: close\r\n\r\n".encode())
            while len(body) < bytes_max:
                piece = connection.recv(16384)
                if not piece:
                    break
                body += piece
        assert body.startswith(b"HTTP/1.1 200"), body[:200]
        self.notes.add(self.id, camera["id"], "footage.download", asked, stamps_in(body), footage_bytes(body), aborted=True)

    def play(self, camera, from_text, to_text, segments):
        """HLS: of the playlist's segments those numbered so, in that order: a jump where they don't follow."""
        playlist = self.client.get(f"/v1/cameras/{camera['id']}/playback.m3u8", from_=from_text, to=to_text)
        assert playlist.status == 200, playlist.body[:200]
        lines = re.findall(rb"#EXT-X-BYTERANGE:(\d+)@(\d+)\n(\S+)", playlist.body)
        assert lines, playlist.body[:500]
        for number in segments:
            size, offset, url = lines[number % len(lines)]
            first = int(offset)
            path = "/v1/" + url.decode().split("/v1/")[-1].lstrip("./")
            asked = time.time()
            reply = self.client.request("GET", path, headers={"Range": f"bytes={first}-{first + int(size) - 1}"})
            assert reply.status == 206, f"{path}: {reply.status} {reply.body[:200]}"
            self.notes.add(self.id, camera["id"], "footage.play", asked, stamps_in(reply.body), len(reply.body))

    def watch(self, camera, seconds):
        stream = LiveStream("localhost", self.office.https_port, self.office.authority, self.client.token, f"/v1/cameras/{camera['id']}/live.mp4")
        time.sleep(seconds)
        wait_until(f"a picture of {camera['code']}", stream.frames, 60)
        frames = stream.close()
        self.notes.add(self.id, camera["id"], "live.play", stream.opened_at, [key for key, _ in frames], None, aborted=True)
