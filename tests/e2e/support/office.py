"""A small office of a test's own: PostgreSQL, camera farm, configuration, people, and the product's processes, all in one folder and on
loopback. `with Office(folder, build) as office:` leaves nothing running."""
import glob
import json
import os
import re
import secrets
import shutil
import subprocess
import time
import urllib.request

from support.api_client import ApiClient
from support.one_time_code import one_time_code
from support.postgres import Postgres
from support.processes import Child, free_port, listening, wait_until

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "../../.."))
IMPORTED_FROM = 200  # cameras; one by one they take minutes
FAR_PAST = "2020-01-01T00:00:00+09:00"


class Office:
    """Three departments on three floors; camera n stands on floor (n-1) mod 3 + 1 and belongs to that floor's department."""

    def __init__(self, folder, build, cameras=6, loop=None, farm_options=(), volume_limit=None, volume=None, minimum_days=0,
                 farm_cameras=None, more_volumes=(), configuration="", transcodes_max=2):
        self.folder, self.build, self.cameras = folder, build, cameras
        os.makedirs(folder)
        os.chmod(folder, 0o755)
        self.yagura_path = os.path.join(build, "app/yagura")
        self.children, self.ids, self.passwords, self.otp_secrets = {}, {}, {}, {}
        self.farm_port, self.api_port, self.media_port, self.https_port, self.metrics_port = (free_port() for _ in range(5))
        self.sent_log = os.path.join(folder, "sent.log")
        self.state = os.path.join(folder, "state")
        self.volume = volume or os.path.join(folder, "volume")
        self.volumes = [self.volume, *more_volumes]
        self.config = os.path.join(folder, "yagura.toml")
        self.loop, self.farm_options, self.volume_limit = loop, list(farm_options), volume_limit
        self.minimum_days = minimum_days
        self.more_configuration = configuration
        self.transcodes_max = transcodes_max
        self.farm_cameras = farm_cameras or cameras
        self.nginx = os.path.join(folder, "nginx")
        self.authority = os.path.join(self.nginx, "authority.pem")
        self.postgres = Postgres(os.path.join(folder, "pg"))

    def __enter__(self):
        try:
            self._render_nginx()
            self._write_configuration()
            self.yagura("migrate")
            for path in self.volumes:
                os.makedirs(path, exist_ok=True)
            self.yagura("volume", "format")
            self._keep_at_least(self.minimum_days)
            if self.loop:
                self.start_farm()
            self._load_office()
            return self
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def __exit__(self, *_):
        for child in self.children.values():
            child.kill()
        self.postgres.kill()
        if not os.environ.get("YAGURA_KEEP_TEST_FOLDERS"):
            shutil.rmtree(self.folder, ignore_errors=True)

    # --- the product's commands ---------------------------------------------------------------------------------------------------

    def yagura(self, *arguments, stdin="", check=True):
        done = subprocess.run([self.yagura_path, *arguments, "--config", self.config], input=stdin, capture_output=True, text=True,
                              timeout=120, env={**os.environ, "LANG": "C.UTF-8"})
        if check:
            assert done.returncode == 0, f"yagura {' '.join(arguments)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def start(self, verb, *arguments):
        if verb == "record":
            self.clips_before = set(self.clip_files())
        log = os.path.join(self.folder, verb + ".log")
        self.children[verb] = Child("yagura " + verb, [self.yagura_path, verb, "--config", self.config, *arguments], log)
        return self.children[verb]

    def start_api_and_media(self):
        self.start("api")
        self.start("media")
        self.wait_listening("api")
        self.wait_listening("media")

    def wait_listening(self, name):
        port = {"api": self.api_port, "media": self.media_port}[name]
        wait_until(name, lambda: listening(port) or self._still_running(name), 60)

    def start_nginx(self):
        """nginx as the product ships it, with a certificate of the test's own."""
        self.children["nginx"] = Child("nginx", ["nginx", "-p", self.nginx, "-c", "nginx.conf", "-g", "daemon off;"],
                                       os.path.join(self.folder, "nginx.log"))
        wait_until("nginx", lambda: listening(self.https_port) or self._still_running("nginx"), 60)

    def start_farm(self):
        command = [self.yagura_path, "simulate", "--cameras", str(self.farm_cameras), "--port", str(self.farm_port), "--sent-log", self.sent_log]
        loops = [self.loop] if isinstance(self.loop, str) else self.loop
        for loop in loops:
            command += ["--loop", loop]
        self.children["farm"] = Child("farm", command + self.farm_options, os.path.join(self.folder, "farm.log"))
        wait_until("the camera farm", lambda: listening(self.farm_port) or self._still_running("farm"), 60)

    def check_sent(self, *arguments):
        """The report of `yagura check --sent`, as JSON."""
        done = self.yagura("check", "--sent", self.sent_log, "--json", *arguments, check=False)
        assert done.returncode in (0, 1), f"yagura check: exit {done.returncode}\n{done.stderr}"
        return json.loads(done.stdout)

    def metrics(self):
        """What the recorder tells Prometheus: {(name, {label: value}): value}, labels as a frozenset of pairs."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}/metrics", timeout=10) as answer:
            assert answer.headers.get_content_type() == "text/plain", answer.headers
            lines = [line for line in answer.read().decode().splitlines() if not line.startswith("#")]
        told = {}
        for line in lines:
            name, labels, value = re.fullmatch(r"(\w+)(?:\{(.*)\})? (\S+)", line).groups()
            told[name, frozenset(re.findall(r'(\w+)="([^"]*)"', labels or ""))] = float(value)
        return told

    # --- what is recorded -----------------------------------------------------------------------------------------------------------

    def clip_files(self):
        return [path for volume in self.volumes for path in glob.glob(os.path.join(volume, "clips/*/*/*.mp4"))]

    def wait_all_recording(self, timeout_s):
        """Until each camera has a clip file of this life of the recorder, with something in it."""

        def recording():
            self._still_running("record")
            fresh = {os.path.basename(os.path.dirname(path)) for path in self.clip_files()
                     if path not in self.clips_before and os.path.getsize(path) > 20_000}
            return len(fresh) >= self.cameras

        wait_until("every camera to be recorded", recording, timeout_s, 0.1)

    # --- people ----------------------------------------------------------------------------------------------------------------------

    def sign_in(self, username, through_nginx=False):
        if through_nginx:
            client = ApiClient(self.https_port, self.authority)
        else:
            client = ApiClient(self.api_port, host="127.0.0.1")
        secret = self.otp_secrets.get(username)
        return client.sign_in(username, self.passwords[username], one_time_code(secret) if secret else None)

    def media_client(self, client):
        """The same person at the media listener itself."""
        other = ApiClient(self.media_port, host="127.0.0.1")
        other.token = client.token
        return other

    # --- inside ------------------------------------------------------------------------------------------------------------------------

    def _still_running(self, name):
        child = self.children[name]
        assert child.running(), f"{child.name} ended with {child.process.returncode}:\n{child.tail()}"
        return False

    def _render_nginx(self):
        subprocess.run([os.path.join(ROOT, "deploy/nginx/render"), self.nginx, str(self.https_port), str(self.api_port), str(self.media_port)],
                       check=True, capture_output=True)

    def _write_configuration(self):
        limit = f'limit = "{self.volume_limit}"\n' if self.volume_limit else ""
        volumes = "".join(f'[[volume]]\npath = "{path}"\n{limit}\n' for path in self.volumes)
        with open(self.config, "w") as config:
            config.write(f"""[office]
