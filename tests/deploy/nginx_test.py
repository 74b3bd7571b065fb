#!/usr/bin/env python3
"""nginx as deploy/nginx renders it, before two stand-ins for `yagura api` and `yagura media`: what goes where, and what it answers by itself."""
import http.client
import http.server
import json
import os
import re
import resource
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../e2e"))
from support.processes import free_port

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
FOOTAGE = "x" * 20_000_000


class StandIn(http.server.BaseHTTPRequestHandler):
    """Answers with its name and the request as it came; /v1/runs/ with much footage."""
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path.startswith("/v1/clips/held/"):
            self.server.release.wait(300)
        told = {"name": self.server.name, "target": self.path, "headers": dict(self.headers.items())}
        body = FOOTAGE if self.path.startswith("/v1/runs/") else json.dumps(told)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 512  # connections that come together

    def handle_error(self, *_):
        pass  # callers hang up


def serve(name):
    server = Server(("127.0.0.1", 0), StandIn)
    server.name, server.release = name, threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class NginxCase(unittest.TestCase):
    """nginx in a folder of its own, before the stand-ins."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="yg-", ignore_cleanup_errors=True)
        os.chmod(cls.folder.name, 0o755)
        cls.prefix = os.path.join(cls.folder.name, "nginx")
        cls.api, cls.media = serve("api"), serve("media")
        cls.console = os.path.join(cls.folder.name, "built")
        os.makedirs(os.path.join(cls.console, "assets"))
        for name, text in (("index.html", "<title>console</title>"), ("assets/index-1a2b.js", "// " + "x" * 5000), ("secret.txt", "of nobody")):
            with open(os.path.join(cls.console, name), "w") as file:
                file.write(text)
        cls.start_nginx(cls.api.server_port)

    @classmethod
    def start_nginx(cls, api_port):
        cls.port = free_port()
        subprocess.run([os.path.join(ROOT, "deploy/nginx/render"), cls.prefix, str(cls.port), str(api_port), str(cls.media.server_port),
                        cls.console], check=True)
        cls.nginx = subprocess.Popen(["nginx", "-p", cls.prefix, "-c", "nginx.conf", "-e", "logs/error.log", "-g", "daemon off;"])
        cls.context = ssl.create_default_context(cafile=os.path.join(cls.prefix, "authority.pem"))
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", cls.port), 5).close()
                return
            except OSError:
                assert cls.nginx.poll() is None and time.monotonic() < deadline, cls.log("error.log")
                time.sleep(0.02)

    @classmethod
    def stop_nginx(cls):
        cls.nginx.send_signal(signal.SIGTERM)
        cls.nginx.wait(60)

    @classmethod
    def tearDownClass(cls):
        cls.stop_nginx()
        cls.folder.cleanup()

    @classmethod
    def log(cls, name):
        with open(os.path.join(cls.prefix, "logs", name)) as log:
            return log.read()

    def ask(self, target, method="GET", body=None, headers=None):
        connection = http.client.HTTPSConnection("localhost", self.port, context=self.context, timeout=60)
        connection.request(method, target, body=body, headers=headers or {})
        reply = connection.getresponse()
        self.addCleanup(connection.close)
        return reply

    def assert_problem(self, reply, status, code):
        self.assertEqual(reply.status, status)
        self.assertEqual(reply.getheader("Content-Type"), "application/problem+json")
        problem = json.loads(reply.read())
        self.assertEqual((problem["status"], problem["code"]), (status, code))


class NginxTest(NginxCase):
    def test_footage_goes_to_media_and_the_rest_to_the_api(self):
        media = ["/v1/cameras/a/playback.m3u8", "/v1/cameras/a/video.mp4?from=x", "/v1/cameras/a/live.mp4", "/v1/cameras/a/live.m3u8?_HLS_msn=1",
                 "/v1/cameras/a/live.m4s?segment=1", "/v1/cameras/a/live-init.mp4?name=1", "/v1/clips/a.1/media"]
        api = ["/v1/cameras", "/v1/cameras/a", "/v1/cameras/a/coverage", "/v1/clips?camera=video.mp4", "/v1/session", "/healthz", "/readyz",
               "/v1/cameras/a/b/video.mp4", "/v1/openapi.yaml"]
        for name, targets in (("media", media), ("api", api)):
            for target in targets:
                told = json.loads(self.ask(target).read())
                self.assertEqual((told["name"], told["target"]), (name, target))

    def test_nothing_else_has_a_way_in(self):
        for target in ("/metrics", "/problem", "/v1", "/readyz/x", "/index.html", "/secret.txt", "/assets/", "/assets/none.js", "/assets/../secret.txt",
                       "/cameras", "/cameras/a/b"):
            self.assert_problem(self.ask(target), 404, "not_found")

    def test_the_console_is_one_page_at_each_of_its_addresses(self):
        for target in ("/", "/wall?floor=x", "/places?floor=x", "/cameras/0f8fad5b-d9cb-469f-a165-70867728950e?at=2027-06-15T14:03:22+09:00", "/rollout", "/log"):
            reply = self.ask(target)
            self.assertEqual((reply.status, reply.getheader("Content-Type"), reply.read()),
                             (200, "text/html; charset=utf-8", b"<title>console</title>"), target)
            self.assertEqual(reply.getheader("Cache-Control"), "no-cache")
        self.assert_problem(self.ask("/", "POST", body=b"{}"), 405, "method_not_allowed")

    def test_the_console_runs_its_own_files_only_and_in_no_frame(self):
        for target in ("/", "/assets/index-1a2b.js"):
            reply = self.ask(target)
            rules = dict(rule.strip().split(" ", 1) for rule in reply.getheader("Content-Security-Policy").split(";"))
            self.assertEqual({name: rules[name] for name in ("default-src", "script-src", "style-src", "frame-ancestors", "media-src")},
                             {"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "frame-ancestors": "'none'",
                              "media-src": "'self' blob:"})
            self.assertNotIn("unsafe", reply.getheader("Content-Security-Policy"))
            self.assertEqual(reply.getheader("X-Content-Type-Options"), "nosniff")

    def test_files_named_by_their_content_are_kept_and_sent_compressed(self):
        reply = self.ask("/assets/index-1a2b.js", headers={"Accept-Encoding": "gzip"})
        self.assertEqual((reply.getheader("Content-Type"), reply.getheader("Cache-Control"), reply.getheader("Content-Encoding")),
                         ("text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "gzip"))
        self.assertLess(len(reply.read()), 1000)

    def test_the_client_cannot_say_where_it_comes_from(self):
        told = json.loads(self.ask("/v1/cameras", headers={"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9"}).read())
        self.assertEqual(told["headers"]["X-Forwarded-For"], "127.0.0.1")
        self.assertNotIn("Forwarded", told["headers"])

    def test_it_proves_that_a_request_came_through_it(self):
        for name in ("proxy.key", "proxy-key.conf"):
            self.assertEqual(os.stat(os.path.join(self.prefix, name)).st_mode & 0o777, 0o600, name)
        with open(os.path.join(self.prefix, "proxy.key")) as file:
            key = file.read().strip()
        self.assertRegex(key, "^[0-9a-f]{64}$")
        for target in ("/v1/cameras", "/v1/cameras/a/video.mp4", "/healthz"):
            told = json.loads(self.ask(target, headers={"X-Yagura-Proxy-Key": "somebody's own"}).read())
            self.assertEqual(told["headers"]["X-Yagura-Proxy-Key"], key, target)
        for name in ("nginx.conf", "logs/access.log", "logs/error.log"):
            with open(os.path.join(self.prefix, name)) as file:
                self.assertNotIn(key, file.read(), name)

    def test_every_answer_says_what_a_browser_may_do_with_it(self):
        for target in ("/v1/cameras", "/v1/clips/a.1/media", "/", "/assets/index-1a2b.js", "/nothing"):
            for host, told in (("cameras.example", "max-age=31536000"), (f"localhost:{self.port}", None)):
                reply = self.ask(target, headers={"Host": host})
                self.assertEqual(reply.getheader("Strict-Transport-Security"), told, target)
                self.assertIn("frame-ancestors 'none'", reply.getheader("Content-Security-Policy"), target)
                self.assertEqual(reply.getheader("Referrer-Policy"), "no-referrer", target)
                reply.read()

    def test_its_own_codes_are_described(self):
        with open(os.path.join(ROOT, "deploy/nginx/yagura.conf.in")) as conf, open(os.path.join(ROOT, "api/openapi.yaml")) as described:
            codes = re.search(r"\$problem_code \{(.*?)\}", conf.read(), re.S).group(1)
            enumeration = re.search(r"    Problem:.*?enum: \[(.*?)\]", described.read(), re.S).group(1)
        named = set(re.findall(r"(?:[0-9]{3}|default) (\w+);", codes))
        self.assertIn("target_too_long", named)
        self.assertLessEqual(named, set(re.split(r",\s*", enumeration)))

    def test_large_bodies_are_refused_before_they_are_sent(self):
        for size in (100 << 20, (64 << 10) + 1):
            reply = self.ask("/v1/session", "POST", headers={"Content-Length": str(size)})
            self.assert_problem(reply, 413, "body_too_large")
        self.assertEqual(self.ask("/v1/session", "POST", body=b"x" * (64 << 10)).status, 200)

    def test_long_targets_and_headers_are_refused(self):
        # Little more than the limit: one TLS record, read whole before it is refused, so that the answer is not lost with a reset.
        self.assert_problem(self.ask("/v1/cameras?q=" + "x" * 10_000), 414, "target_too_long")
        self.assert_problem(self.ask("/v1/cameras", headers={"X-Long": "x" * 10_000}), 431, "headers_too_large")

    def test_footage_is_not_spooled_for_a_slow_reader(self):
        reply = self.ask("/v1/runs/a/init.mp4")
        self.assertEqual(len(reply.read(1000)), 1000)
        spooled = [name for _, _, names in os.walk(os.path.join(self.prefix, "tmp")) for name in names]
        self.assertEqual(spooled, [])
        self.assertEqual(len(reply.read()), len(FOOTAGE) - 1000)

    def test_callers_that_only_connect_keep_nobody_out(self):
        resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
        for _ in range(4_000):
            caller = socket.create_connection(("127.0.0.1", self.port), 30)
            self.addCleanup(caller.close)
            caller.sendall(bytes.fromhex("160301020001"))  # the beginning of a handshake
        self.assertEqual(self.ask("/healthz").status, 200)

    def test_one_address_gets_so_much_footage_at_once_and_no_more(self):
        self.addCleanup(self.release_held)
        waiting = []
        while len(waiting) < 600 and (len(waiting) < 256 or self.ask("/v1/clips/a.1/media").status != 429):
            connection = http.client.HTTPSConnection("localhost", self.port, context=self.context, timeout=300)
            connection.request("GET", "/v1/clips/held/media")
            waiting.append(connection)
        self.assert_problem(self.ask("/v1/clips/a.1/media"), 429, "resource_exhausted")
        self.assertEqual(self.ask("/v1/cameras").status, 200)
        self.media.release.set()
        answers = [connection.getresponse().status for connection in waiting]
        self.assertEqual(answers.count(200), 256)
        for connection in waiting:
            connection.close()
        self.assertEqual(self.ask("/v1/clips/a.1/media").status, 200)

    def test_one_address_makes_it_hold_so_many_bodies_and_no_more(self):
        for _ in range(3):
            self.begin_requests(128, "127.0.0.3")
        self.assertEqual(self.ask_from("127.0.0.3").status, 200)
        self.begin_requests(128, "127.0.0.3")
        deadline = time.monotonic() + 8  # bodies are waited for 10 s
        while self.ask_from("127.0.0.3").status == 200 and time.monotonic() < deadline:
            time.sleep(0.02)
        self.assert_problem(self.ask_from("127.0.0.3"), 429, "resource_exhausted")
        self.assertEqual(self.ask_from("127.0.0.2").status, 200)

    def ask_from(self, address):
        connection = http.client.HTTPSConnection("localhost", self.port, context=self.context, timeout=20, source_address=(address, 0))
        self.addCleanup(connection.close)
        connection.request("GET", "/v1/cameras")
        return connection.getresponse()

    def begin_requests(self, count, address):
        """The heads of so many requests, whose bodies don't come: on one connection, by HTTP/2 (RFC 9113, 6.2; RFC 7541, 6.2.2)."""
        fields = {":method": "POST", ":scheme": "https", ":path": "/v1/session", ":authority": "localhost", "content-length": str(64 << 10)}
        block = b"".join(bytes([0, len(name)]) + name.encode() + bytes([len(value)]) + value.encode() for name, value in fields.items())
        context = ssl.create_default_context(cafile=os.path.join(self.prefix, "authority.pem"))
        context.set_alpn_protocols(["h2"])
        caller = context.wrap_socket(socket.create_connection(("localhost", self.port), 20, (address, 0)), server_hostname="localhost")
        self.addCleanup(caller.close)
        heads = [len(block).to_bytes(3, "big") + bytes([1, 4]) + (2 * i + 1).to_bytes(4, "big") + block for i in range(count)]
        caller.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]) + b"".join(heads))

    def release_held(self):
        self.media.release.set()
        self.media.release = threading.Event()

    def test_nobody_else_on_the_machine_reads_who_looked_at_what(self):
        self.assertEqual(os.stat(os.path.join(self.prefix, "logs")).st_mode & 0o777, 0o750)

    def test_plain_http_is_shown_the_way(self):
        connection = http.client.HTTPConnection("localhost", self.port, timeout=60)
        connection.request("GET", "/v1/cameras")
        reply = connection.getresponse()
        self.assertEqual((reply.status, reply.getheader("Location")), (301, f"https://localhost:{self.port}/v1/cameras"))
        connection.close()

    def test_the_access_log_has_no_queries_and_no_paths_of_somebodys_own(self):
        self.ask("/v1/clips?q=somebody-looked-for-this").read()
        self.ask("/v1/cameras/somebody/video.mp4?q=somebody").read()
        self.ask("/somebody?q=somebody-looked-for-this").read()
        deadline = time.monotonic() + 60
        while self.log("access.log").count('"path":"-"') < 2:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)
        self.assertIn('"path":"/v1/clips","status":', self.log("access.log"))
        self.assertNotIn("somebody", self.log("access.log"))

    def test_key_and_certificate_are_kept_and_its_authority_signs_for_localhost_alone(self):
        def kept():
            texts = []
            for name in ("certificate.pem", "proxy.key"):
                with open(os.path.join(self.prefix, name)) as file:
                    texts.append(file.read())
            return texts

        before = kept()
        subprocess.run([os.path.join(ROOT, "deploy/nginx/render"), self.prefix, str(self.port), "1", "2", self.console],
                       check=True)
        self.assertEqual(kept(), before)
        self.assertEqual(os.stat(os.path.join(self.prefix, "certificate.key")).st_mode & 0o777, 0o600)
        self.assertFalse(os.path.exists(os.path.join(self.prefix, "authority.key")))
        text = subprocess.run(["openssl", "x509", "-in", os.path.join(self.prefix, "authority.pem"), "-noout", "-text"],
                              check=True, capture_output=True, text=True).stdout
        self.assertIn("Name Constraints: critical", text)
        self.assertIn("DNS:localhost", text)


class NobodyBehindTest(NginxCase):
    @classmethod
    def start_nginx(cls, api_port):
        super().start_nginx(free_port())

    def test_the_answer_says_when_to_come_back(self):
        reply = self.ask("/v1/cameras")
        self.assertEqual(reply.getheader("Retry-After"), "2")
        self.assert_problem(reply, 503, "unavailable")


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
