"""Object stores that speak S3, a bucket in each, and a look into that bucket that owes nothing to the product: curl signs. Ceph's gateway, which
checks signatures; and one in memory, which checks only that there is one, and answers at once."""
import http.server
import os
import re
import subprocess
import tempfile
import threading
import urllib.parse
import uuid

from support.office import ROOT
from support.processes import free_port

SCRIPT = os.path.join(ROOT, "tests/support/ceph-store")


class ObjectStore:
    """One with a bucket "footage". `folder` gets its keys, and its data where it has any."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.keys = os.path.join(folder, "keys")

    def configuration(self, **more):
        lines = "".join(f'{key} = "{value}"\n' for key, value in more.items())
        return f'[object_store]\nendpoint = "http://127.0.0.1:{self.port}"\nbucket = "footage"\nkeys = "{self.keys}"\n{lines}\n'

    def objects(self):
        """Names and sizes of what lies below clips/."""
        xml = self._ask("GET", "?list-type=2&prefix=clips%2F").decode()
        assert "<IsTruncated>false</IsTruncated>" in xml, xml[:500]
        return {urllib.parse.unquote(key): int(size) for key, size in re.findall(r"<Key>([^<]*)</Key>.*?<Size>(\d+)</Size>", xml)}

    def fetch(self, name):
        return self._ask("GET", name)

    def delete(self, name):
        self._ask("DELETE", name)

    def put(self, name, bytes_):
        with tempfile.NamedTemporaryFile() as file:
            file.write(bytes_)
            file.flush()
            self._ask("PUT", name, "--data-binary", "@" + file.name)

    def _ask(self, method, path, *more):
        with open(self.keys) as keys:
            user = ":".join(keys.read().split())
        done = subprocess.run(["curl", "-sS", "--fail", "--config", "-", "--aws-sigv4", "aws:amz:us-east-1:s3", "-X", method,
                               "-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD", *more, f"http://127.0.0.1:{self.port}/footage/{path}".replace("/?", "?")],
                              input=f'user = "{user}"\n'.encode(), capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout


class CephStore(ObjectStore):
    NOTICES_LOSS_S = 15  # a dead OSD is out of use long before

    def __enter__(self):
        self._do("start", str(self.port))
        return self

    def __exit__(self, *_):
        self._do("stop")

    def lose_a_part(self):
        """One of its three disks' daemons."""
        self._do("kill-osd", "1")

    def die(self):
        self._do("kill-gateway")

    def live(self):
        self._do("start-gateway")

    def _do(self, verb, *arguments):
        done = subprocess.run([SCRIPT, verb, self.folder, *arguments], capture_output=True, text=True, timeout=180)
        assert done.returncode == 0, f"ceph-store {verb}: {done.stderr}"


class MemoryStore(ObjectStore):
    NOTICES_LOSS_S = 0

    def __enter__(self):
        os.makedirs(self.folder)
        with open(os.open(self.keys, os.O_WRONLY | os.O_CREAT, 0o600), "w") as keys:
            keys.write(f"{uuid.uuid4()}\n{uuid.uuid4()}\n")
        self._objects = {}
        self._server = None
        self.live()
        return self

    def __exit__(self, *_):
        self.die()

    def lose_a_part(self):
        """It has none."""

    def die(self):
        if self._server is None:
            return
        self._server.shutdown()
        self._server.end_connections()
        self._server.server_close()
        self._server = None

    def live(self):
        self._server = _Server(("127.0.0.1", self.port), self._objects)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address, objects):
        self.objects = objects
        self._sockets = set()
        super().__init__(address, _Answers)

    def process_request(self, request, client_address):
        self._sockets.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        self._sockets.discard(request)
        super().shutdown_request(request)

    def end_connections(self):
        for one in list(self._sockets):
            self.shutdown_request(one)

    def handle_error(self, request, client_address):
        """A connection that was ended."""


class _Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        name, query = self._asked()
        if not name:
            return self._list(query)
        whole = self.server.objects.get(name)
        if whole is None:
            return self._say(404, b"<Error><Code>NoSuchKey</Code></Error>")
        part = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if not part:
            return self._say(200, whole)
        first, last = int(part[1]), min(int(part[2]), len(whole) - 1)
        self._say(206, whole[first:last + 1], {"Content-Range": f"bytes {first}-{last}/{len(whole)}"})

    do_HEAD = do_GET

    def do_PUT(self):
        name, _ = self._asked()
        self.server.objects[name] = self.rfile.read(int(self.headers["Content-Length"]))
        self._say(200)

    def do_DELETE(self):
        name, _ = self._asked()
        self.server.objects.pop(name, None)
        self._say(204)

    def _asked(self):
        """The object's name, and the query."""
        assert self.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256 "), "unsigned"
        path, _, query = self.path.partition("?")
        return urllib.parse.unquote(path).removeprefix("/footage").lstrip("/"), dict(urllib.parse.parse_qsl(query))

    def _list(self, query):
        names = sorted(name for name in self.server.objects if name.startswith(query.get("prefix", "")) and name > query.get("start-after", ""))
        most = int(query.get("max-keys", "1000"))
        items = "".join(f"<Contents><Key>{name}</Key><Size>{len(self.server.objects[name])}</Size></Contents>" for name in names[:most])
        self._say(200, f"<ListBucketResult><IsTruncated>{str(len(names) > most).lower()}</IsTruncated>{items}</ListBucketResult>".encode())

    def _say(self, status, body=b"", fields=None):
        self.send_response(status)
        for key, value in {"Content-Length": str(len(body)), "ETag": '"one"', **(fields or {})}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        """Nothing: the product's own logs tell."""


STORES = {"memory": MemoryStore, "ceph": CephStore}
