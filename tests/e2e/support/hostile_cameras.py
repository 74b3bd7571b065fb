"""RTSP servers that misbehave, one port each: what a broken or malicious camera might send. Knows nothing of the product's C++."""
import random
import socket
import struct
import threading
import time

SDP = ("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
       "a=fmtp:96 packetization-mode=1\r\na=control:track\r\n")
PACE_S = 0.001  # between two sends of 16 KiB: as fast as a network of 100 Mbit/s
JUNK_BYTES_PER_S = 50_000_000 // 8
TINY_UNITS_PER_S = 10_000
SEQUENCES = 1 << 16  # after so many packets a cycle can begin anew


class HostileCamera:
    """Serves `misbehave(connection, request, cseq)` on a port of its own, a thread for each connection, until close()."""

    def __init__(self, misbehave):
        self.misbehave, self.connections, self.sent_bytes = misbehave, 0, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.closing = False
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self):
        return f"rtsp://127.0.0.1:{self.port}/stream"

    def close(self):
        self.closing = True
        self.listener.close()

    def pour(self, connection, make):
        """Sends what `make(n)` gives for n = 0, 1, ... until the other side goes."""
        n = 0
        while not self.closing:
            data = b""
            while len(data) < 16 * 1024:
                data += make(n)
                n += 1
            connection.sendall(data)
            self.sent_bytes += len(data)
            time.sleep(PACE_S)

    def pour_cycle(self, connection, cycle, bytes_per_s):
        """Sends `cycle` again and again at this pace until the other side goes; what it was held up for isn't made up."""
        at, due = 0, time.monotonic()
        size = max(bytes_per_s // 500, 1)
        while not self.closing:
            connection.sendall(cycle[at:at + size])
            sent = min(size, len(cycle) - at)
            self.sent_bytes += sent
            at = (at + sent) % len(cycle)
            due = max(due + sent / bytes_per_s, time.monotonic() - 0.1)
            time.sleep(max(due - time.monotonic(), 0))

    def _accept(self):
        while not self.closing:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        connection.settimeout(60)
        received = b""
        try:
            with connection:
                while True:
                    while b"\r\n\r\n" not in received:
                        more = connection.recv(4096)
                        if not more:
                            return
                        received += more
                    request, received = received.split(b"\r\n\r\n", 1)
                    lines = request.decode(errors="replace").split("\r\n")
                    cseq = next((line.split(":")[1].strip() for line in lines if line.lower().startswith("cseq")), "0")
                    self.misbehave(self, connection, lines[0].split(" ")[0], cseq)
        except OSError:
            return  # the other side went, as it should


def reply(cseq, headers="", body=""):
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    return f"RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\n{headers}{length}\r\n{body}".encode()


def body_of_100_mb(camera, connection, method, cseq):
    if method != "DESCRIBE":
        return connection.sendall(reply(cseq, "Public: DESCRIBE, SETUP, PLAY\r\n"))
    connection.sendall(reply(cseq, "Content-Type: application/sdp\r\nContent-Length: 104857600\r\n"))
    camera.pour(connection, lambda _: b"a=x\r\n" * 1000)


def endless_sdp(camera, connection, method, cseq):
    if method != "DESCRIBE":
        return connection.sendall(reply(cseq, "Public: DESCRIBE, SETUP, PLAY\r\n"))
    connection.sendall(reply(cseq, "Content-Type: application/sdp\r\n") + SDP.encode())
    camera.pour(connection, lambda _: b"a=endless:1\r\n")


def answer_until_play(connection, method, cseq):
    """As a camera in good order; True: it plays now."""
    headers = {"DESCRIBE": "Content-Type: application/sdp\r\n", "SETUP": "Session: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n",
               "PLAY": "Session: 1\r\n"}.get(method, "Public: DESCRIBE, SETUP, PLAY\r\n")
    connection.sendall(reply(cseq, headers, SDP if method == "DESCRIBE" else ""))
    return method == "PLAY"


def endless_fragment(camera, connection, method, cseq):
    """A keyframe's FU-A whose end never comes: one access unit, for ever."""
    if answer_until_play(connection, method, cseq):
        camera.pour(connection, _fragment)


def _fragment(n):
    return _packet(n, bytes([0x7C, 0x85 if n == 0 else 0x05]) + b"\xaa" * 1400)  # FU-A of an IDR slice; start at first, end never


def _packet(n, payload, time_90k=90_000, marker=False, channel=0):
    rtp = struct.pack(">BBHII", 0x80, 96 | (0x80 if marker else 0), n % SEQUENCES, time_90k, 0x1234) + payload
    return struct.pack(">cBH", b"$", channel, len(rtp)) + rtp


def endless_header(camera, connection, method, cseq):
    if method != "DESCRIBE":
        return connection.sendall(reply(cseq, "Public: DESCRIBE, SETUP, PLAY\r\n"))
    connection.sendall(f"RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\nX-Junk: ".encode())
    camera.pour_cycle(connection, b"junk" * 16_384, JUNK_BYTES_PER_S)


def plays(make_cycle, bytes_per_s=JUNK_BYTES_PER_S):
    """A camera in good order until PLAY; then it pours out what `make_cycle` makes."""
    made = []

    def misbehave(camera, connection, method, cseq):
        if answer_until_play(connection, method, cseq):
            if not made:
                made.append(make_cycle())
            camera.pour_cycle(connection, made[0], bytes_per_s)

    return misbehave


def foreign_channels():
    """Packets on every channel but the two that were set up."""
    return b"".join(_packet(n, b"\x65" * 1400, channel=2 + n % 254) for n in range(254 * 4))


def random_payloads():
    """RTP headers in order, and behind them anything: slices, aggregates and fragments that never were."""
    noise = random.Random(1)
    return b"".join(_packet(n, noise.randbytes(1400), n * 3000 % (1 << 32), marker=n % 5 == 4) for n in range(4096))


def tiny_units():
    """NAL units of two bytes, a packet and a picture each."""
    return b"".join(_packet(n, b"\x41\x9a", n * 9, marker=True) for n in range(SEQUENCES))


TINY_BYTES_PER_S = TINY_UNITS_PER_S * len(_packet(0, b"\x41\x9a"))


def giant_units():
    """Keyframes of 3 MB in fragments, whole, but nobody ever said what they are keyframes of."""
    parts = 2048  # a divisor of SEQUENCES
    return b"".join(_packet(n, bytes([0x7C, 0x05 | (0x80 if n == 0 else 0x40 if n == parts - 1 else 0)]) + b"\xaa" * 1450, marker=n == parts - 1)
                    for n in range(parts))
