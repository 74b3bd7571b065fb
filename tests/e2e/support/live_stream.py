"""Watches live.mp4 as a client would: TLS, HTTP/1.1 chunks, MP4 boxes; notes when the last byte of each frame came, and which frame it was."""
import socket
import ssl
import struct
import threading
import time

from support.sent_log import STAMP_UUID


class LiveStream:
    def __init__(self, host, port, authority, token, path):
        raw = socket.create_connection((host, port), timeout=60)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = ssl.create_default_context(cafile=authority).wrap_socket(raw, server_hostname=host)
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        self.opened_at = time.time()
        self.ended_at = None
        self._frames, self._lock = [], threading.Lock()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def frames(self):
        """[((camera, epoch, number), time)] so far."""
        with self._lock:
            return list(self._frames)

    def ended(self):
        return self.ended_at is not None

    def close(self):
        """Hangs up; gives the frames."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it has ended already
        self._thread.join()
        return self.frames()

    def _run(self):
        try:
            self._read()
        except (OSError, EOFError, ValueError):
            pass  # it ended, or was hung up on: then what follows is no chunk
        self.ended_at = time.time()

    def _read(self):
        file = self._socket.makefile("rb")
        status = file.readline()
        assert b" 200 " in status, status
        while file.readline() not in (b"\r\n", b""):
            pass
        boxes = b""
        while True:
            size = int(file.readline() or b"0", 16)
            if size == 0:
                raise EOFError
            boxes += file.read(size)
            at = time.time()
            file.readline()
            boxes = self._take_boxes(boxes, at)

    def _take_boxes(self, boxes, at):
        while len(boxes) >= 8:
            size, kind = struct.unpack_from(">I4s", boxes)
            if len(boxes) < size:
                break
            if kind == b"mdat":
                self._note(boxes[8:size], at)
            boxes = boxes[size:]
        return boxes

    def _note(self, frame, at):
        where = frame.find(STAMP_UUID)
        assert where >= 0, "a frame without a stamp"
        with self._lock:
            self._frames.append((stamp_key(frame, where), at))


def stamp_key(frame, where):
    """(camera, epoch, number) of the stamp whose uuid stands at `where`."""
    text = frame[where + 16:where + 56].decode()
    return int(text[:8], 16), int(text[8:24], 16), int(text[24:], 16)
