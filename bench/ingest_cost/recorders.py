"""Those who record the farm of bench/ingest-cost. Each: start() returns once it records every camera; roots() are the processes whose CPU time counts with all
their descendants, memory_roots() those whose memory does; stop() ends it and takes its files away, but for `yagura record`, whose are judged."""
import glob
import os
import shutil

from support.processes import Child, wait_until


class Record:
    """`yagura record` as shipped, and its PostgreSQL."""
    settle_s = 10

    def __init__(self, office):
        self.office = office

    def start(self):
        self.office.start("record")
        self.office.wait_all_recording(120)

    def roots(self):
        return [self.office.children["record"].pid, self.office.postgres.server.pid]

    def memory_roots(self):
        return [self.office.children["record"].pid]

    def stop(self):
        self.office.children["record"].stop(60)


class OneProcess:
    """A baseline of our own that records all cameras in one process; it says so by the size of its files."""
    settle_s = 10
    program, ending, arguments = "", ".mp4", ()

    def __init__(self, office):
        self.office = office
        self.folder = os.path.join(office.folder, self.program)

    def files(self):
        return glob.glob(os.path.join(self.folder, "*" + self.ending))

    def start(self):
        os.makedirs(self.folder)
        self.child = Child(self.program, [os.path.join(self.office.build, "bench", self.program), "127.0.0.1", str(self.office.farm_port),
                                          str(self.office.cameras), self.folder, *self.arguments], os.path.join(self.folder, "log"))
        wait_until(self.program + " to write of every camera", self._writes, 180, 0.5)

    def _writes(self):
        assert self.child.running(), self.child.tail()
        files = self.files()
        return len(files) == self.office.cameras and all(os.path.getsize(file) > 50_000 for file in files)

    def roots(self):
        return [self.child.pid]

    memory_roots = roots

    def stop(self):
        self.child.stop(60)
        shutil.rmtree(self.folder)


class RawCopy(OneProcess):
    program, ending = "raw_copy", ".rtp"

    def packets_per_s(self):
        """RTP packets that all cameras sent, by the framing of RFC 2326 section 10.12 in the files, since they were begun."""
        packets = seconds = 0
        for file in self.files():
            with open(file, "rb") as stream:
                data = stream.read()
            at, stamps = 0, []
            while at + 8 <= len(data) and data[at] == 0x24:
                if data[at + 1] == 0:
                    packets += 1
                    stamps.append(int.from_bytes(data[at + 8:at + 12], "big"))
                at += 4 + int.from_bytes(data[at + 2:at + 4], "big")
            seconds += ((stamps[-1] - stamps[0]) % 2**32) / 90_000
        return packets / seconds * self.office.cameras


class DurableRawCopy(RawCopy):
    """It hashes and syncs too."""
    arguments = ("durable",)


class Libavformat(OneProcess):
    program = "libavformat_copy"


class Gstreamer(OneProcess):
    program = "gstreamer_copy"


class Ffmpeg:
    """One process per camera, as offices run it."""
    settle_s = 10

    def __init__(self, office):
        self.office = office

    def start(self):
        folder = os.path.join(self.office.folder, "ffmpeg")
        os.makedirs(folder, exist_ok=True)
        self.files = [os.path.join(folder, f"{n}.mp4") for n in range(1, self.office.cameras + 1)]
        self.children = [
            Child("ffmpeg", ["ffmpeg", "-nostdin", "-v", "error", "-y", "-rtsp_transport", "tcp", "-i",
                             f"rtsp://127.0.0.1:{self.office.farm_port}/camera/{n}", "-c", "copy", "-an", "-f", "mp4",
                             "-movflags", "frag_keyframe+empty_moov+default_base_moof", file], file + ".log")
            for n, file in enumerate(self.files, 1)]
        wait_until("every ffmpeg to write", lambda: all(os.path.exists(f) and os.path.getsize(f) > 100_000 for f in self.files), 180, 0.5)

    def roots(self):
        return [child.pid for child in self.children]

    memory_roots = roots

    def stop(self):
        for child in self.children:
            os.kill(child.pid, 15)
        for child in self.children:
            child.stop()
        for file in self.files:
            os.remove(file)


RECORDERS = {"record": Record, "raw_copy": RawCopy, "durable_raw_copy": DurableRawCopy, "ffmpeg": Ffmpeg, "libavformat": Libavformat,
             "gstreamer": Gstreamer}
