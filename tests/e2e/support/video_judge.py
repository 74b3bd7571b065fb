"""Judges a downloaded video.mp4 by what the camera sent: ffprobe says which packets are presented, the stamps in them say which frames
they are, the sent log says what their bytes must be."""
import json
import subprocess

from support.sent_log import read_stamp


def probe_packets(path):
    """[(pts, dts, duration, position, size, flags)] in decoding order; a warning of ffprobe fails."""
    done = subprocess.run(
        ["ffprobe", "-v", "warning", "-select_streams", "v:0", "-show_packets", "-show_entries",
         "packet=pts_time,dts_time,duration_time,pos,size,flags", "-of", "json", path],
        capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and not done.stderr.strip(), f"ffprobe on {path}: {done.stderr[:2000]}"
    return json.loads(done.stdout)["packets"]


def decode(path):
    """Decodes every frame; any warning of ffmpeg fails. Returns the number of frames that come out."""
    done = subprocess.run(
        ["ffmpeg", "-v", "warning", "-nostdin", "-i", path, "-f", "framemd5", "-fps_mode", "passthrough", "-"],
        capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and not done.stderr.strip(), f"ffmpeg on {path}: {done.stderr[:2000]}"
    return sum(1 for line in done.stdout.splitlines() if line and not line.startswith("#"))


class Presented:
    """The presented frames of a file, in presentation order: each (time in the file, stamp)."""

    def __init__(self, path):
        with open(path, "rb") as file:
            data = file.read()
        self.frames, self.hidden = [], 0
        for packet in probe_packets(path):
            at, size = int(packet["pos"]), int(packet["size"])
            stamp, crc = read_stamp(data[at:at + size])
            assert stamp is not None, f"a packet at {at} has no stamp"
            assert crc == stamp.crc, f"frame {stamp.number}: bytes differ from what was sent"
            if "D" in packet["flags"]:
                self.hidden += 1
            else:
                self.frames.append((float(packet["pts_time"]), stamp))
        self.frames.sort(key=lambda frame: frame[0])

    def assert_consecutive(self):
        assert self.frames, "nothing is presented"
        first = self.frames[0][1]
        for offset, (_, stamp) in enumerate(self.frames):
            assert (stamp.camera, stamp.epoch) == (first.camera, first.epoch), "frames of another camera or epoch"
            assert stamp.presentation == first.presentation + offset, (
                f"frame {offset} is number {stamp.presentation} in presentation, expected {first.presentation + offset}")


def judge_video(path, sent_frames, from_us, to_us, frame_interval_us):
    """Fails unless the file holds exactly [from, to): consecutive, unchanged, readable without a warning, starting at 0. Returns a summary."""
    presented = Presented(path)
    presented.assert_consecutive()
    sent = {(f.camera, f.epoch, f.number): f for f in sent_frames}
    for _, stamp in presented.frames:
        frame = sent[(stamp.camera, stamp.epoch, stamp.number)]
        assert frame.crc == stamp.crc, f"frame {stamp.number} was sent with other bytes"
    instants = [sent[(s.camera, s.epoch, s.number)].captured_us for _, s in presented.frames]
    allowed = frame_interval_us + 50_000
    assert abs(instants[0] - from_us) <= allowed, f"starts {instants[0] - from_us} us from the instant asked for"
    end = instants[-1] + frame_interval_us
    assert abs(end - to_us) <= allowed, f"ends {end - to_us} us from the instant asked for"
    assert abs(presented.frames[0][0]) < 0.001, f"starts at {presented.frames[0][0]} s"
    decoded = decode(path)
    assert decoded == len(presented.frames), f"{decoded} frames decode, {len(presented.frames)} are presented"
    return {"presented": len(presented.frames), "hidden": presented.hidden,
            "start_off_ms": (instants[0] - from_us) / 1000, "end_off_ms": (end - to_us) / 1000}