time_zone = "Asia/Tokyo"

[database]
host = "{self.postgres.host}"
port = 5432
name = "yagura"

[record]
state_directory = "{self.state}"
metrics = "127.0.0.1:{self.metrics_port}"

{volumes}{self.more_configuration}[api]
listen = "127.0.0.1:{self.api_port}"

[media]
listen = "127.0.0.1:{self.media_port}"
transcodes_max = {self.transcodes_max}

[web]
public_url = "https://localhost:{self.https_port}"
proxy_key = "{self.nginx}/proxy.key"
""")

    def _keep_at_least(self, days):
        self.postgres.sql(f"UPDATE retention_rule SET minimum = interval '{days} days'", role="yagura_owner")

    def _load_office(self):
        self.yagura("place", "add-site", "--code", "HQ", "--name", "Main building site")
        self.yagura("place", "add-building", "--site", "HQ", "--code", "MAIN", "--name", "Main building")
        self.yagura("department", "add", "--code", "WARD", "--name", "Ward office")
        for n in (1, 2, 3):
            self.yagura("place", "add-floor", "--building", "MAIN", "--code", f"{n}F", "--name", f"Floor {n}", "--ordinal", str(n))
            self.yagura("department", "add", "--code", f"DEPT{n}", "--name", f"Department {n}", "--parent", "WARD")
            self._add_person(f"head{n}", "department_head", f"DEPT{n}")
        self._add_person("manager", "general_manager", "WARD")
        for post in ("crisis_management", "operations", "auditor", "administrator"):
            self._add_person(post.split("_")[0], post, "WARD")
        self._import_cameras() if self.cameras > IMPORTED_FROM else self._add_cameras()

    def _cameras(self):
        for n in range(1, self.cameras + 1):
            floor = (n - 1) % 3 + 1
            yield f"{floor}F-{n:03}", f"Camera {n}", f"{floor}F", f"DEPT{floor}", f"rtsp://127.0.0.1:{self.farm_port}/camera/{n}"

    def _add_cameras(self):
        for code, name, floor, unit, url in self._cameras():
            self.yagura("camera", "add", "--code", code, "--name", name, "--floor", floor, "--unit", unit, "--url", url, "--in-service")

    def _import_cameras(self):
        """They are in service 5 s later."""
        path = os.path.join(self.folder, "cameras.csv")
        with open(path, "w") as file:
            file.write("code,name,floor,unit,phase,url,state\n")
            file.writelines(f"{code},{name},HQ/MAIN/{floor},{unit},,{url},in_service\n" for code, name, floor, unit, url in self._cameras())
        self.yagura("camera", "import", path, "--apply")

    def _add_person(self, username, post, unit):
        self.passwords[username] = secrets.token_urlsafe(12)
        # Whoever signs in several times within half a minute would wait for codes; an administrator must have a second factor.
        factor = [] if post == "administrator" else ["--password-alone"]
        said = self.yagura("person", "add", "--username", username, "--name", username.capitalize(), *factor,
                           stdin=self.passwords[username] + "\n").stdout
        if not factor:
            self.otp_secrets[username] = re.search(r"secret=([A-Z2-7]+)", said).group(1)
        self.yagura("assignment", "add", "--person", username, "--post", post, "--unit", unit, "--from", FAR_PAST)
