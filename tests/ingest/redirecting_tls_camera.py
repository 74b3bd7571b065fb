#!/usr/bin/env python3
"""A camera that speaks RTSP over TLS, and answers DESCRIBE with a redirect to another port of its host, without TLS.

Prints "serves URL" once it does, then "told WHAT" for what came to it and "elsewhere WHAT" for what came to the other port."""
import re
import socket
import ssl
import subprocess
import tempfile
import threading

from tunnelling_camera import note_elsewhere, say, serve


def context() -> ssl.SSLContext:
    with tempfile.TemporaryDirectory() as folder:
        files = [f"{folder}/key.pem", f"{folder}/certificate.pem"]
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                        files[0], "-out", files[1], "-days", "30", "-subj", "/CN=camera"], check=True, capture_output=True)
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(files[1], files[0])
        return made


def answer(connection: ssl.SSLSocket, elsewhere: int) -> None:
    while request := connection.recv(4096).decode("latin-1"):
        say("told", request.split("\r\n", 1)[0])
        number = re.search(r"CSeq: *(\d+)", request)
        status = "RTSP/1.0 200 OK\r\nPublic: OPTIONS, DESCRIBE, SETUP, PLAY"
        if request.startswith("DESCRIBE"):
            status = f"RTSP/1.0 302 Found\r\nLocation: rtsp://127.0.0.1:{elsewhere}/camera"
        assert number
        connection.sendall(f"{status}\r\nCSeq: {number[1]}\r\n\r\n".encode())


def main() -> None:
    other = socket.create_server(("127.0.0.1", 0))
    listener = socket.create_server(("127.0.0.1", 0))
    serve(other, note_elsewhere)
    tls = context()
    serve(listener, lambda plain: answer(tls.wrap_socket(plain, server_side=True), other.getsockname()[1]))
    say("serves", f"rtsp://127.0.0.1:{listener.getsockname()[1]}/camera")
    threading.Event().wait()


if __name__ == "__main__":
    main()
