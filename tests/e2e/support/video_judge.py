"""Judges a downloaded video.mp4 by what the camera sent: ffprobe says which packets are presented, the stamps in them say which frames
they are, the sent log says what their bytes must be."""
import json
import subprocess

from support.sent_log import read_stamp, without_stamp
from support.standstill import STANDSTILL


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
    """The presented frames of a file, in presentation order: each (time in the file, stamp). With `loop_frames`, what the camera plays, every frame's NAL
    units must be those, but for the stamp."""

    def __init__(self, path, loop_frames=None):
        with open(path, "rb") as file:
            data = file.read()
        self.frames, self.hidden = [], 0
        for packet in probe_packets(path):
            at, size = int(packet["pos"]), int(packet["size"])
            stamp, crc = read_stamp(data[at:at + size])
            assert stamp is not None, f"a packet at {at} has no stamp"
            assert crc == stamp.crc, f"frame {stamp.number}: bytes differ from what was sent"
            if loop_frames:
                assert without_stamp(data[at:at + size]) == loop_frames[stamp.number % len(loop_frames)], f"frame {stamp.number}: not the loop's NAL units"
            if "D" in packet["flags"]:
                self.hidden += 1
            else:
                self.frames.append((float(packet["pts_time"]), stamp))
        assert self.frames, "nothing is presented"
        self.frames.sort(key=lambda frame: frame[0])

    def stretches(self):
        """Stamps in presentation order, cut where a number doesn't follow on the one before."""
        stretches, before = [], None
        for _, stamp in self.frames:
            follows = before and (stamp.camera, stamp.epoch, stamp.presentation) == (before.camera, before.epoch, before.presentation + 1)
            if not follows:
                stretches.append([])
            stretches[-1].append(stamp)
            before = stamp
        return stretches


def judge_video(path, sent_frames, ranges, frame_interval_us, loop_frames=None):
    """Fails unless the file holds exactly the frames of `ranges`, each [from, to) in microseconds, one after the other: consecutive in each, unchanged,
    readable without a warning, starting at 0, no time between them. Returns a summary."""
    presented = Presented(path, loop_frames)
    sent = {(f.camera, f.epoch, f.number): f for f in sent_frames}
    stretches = presented.stretches()
    assert len(stretches) == len(ranges), f"{len(stretches)} stretches of consecutive frames, {len(ranges)} were asked for: {outline(stretches)}"
    allowed = frame_interval_us + 50_000
    edge = allowed + STANDSTILL.longest_s() * 1e6
    offs = []
    for stamps, (from_us, to_us) in zip(stretches, ranges):
        frames = [sent[(stamp.camera, stamp.epoch, stamp.number)] for stamp in stamps]
        for stamp, frame in zip(stamps, frames):
            assert frame.crc == stamp.crc, f"frame {stamp.number} was sent with other bytes"
        start_off, end_off = frames[0].captured_us - from_us, frames[-1].captured_us + frame_interval_us - to_us
        assert abs(start_off) <= edge, f"starts {start_off} us from the instant asked for"
        assert abs(end_off) <= edge, f"ends {end_off} us from the instant asked for"
        offs += [abs(start_off), abs(end_off)]
    times = [time for time, _ in presented.frames]
    assert abs(times[0]) < 0.001, f"starts at {times[0]} s"
    longest_us = max((b - a for a, b in zip(times, times[1:])), default=0) * 1e6
    assert longest_us <= allowed, f"two frames lie {longest_us:.0f} us apart"
    decoded = decode(path)
    assert decoded == len(presented.frames), f"{decoded} frames decode, {len(presented.frames)} are presented"
    return {"presented": len(presented.frames), "hidden": presented.hidden, "off_ms": max(offs) / 1000}


def outline(stretches):
    return [(stamps[0].epoch, stamps[0].presentation, stamps[-1].presentation) for stamps in stretches]
