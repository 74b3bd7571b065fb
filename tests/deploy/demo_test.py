#!/usr/bin/env python3
"""deploy/demo as a newcomer runs it: it reaches "recording" unattended, the first steps of README.md work word for word, it stops cleanly,
goes on with the same footage, and leaves no process behind, however it ends."""
import datetime
import glob
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../e2e"))
from support.one_time_code import one_time_code
from support.processes import free_port

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
START_S = 900  # the first start builds
STOP_S = 90
CAMERAS = 3
ENGLISH = {name: value for name, value in os.environ.items() if not name.startswith("LC_")} | {"LANG": "C.UTF-8"}


def shell_blocks(document, kind="sh"):
    with open(os.path.join(ROOT, document)) as text:
        return re.findall(rf"^```{kind}\n(.*?)^```", text.read(), re.MULTILINE | re.DOTALL)


class Demo:
    def __init__(self, folder, port, office="--cameras", value=str(CAMERAS)):
        self.folder, self.port, self.office = folder, port, [office, value]
        self.output = os.path.join(folder, "output")
        self.process = None

    def start(self, *options, language="C.UTF-8"):
        if os.path.exists(self.path("url")):
            os.remove(self.path("url"))  # of a demo that was killed
        with open(self.output, "ab") as output:
            self.process = subprocess.Popen(self.command() + list(options), stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                            env={**ENGLISH, "LANG": language})
        self.await_true("recording", lambda: os.path.exists(self.path("url")), START_S)

    def command(self):
        return [os.path.join(ROOT, "deploy/demo"), *self.office, "--port", str(self.port), "--folder", self.path("")]

    def yagura(self, *words):
        command = [os.path.join(ROOT, "build/demo/app/yagura"), *words, "--config", self.path("yagura.toml")]
        return subprocess.run(command, stdin=subprocess.DEVNULL, check=True, capture_output=True, text=True, timeout=180, env=ENGLISH).stdout

    def otp_command(self, username):
        return [os.path.join(ROOT, "deploy/demo"), "otp", username, "--folder", self.path("")]

    def code_of(self, username):
        return subprocess.run(self.otp_command(username), check=True, capture_output=True, text=True, timeout=180).stdout.strip()

    def path(self, name):
        return os.path.join(self.folder, "var/demo", name)

    def said(self):
        with open(self.output, encoding="utf-8") as output:
            return output.read()

    def await_true(self, what, condition, seconds):
        deadline = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, f"the demo ended with {self.process.returncode}:\n{self.said()}"
            assert time.monotonic() < deadline, f"waited {seconds} s for {what}:\n{self.said()}"
            time.sleep(0.2)

    def stop(self, number):
        self.process.send_signal(number)
        return self.process.wait(STOP_S)

    def left_processes(self):
        """Command lines of processes that name the demo's folder."""
        lines = []
        for name in glob.glob("/proc/[0-9]*/cmdline"):
            try:
                with open(name, "rb") as file:
                    line = file.read().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if self.path("") in line:
                lines.append(line)
        return lines


class DemoTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="yg-", ignore_cleanup_errors=True)
        os.chmod(cls.folder.name, 0o755)
        cls.demo = Demo(cls.folder.name, free_port())
        cls.demo.start()
        cls.started = time.time()

    @classmethod
    def tearDownClass(cls):
        if cls.demo.process.poll() is None:
            cls.demo.stop(signal.SIGTERM)
        cls.folder.cleanup()

    # The tests follow each other, in the order of their names: a demo's day.

    def test_1_says_where_to_look_and_with_which_accounts(self):
        with open(self.demo.path("url")) as url:
            self.assertEqual(url.read(), f"https://localhost:{self.demo.port}\n")
        self.assertEqual(os.stat(self.demo.path("accounts.json")).st_mode & 0o777, 0o600)
        with open(self.demo.path("accounts.json")) as file:
            accounts = json.load(file)
        posts = {account["post"] for account in accounts}
        self.assertEqual(sorted(posts), ["administrator", "auditor", "crisis_management", "department_head", "general_manager",
                                         "operations"])
        self.assertLessEqual({"head.residents", "head.tax", "head.welfare", "manager", "crisis"},
                             {account["username"] for account in accounts})
        for account in accounts:
            self.assertEqual(sorted(account), ["department", "password", "post", "totp_secret", "username"])
            self.demo.await_true("its accounts on the screen", lambda name=account["username"]: name in self.demo.said(), 60)
            self.assertRegex(account["totp_secret"], "^[A-Z2-7]{32}$")
        for secret in ("password", "totp_secret"):
            self.assertEqual(len({account[secret] for account in accounts}), len(accounts))

    def test_1_prints_codes_as_authenticators_do_and_none_twice(self):
        with open(self.demo.path("accounts.json")) as file:
            secret = next(account["totp_secret"] for account in json.load(file) if account["username"] == "auditor")
        codes = [self.demo.code_of("auditor") for _ in range(2)]
        steps = [int(time.time()) + 30 * n for n in (-1, 0, 1)]
        self.assertEqual(len(set(codes)), 2)
        self.assertLessEqual(set(codes), {one_time_code(secret, at) for at in steps})
        for language, words in (("C.UTF-8", "next: choose one of: "), ("ja_JP.UTF-8", "次の手順: 次から選んでください: ")):
            nobody = subprocess.run(self.demo.otp_command("nobody"), capture_output=True, text=True, timeout=180,
                                    env={**ENGLISH, "LANG": language})
            self.assertEqual((nobody.returncode, nobody.stdout), (1, ""))
            self.assertIn(words, nobody.stderr)

    def test_1_holds_the_ward_office_with_its_first_cameras_in_service(self):
        phases = json.loads(self.demo.yagura("phase", "list", "--json"))["items"]
        self.assertEqual([{state: len(codes) for state, codes in phase["cameras"].items()} for phase in phases],
                         [{"planned": 39 - CAMERAS, "in_service": CAMERAS}, {"planned": 15}, {"planned": 46}])
        starts = [datetime.datetime.fromisoformat(phase["starts_at"].replace("Z", "+00:00")) for phase in phases]
        self.assertEqual([(start - starts[0]).days for start in starts], [0, 14, 32])
        self.assertLess((datetime.datetime.now(datetime.timezone.utc) - starts[0]).days, 2)
        self.assertEqual(self.demo.yagura("office", "diff", self.demo.path("office")), "")

    def test_2_a_second_start_says_that_one_runs(self):
        second = subprocess.run(self.demo.command(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=180, env=ENGLISH)
        self.assertEqual(second.returncode, 1)
        self.assertIn(f"runs already (process {self.demo.process.pid}", second.stderr)

    def test_3_a_status_line_comes_by_itself(self):
        self.demo.await_true("a status line", lambda: f"recording {CAMERAS} of {CAMERAS} cameras, " in self.demo.said(), 180)

    def test_4_the_first_steps_of_the_readme_work_word_for_word(self):
        time.sleep(max(0, self.started + 60 - time.time()))  # the README asks for a minute of footage
        for name in ("build", "deploy"):
            os.symlink(os.path.join(ROOT, name), os.path.join(self.folder.name, name))
        steps = "\n".join(shell_blocks("README.md"))
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", steps], cwd=self.folder.name, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=300, env=ENGLISH)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn('"code": "1F-01"', done.stdout)
        self.assertIn('"code":"not_found"', done.stdout)
        self.assertIn(f"recording {CAMERAS} of {CAMERAS} cameras, ", done.stdout)
        self.assertRegex(done.stdout, r"(?m)^disagreements +0$")
        self.assertRegex(done.stdout, r"(?m)^\+ people.csv: suzuki\.h, ")
        self.assertRegex(done.stdout, r"(?m)^[0-9]{6}$")
        self.assertIn("have a password already and keep it", done.stderr)
        video = os.path.join(self.folder.name, "twenty-seconds.mp4")
        probe = subprocess.run(["ffprobe", "-v", "warning", "-show_entries", "format=duration", "-of", "json", video],
                               check=True, capture_output=True, text=True)
        self.assertEqual(probe.stderr, "")
        # Its two ends are told by two readings of the clock, in whole seconds: a second may begin between them.
        self.assertAlmostEqual(float(json.loads(probe.stdout)["format"]["duration"]), 20.5, delta=1)

    def test_5_goes_on_with_the_same_footage_after_a_clean_stop(self):
        before = set(glob.glob(self.demo.path("volume/clips/*/*/*.mp4")))
        self.assertTrue(before)
        self.assertEqual(self.demo.stop(signal.SIGTERM), 0, self.demo.said())
        self.assertEqual(self.demo.left_processes(), [])
        self.assertFalse(os.path.exists(self.demo.path("url")))
        self.demo.start(language="ja_JP.UTF-8")
        self.assertIn(f"録画中: カメラ{CAMERAS}台", self.demo.said())
        self.assertIn("deploy/demo otp NAME --folder ", self.demo.said())
        self.demo.await_true("a status line in Japanese", lambda: f"録画中 {CAMERAS}/{CAMERAS} 台" in self.demo.said(), 60)
        self.assertLessEqual(before, set(glob.glob(self.demo.path("volume/clips/*/*/*.mp4"))))

    def test_6_leaves_no_process_where_it_is_killed(self):
        self.demo.process.kill()
        self.demo.process.wait(STOP_S)
        deadline = time.monotonic() + STOP_S
        while self.demo.left_processes():
            self.assertLess(time.monotonic(), deadline, self.demo.left_processes())
            time.sleep(0.2)
        self.demo.start()
        self.assertEqual(self.demo.stop(signal.SIGINT), 0, self.demo.said())
        self.assertEqual(self.demo.left_processes(), [])


    def test_7_begins_anew_where_that_is_asked_for(self):
        with open(self.demo.path("accounts.json")) as file:
            before = {account["password"] for account in json.load(file)}
        clips = set(glob.glob(self.demo.path("volume/clips/*/*/*.mp4")))
        self.demo.start("--reset")
        with open(self.demo.path("accounts.json")) as file:
            self.assertFalse(before & {account["password"] for account in json.load(file)})
        self.assertTrue(clips)
        self.assertFalse(clips & set(glob.glob(self.demo.path("volume/clips/*/*/*.mp4"))))
        self.assertEqual(self.demo.stop(signal.SIGTERM), 0, self.demo.said())


class OwnOfficeTest(unittest.TestCase):
    """What README.md says of one's own cameras, with simulated ones as stand-ins."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="yg-", ignore_cleanup_errors=True)
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        os.chmod(self.folder, 0o755)
        for name in ("build", "deploy"):
            os.symlink(os.path.join(ROOT, name), os.path.join(self.folder, name))
        self.start, self.watch = shell_blocks("README.md", "bash")

    def shell(self, steps):
        return subprocess.run(["bash", "-euo", "pipefail", "-c", steps], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=300, env=ENGLISH)

    def start_stand_ins(self):
        """At the addresses of the files, or, where that port is taken, at others that are put into them."""
        port = free_port()
        path = os.path.join(self.folder, "my-office/cameras.csv")
        with open(path) as file:
            cameras = file.read()
        self.assertEqual(re.findall(r"rtsp://127.0.0.1:8554/camera/(\d)\n", cameras), ["1", "2"])
        with open(path, "w") as file:
            file.write(cameras.replace(":8554/", f":{port}/"))
        footage = glob.glob(os.path.join(ROOT, "build/*/loops/main.h264")) + glob.glob(os.path.join(ROOT, "var/*/footage/demo.h264"))
        command = [os.path.join(ROOT, "build/demo/app/yagura"), "simulate", "--cameras", "2", "--port", str(port), "--loop", footage[0]]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)

    def test_two_cameras_of_ones_own_are_watched(self):
        copy, start = self.start.strip().split("\n")
        self.assertEqual(start, "deploy/demo --office my-office")
        self.assertEqual(self.shell(copy).returncode, 0)
        demo = Demo(self.folder, free_port(), "--office", os.path.join(self.folder, "my-office"))
        self.start_stand_ins()
        self.addCleanup(lambda: demo.process and (demo.process.poll() is not None or demo.stop(signal.SIGTERM)))
        demo.start()
        self.assertIn(f"deploy/demo otp NAME --folder {demo.path('').rstrip('/')} prints", demo.said())
        os.symlink("demo", os.path.join(self.folder, "var/own"))
        functions = shell_blocks("README.md")[0].split("TOKEN=")[0]
        done = self.shell(functions + self.watch)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("recording 2 of 2 cameras, ", done.stdout)
        self.assertGreater(os.path.getsize(os.path.join(self.folder, "own-live.mp4")), 20_000)
        self.assertRegex(demo.yagura("check"), r"(?m)^disagreements +0$")
        # The files are the office: a name that is changed in them is another one after the next start.
        self.assertEqual(demo.stop(signal.SIGTERM), 0, demo.said())
        path = os.path.join(self.folder, "my-office/cameras.csv")
        with open(path) as file:
            cameras = file.read().replace("入口", "正面入口")
        with open(path, "w") as file:
            file.write(cameras)
        demo.start()
        self.assertIn("正面入口", demo.yagura("camera", "list"))
        self.assertEqual(demo.stop(signal.SIGTERM), 0, demo.said())


class DocumentsTest(unittest.TestCase):
    def test_both_languages_show_the_same_steps(self):
        for kind in ("sh", "bash"):
            self.assertEqual(shell_blocks("README.ja.md", kind), shell_blocks("README.md", kind))

    def test_both_languages_name_the_two_commands(self):
        for document in ("README.md", "README.ja.md"):
            with open(os.path.join(ROOT, document)) as text:
                self.assertEqual(re.findall(r"^    (deploy/\w+)$", text.read(), re.MULTILINE), ["deploy/demo", "deploy/test"])


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
