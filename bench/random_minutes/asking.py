"""How long it takes from asking for a minute to the first byte of its footage: by the product, by plain reading, by ffmpeg."""
import os
import re
import socket
import subprocess
import tempfile
import time

PIECE = 65536
RUN_BEGINS_S = 10  # of media time


def ms_since(begun):
    return (time.perf_counter() - begun) * 1000


class Answer:
    """One answer over a connection that stays open: its head at once, its body as it is read."""

    def __init__(self, connection, rest):
        self.connection, data = connection, rest
        while b"\r\n\r\n" not in data:
            data += self._receive()
        head, self.ahead = data.split(b"\r\n\r\n", 1)
        self.status = int(head.split(b" ", 2)[1])
        self.left = int(re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE).group(1)) - len(self.ahead)

    def read(self):
        """What is there of the body, some of it at least; empty at its end."""
        if self.ahead:
            data, self.ahead = self.ahead, b""
            return data
        if self.left == 0:
            return b""
        data = self._receive()
        self.left -= len(data)
        return data

    def all(self):
        return b"".join(iter(self.read, b""))

    def _receive(self):
        data = self.connection.recv(1 << 20)
        assert data, "the connection was closed"
        return data


class Player:
    """One person's player."""

    def __init__(self, office, username):
        self.token = office.sign_in(username).token
        self.connection = socket.create_connection(("127.0.0.1", office.media_port))
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, path, headers=""):
        self.connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.token}\r\n{headers}\r\n".encode())
        answer = Answer(self.connection, b"")
        assert answer.status in (200, 206), f"{path}: {answer.status} {answer.all()[:300]}"
        return answer


def read_video(player, minute):
    """video.mp4: up to the first byte of mdat's payload, past the tables."""
    begun = time.perf_counter()
    answer = player.ask(f"/v1/cameras/{minute.camera}/video.mp4?from={minute.from_}&to={minute.to}")
    data = b""
    while (at := footage_at(data)) is None or len(data) <= at:
        more = answer.read()
        assert more, "a movie without footage"
        data += more
    first_ms, size = ms_since(begun), len(data)
    while more := answer.read():
        size += len(more)
    return first_ms, ms_since(begun), size


def footage_at(data):
    """Where mdat's payload begins; nothing where that isn't known yet."""
    at = 0
    while at + 16 <= len(data):
        size, kind = int.from_bytes(data[at:at + 4], "big"), data[at + 4:at + 8]
        if kind == b"mdat":
            return at + (16 if size == 1 else 8)
        at += size
    return None


def read_hls(player, minute):
    """The playlist, its init segment, and the first segment's first byte."""
    begun = time.perf_counter()
    camera = f"/v1/cameras/{minute.camera}/"
    text = player.ask(f"{camera}playback.m3u8?from={minute.from_}&to={minute.to}").all().decode()
    init = re.search(r'EXT-X-MAP:URI="../../(.*)"', text).group(1)
    player.ask("/v1/" + init).all()
    size, offset, path = re.search(r"EXT-X-BYTERANGE:(\d+)@(\d+)\n../../(.*)", text).groups()
    answer = player.ask("/v1/" + path, f"Range: bytes={offset}-{int(offset) + int(size) - 1}\r\n")
    assert answer.read()
    first_ms = ms_since(begun)
    answer.all()
    return first_ms, ms_since(begun), int(size)


def read_part(player, minute):
    """1 MiB from the middle of a clip whose id is known."""
    begun = time.perf_counter()
    middle = minute.clip_bytes // 2
    answer = player.ask(f"/v1/clips/{minute.clip}/media", f"Range: bytes={middle}-{middle + (1 << 20) - 1}\r\n")
    assert answer.read()
    first_ms = ms_since(begun)
    answer.all()
    return first_ms, ms_since(begun), 1 << 20


def read_plainly(_, minute):
    """pread of the minute's bytes by who knows where they lie: to the first 64 KiB, to all."""
    into_clip = (minute.from_us / 1e6 - minute.stretch_s) / 60
    begun, first_ms, size = time.perf_counter(), None, 0
    for i, path in enumerate(minute.paths):
        file = os.open(path, os.O_RDONLY)
        whole = os.fstat(file).st_size
        at, end = (int(whole * into_clip), whole) if i == 0 else (0, int(whole * into_clip))
        while at < end:
            got = len(os.pread(file, min(PIECE, end - at), at))
            first_ms = first_ms or ms_since(begun)
            at, size = at + got, size + got
        os.close(file)
    return first_ms, ms_since(begun), size


def cut_by_ffmpeg(_, minute):
    """ffmpeg, told which two files and where in them, copies the minute into a fragmented MP4: to the first byte of its first mdat, to its end."""
    into_s = minute.from_us / 1e6 - minute.stretch_s
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as files:
        first_s, second_s = RUN_BEGINS_S + into_s, RUN_BEGINS_S + 60 + into_s
        files.write(f"file '{minute.paths[0]}'\ninpoint {first_s:.6f}\nfile '{minute.paths[1]}'\noutpoint {second_s:.6f}\n")
        files.flush()
        begun = time.perf_counter()
        ffmpeg = subprocess.Popen(["ffmpeg", "-nostdin", "-v", "error", "-f", "concat", "-safe", "0", "-i", files.name, "-c", "copy", "-f", "mp4", "-movflags",
                                   "frag_keyframe+empty_moov+default_base_moof", "pipe:1"], stdout=subprocess.PIPE)
        data, first_ms = b"", None
        while more := os.read(ffmpeg.stdout.fileno(), 1 << 20):
            data += more
            if first_ms is None and (at := footage_at(data)) is not None and len(data) > at:
                first_ms = ms_since(begun)
        assert ffmpeg.wait() == 0 and first_ms is not None, "ffmpeg failed"
    return first_ms, ms_since(begun), len(data)


KINDS = {"video.mp4 of the minute": read_video, "playlist, init segment, first segment": read_hls, "1 MiB from the middle of a clip": read_part,
         "pread of the minute": read_plainly, "ffmpeg -c copy of the minute": cut_by_ffmpeg}
