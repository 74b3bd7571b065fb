"""An answer of footage that a client takes slowly, as a player does: so much a second, and then not at all; what was on its way can be told from what was
still handed out."""
import socket
import ssl
import threading
import time

PIECE_BYTES = 8192


class HeldStream:
    def __init__(self, port, authority, token, path, bytes_per_s):
        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        raw.settimeout(60)
        raw.connect(("127.0.0.1" if authority is None else "localhost", port))
        self._socket = raw if authority is None else ssl.create_default_context(cafile=authority).wrap_socket(raw, server_hostname="localhost")
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        self._head = b""
        while b"\r\n\r\n" not in self._head:
            piece = self._socket.recv(1)
            assert piece, f"{path}: no answer"
            self._head += piece
        assert b" 200 " in self._head.split(b"\r\n")[0], self._head[:200]
        fields = dict(line.split(b": ", 1) for line in self._head.lower().split(b"\r\n")[1:] if b": " in line)
        self.size = int(fields[b"content-length"])
        self.received, self.ended = 0, False
        self._pause_s, self._holding = PIECE_BYTES / bytes_per_s, threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def hold(self):
        """Takes nothing more from here on."""
        self._holding.set()
        self._thread.join()

    def drain(self):
        """Takes all that still comes; returns how much that was."""
        before = self.received
        while not self.ended:
            self._take(65536)
        self._socket.close()
        return self.received - before

    def _run(self):
        while not self.ended and not self._holding.wait(self._pause_s):
            self._take(PIECE_BYTES)

    def _take(self, size):
        try:
            piece = self._socket.recv(min(size, self.size - self.received))
        except (OSError, ssl.SSLError):
            piece = b""
        self.received += len(piece)
        self.ended = not piece or self.received == self.size
