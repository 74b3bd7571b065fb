"""RTSP servers that misbehave, one port each: what a broken or malicious camera might send. Knows nothing of the product's C++."""
import socket
import struct
import threading
import time

SDP = ("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
       "a=fmtp:96 packetization-mode=1\r\na=control:track\r\n")
PACE_S = 0.001  # between two sends of 16 KiB: as fast as a network of 100 Mbit/s


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


def endless_fragment(camera, connection, method, cseq):
    """A keyframe's FU-A whose end never comes: one access unit, for ever."""
    if method == "DESCRIBE":
        connection.sendall(reply(cseq, "Content-Type: application/sdp\r\n", SDP))
    elif method == "SETUP":
        connection.sendall(reply(cseq, "Session: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"))
    elif method == "PLAY":
        connection.sendall(reply(cseq, "Session: 1\r\n"))
        camera.pour(connection, _fragment)
    else:
        connection.sendall(reply(cseq, "Public: DESCRIBE, SETUP, PLAY\r\n"))


def _fragment(n):
    payload = bytes([0x7C, 0x85 if n == 0 else 0x05]) + b"\xaa" * 1400  # FU-A of an IDR slice; start at first, end never
    rtp = struct.pack(">BBHII", 0x80, 96, n & 0xFFFF, 90_000, 0x1234) + payload
    return struct.pack(">cBH", b"$", 0, len(rtp)) + rtp
