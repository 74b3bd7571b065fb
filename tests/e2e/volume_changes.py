#!/usr/bin/env python3
"""Volumes that are added, weighed and drained while cameras are recorded: yagura.toml is edited, and the recorder told by SIGHUP. Every camera goes where the
weights say within a minute, no frame is lost, no gap begins, and what was recorded before plays from where it lies. A file that is wrong changes nothing."""
import json
import os
import signal
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.office import Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402

MOVED_WITHIN_S = 60
SETTLED_S = 3  # of files that grow


class Volumes:
    """What the configuration names, and how many cameras are recorded on each."""

    def __init__(self, office):
        self.office = office
        with open(office.config) as file:
            self.rest = file.read().split("[[volume]]")
        assert len(self.rest) == 2, "expected one volume to begin with"

    def configure(self, weights):
        """{path: weight}, and the recorder reads it again."""
        before, after = self.rest[0], self.rest[1][self.rest[1].index("["):]
        tables = "".join(f'[[volume]]\npath = "{path}"\nweight = {weight}\n\n' for path, weight in weights.items())
        self._write(before + tables + after)

    def spoil(self):
        with open(self.office.config) as file:
            good = file.read()
        self._write(good + "\n[[volume]]\npath = 7\n")
        wait_until("the alarm", lambda: "nothing of it is taken" in self._log(), 20)
        self._write(good)

    def cameras_on(self, path):
        """By the file of each camera that has grown last."""
        newest = {}
        for name in self.office.clip_files():
            camera = os.path.basename(os.path.dirname(name))
            newest[camera] = max(newest.get(camera, (0, "")), (os.path.getmtime(name), name))
        return sum(name.startswith(path + "/") for _, name in newest.values())

    def await_cameras(self, wanted):
        """{path: number}"""
        began = time.monotonic()
        wait_until(f"cameras by volume: {wanted}", lambda: {path: self.cameras_on(path) for path in wanted} == wanted, MOVED_WITHIN_S)
        return time.monotonic() - began

    def _write(self, text):
        with open(self.office.config, "w") as file:
            file.write(text)
        os.kill(self.office.children["record"].process.pid, signal.SIGHUP)

    def _log(self):
        with open(os.path.join(self.office.folder, "record.log")) as file:
            return file.read()


def weights_told(office):
    return {item["path"]: item["weight"] for item in json.loads(office.yagura("volume", "list", "--json").stdout)["items"]}


def scenario(options, folder):
    first, second = os.path.join(folder, "volume"), os.path.join(folder, "second")
    with Office(folder, options.build, cameras=options.cameras, loop=loop(options, "main"), volume=first) as office:
        office.start("record")
        office.wait_all_recording(60)
        volumes = Volumes(office)
        begun = time.time()
        os.makedirs(second)
        volumes.configure({first: 1, second: 2})  # no volume yet: left out
        time.sleep(SETTLED_S)
        assert volumes.cameras_on(first) == options.cameras
        office.yagura("volume", "format")
        office.volumes.append(second)
        volumes.configure({first: 1, second: 2})
        third = options.cameras // 3
        added_s = volumes.await_cameras({first: third, second: options.cameras - third})
        volumes.spoil()
        volumes.configure({first: 0, second: 1})
        drained_s = volumes.await_cameras({first: 0, second: options.cameras})
        wait_until("rows of the new volume", lambda: office.postgres.sql("SELECT count(*) FROM volume")[0][0] == "2", 20)
        told = weights_told(office)
        assert told == {first: 0, second: 1}, told
        time.sleep(SETTLED_S)
        gaps = office.postgres.sql(f"SELECT reason FROM gap WHERE start_at > to_timestamp({begun}) AND end_at IS DISTINCT FROM start_at")
        assert not gaps, gaps
        office.children["record"].stop()
        report = office.check_sent()
        assert report["frames_lost"] == 0 and report["disagreements"] == 0, report
        print(f"added: spread after {added_s:.1f} s; drained after {drained_s:.1f} s; {report['frames_sent']} frames sent, 0 lost, no gap")


if __name__ == "__main__":
    parsed = arguments(__doc__, cameras=6)
    run(lambda folder: scenario(parsed, folder))
