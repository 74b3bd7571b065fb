#!/usr/bin/env python3
"""Many watch a few cameras live through nginx, and some of them stop reading. The others miss no frame, recording loses none, nothing of it lies in a
temporary file, and what all of them cost in memory is told for each (asked for: at most 1 MiB in media and nginx together). Who stalled goes on
with pictures of now; after 30 s it would be cut off. In the size that is promised: `--viewers 200 --stalled 50 --cameras 20 --seconds 25`."""
import os
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.live_stream import LiveStream  # noqa: E402
from support.office import Office  # noqa: E402
from support.process_memory import below, pss_bytes  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.sent_log import sent_frames  # noqa: E402
from support.standstill import STANDSTILL  # noqa: E402

VIEWER_BYTES_MAX = 1 << 20
FRESH_S = 5  # how old a frame may be with which a stalled viewer goes on: a GOP, and what was on its way


class StallingStream(LiveStream):
    """Reads its head and the first frames, then nothing until it goes on."""

    def __init__(self, *arguments):
        self._reads = threading.Event()
        self._reads.set()
        super().__init__(*arguments)

    def stall(self):
        self._reads.clear()

    def go_on(self):
        self._reads.set()

    def _take_boxes(self, boxes, at):
        rest = super()._take_boxes(boxes, at)
        self._reads.wait()
        return rest


class Servers:
    """media, and nginx with its workers."""

    def __init__(self, office):
        self.media = [office.children["media"].pid]
        nginx = office.children["nginx"].pid
        self.nginx = below(nginx)
        self.temporary = os.path.join(office.nginx, "tmp")

    def pss(self):
        return {"media": pss_bytes(self.media), "nginx": pss_bytes(self.nginx)}

    def temporary_bytes(self):
        """Of files there, and of such that have no name any more."""
        total = sum(os.path.getsize(os.path.join(folder, name)) for folder, _, names in os.walk(self.temporary) for name in names)
        for pid in self.nginx:
            for descriptor in os.listdir(f"/proc/{pid}/fd"):
                path = f"/proc/{pid}/fd/{descriptor}"
                if os.path.exists(path) and os.readlink(path).startswith(self.temporary):
                    total += os.stat(path).st_size
        return total


def missed(frames):
    """How many numbers are left out between the first and the last frame of one epoch."""
    numbers = [number for (_, _, number), _ in frames]
    return sum(after - before - 1 for before, after in zip(numbers, numbers[1:]))


def judge_return(office, stalled):
    """Each goes on with what is shown now."""
    before = [len(stream.frames()) for stream in stalled]
    resumed = time.time()
    for stream in stalled:
        stream.go_on()
    wait_until("the stalled to go on", lambda: all(len(stream.frames()) > count + 30 for stream, count in zip(stalled, before)), 60)
    late = []
    for stream in stalled:
        frames = stream.close()
        sent = sent_frames(office.sent_log, [key for key, _ in frames[-5:]])
        late.extend(at - sent[key].captured_us / 1e6 for key, at in frames[-5:])
    assert max(late) <= FRESH_S + STANDSTILL.since_s(resumed), f"a viewer that had stalled goes on with pictures {max(late):.1f} s old"
    return max(late)


def scenario(options, folder):
    with Office(folder, options.build, cameras=options.cameras, loop=loop(options, options.footage)) as office:
        office.start("record")
        office.start_api_and_media()
        office.start_nginx()
        office.wait_all_recording(60)
        crisis = office.sign_in("crisis")
        cameras = crisis.all_items("/v1/cameras")
        servers = Servers(office)
        before = servers.pss()

        def watch(kind, nth):
            path = f"/v1/cameras/{cameras[nth % len(cameras)]['id']}/live.mp4"
            return kind("localhost", office.https_port, office.authority, crisis.token, path)
        stalled = [watch(StallingStream, nth) for nth in range(options.stalled)]
        viewers = [watch(LiveStream, nth) for nth in range(options.viewers - options.stalled)]
        everybody = [*stalled, *viewers]
        wait_until("everybody to see something", lambda: all(len(stream.frames()) > 2 for stream in everybody), 120)
        for stream in stalled:
            stream.stall()
        time.sleep(options.seconds)
        after, temporary = servers.pss(), servers.temporary_bytes()
        assert not any(stream.ended() for stream in viewers), "a viewer was cut off"
        frames = [stream.close() for stream in viewers]
        lost = sum(missed(one) for one in frames)
        per_viewer = {name: (after[name] - before[name]) / options.viewers for name in after}
        print(f"{options.viewers} viewers of {options.cameras} cameras, {options.stalled} of them stalled for {options.seconds} s: "
              f"{sum(map(len, frames))} frames seen, {lost} missed by the others; {per_viewer['media'] / 1024:.0f} KiB of media and "
              f"{per_viewer['nginx'] / 1024:.0f} KiB of nginx for each; {temporary} bytes in nginx's temporary files", flush=True)
        late_s = judge_return(office, stalled)
        report = office.check_sent()
        print(f"the stalled went on with pictures {late_s:.1f} s old at most; {report['frames_sent']} frames sent, {report['frames_lost']} lost by recording")
        assert lost == 0, f"{lost} frames were missed by viewers that read on"
        assert temporary == 0, f"{temporary} bytes of footage in temporary files"
        assert sum(per_viewer.values()) <= VIEWER_BYTES_MAX, per_viewer
        assert report["frames_lost"] == 0 and report["disagreements"] == 0, report


if __name__ == "__main__":
    parsed = arguments(__doc__, viewers=20, stalled=5, cameras=4, seconds=8, footage="main")
    run(lambda folder: scenario(parsed, folder))
