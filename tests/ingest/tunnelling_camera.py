#!/usr/bin/env python3
"""A camera that speaks RTSP within two HTTP connections and leads whoever comes elsewhere, by a redirect in its answer to
DESCRIBE (`describe`), to the first GET (`get`), or by naming another address for the tunnel's other half (`header`).

Prints "serves URL" once it does, then "told WHAT" for what came to it and "elsewhere WHAT" for what came to the other address."""
import base64
import re
import socket
import sys
import threading

ELSEWHERE = "127.0.0.2"
TUNNEL = "HTTP/1.0 200 OK\r\nContent-Type: application/x-rtsp-tunnelled\r\n{}\r\n"


def say(*words: object) -> None:
    print(*words, flush=True)


def serve(listener: socket.socket, answer) -> None:
    def run() -> None:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=answer, args=(connection,), daemon=True).start()
    threading.Thread(target=run, daemon=True).start()


def note_elsewhere(connection: socket.socket) -> None:
    say("elsewhere", connection.recv(4096))


class Camera:
    def __init__(self, way: str, elsewhere: int) -> None:
        self.way = way
        self.elsewhere = elsewhere
        self.down: socket.socket | None = None  # the half on which answers go

    def answer(self, connection: socket.socket) -> None:
        head = connection.recv(4096).decode("latin-1")
        say("told", head.split("\r\n", 1)[0])
        if head.startswith("GET") and self.way == "get":
            connection.sendall(f"HTTP/1.0 302 Found\r\nLocation: http://{ELSEWHERE}:{self.elsewhere}/camera\r\n\r\n".encode())
        elif head.startswith("GET"):
            self.down = connection
            more = f"x-server-ip-address: {ELSEWHERE}\r\n" if self.way == "header" else ""
            connection.sendall(TUNNEL.format(more).encode())
        else:
            self.read_requests(connection, head.split("\r\n\r\n", 1)[1])

    def read_requests(self, connection: socket.socket, coded: str) -> None:
        while True:
            request = base64.b64decode(coded + "=" * (-len(coded) % 4)).decode("latin-1")
            if request.endswith("\r\n\r\n"):
                self.reply(request)
                coded = ""
            more = connection.recv(4096).decode("latin-1")
            if not more:
                return
            coded += more

    def reply(self, request: str) -> None:
        say("told", request.split("\r\n", 1)[0])
        number = re.search(r"CSeq: *(\d+)", request)
        status = "RTSP/1.0 200 OK\r\nPublic: OPTIONS, DESCRIBE, SETUP, PLAY"
        if request.startswith("DESCRIBE"):
            status = f"RTSP/1.0 302 Found\r\nLocation: rtsp://{ELSEWHERE}:{self.elsewhere}/camera"
        assert self.down and number
        self.down.sendall(f"{status}\r\nCSeq: {number[1]}\r\n\r\n".encode())


def main() -> None:
    other = socket.create_server((ELSEWHERE, 0))
    port = other.getsockname()[1]
    camera = Camera(sys.argv[1], port)
    # The tunnel's other half goes to the same port: it would reach the other address only there.
    listener = socket.create_server(("127.0.0.1", 0 if camera.way != "header" else port))
    serve(other, note_elsewhere)
    serve(listener, camera.answer)
    say("serves", f"rtsp://127.0.0.1:{listener.getsockname()[1]}/camera")
    threading.Event().wait()


if __name__ == "__main__":
    main()
