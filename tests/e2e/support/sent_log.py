"""Reads the camera farm's log of what it sent (docs/design/sent-log.md), and the stamps in footage. Knows nothing of the product's C++."""
import collections
import struct

from support.processes import wait_until

MAGIC = b"YGSENT1\n"
STAMP_UUID = bytes.fromhex("e9294302ba0e4b3fb6a78bf97a534ea6")
STAMP_STARTS = tuple(header + b"\x05\x50" + STAMP_UUID for header in (b"\x06", b"\x4e\x01"))  # of H.264, of H.265
STAMP_TEXT_SIZE = 64

Frame = collections.namedtuple("Frame", "camera epoch number session sent_us captured_us crc rtp keyframe")
Session = collections.namedtuple("Session", "session camera epoch begin_us")
Stamp = collections.namedtuple("Stamp", "camera epoch number presentation crc")


def read_sent_log(path):
    """All frames, in the order of the log."""
    return _read(path)[1]


def sent_frames(path, keys):
    """The frames by (camera, epoch, number), once all of `keys` are in the log: the farm writes it a little behind."""
    sent = {}

    def all_there():
        sent.update({(frame.camera, frame.epoch, frame.number): frame for frame in read_sent_log(path)})
        return all(key in sent for key in keys)

    wait_until("the sent log", all_there, 60, 0.5)
    return sent


def read_sessions(path):
    """([Session], {session number: its frames in the order sent})."""
    sessions, frames = _read(path)
    by_session = {session: [] for session in sessions}
    for frame in frames:
        by_session[frame.session].append(frame)
    return [Session(number, camera, epoch, begin) for number, (camera, epoch, _, begin) in sessions.items()], by_session


def merge_sent_logs(paths, target):
    """The logs of several farms as one, their sessions numbered on."""
    merged, numbered = [MAGIC], 0
    for path in paths:
        highest = numbered
        for kind, record in _records(path):
            if kind in (b"S", b"F", b"X"):
                session = struct.unpack_from("<I", record, 4)[0] + numbered
                highest = max(highest, session)
                record = record[:4] + struct.pack("<I", session) + record[8:]
            merged.append(record)
        numbered = highest
    with open(target, "wb") as log:
        log.write(b"".join(merged))


def _records(path):
    """(kind, bytes) of each whole record."""
    with open(path, "rb") as log:
        data = log.read()
    assert data[:8] == MAGIC, f"{path} is no sent log"
    at = 8
    while at + 4 <= len(data):
        kind, _, size = struct.unpack_from("<cBH", data, at)
        if at + size > len(data):
            return
        yield kind, data[at:at + size]
        at += size


def _read(path):
    sessions, frames = {}, []
    for kind, record in _records(path):
        if kind == b"S":
            session, camera, _, epoch, first, begin = struct.unpack_from("<IIIQQq", record, 4)
            sessions[session] = (camera, epoch, first, begin)
        elif kind == b"F":
            session, offset, late_us, sent_us, crc, rtp = struct.unpack_from("<IIIqII", record, 4)
            camera, epoch, first, _ = sessions[session]
            frames.append(Frame(camera, epoch, first + offset, session, sent_us, sent_us - late_us, crc, rtp, bool(record[1] & 1)))
    return sessions, frames


def _crc32c_table():
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


_TABLE = _crc32c_table()


def crc32c(data, crc=0):
    crc ^= 0xFFFFFFFF
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def split_nals(access_unit):
    """The NAL units of an access unit in which each lies behind its length in four bytes."""
    nals, at = [], 0
    while at < len(access_unit):
        (size,) = struct.unpack_from(">I", access_unit, at)
        assert at + 4 + size <= len(access_unit), "a NAL unit is longer than its access unit"
        nals.append(access_unit[at + 4:at + 4 + size])
        at += 4 + size
    return nals


def is_stamp(nal):
    return any(len(nal) == len(start) + STAMP_TEXT_SIZE + 1 and nal.startswith(start) for start in STAMP_STARTS)


def without_stamp(access_unit):
    return [nal for nal in split_nals(access_unit) if not is_stamp(nal)]


def read_stamp(access_unit):
    """(stamp, CRC of the other NAL units) of an access unit; the stamp is None where there is none."""
    stamp, rest = None, b""
    for nal in split_nals(access_unit):
        if is_stamp(nal):
            assert stamp is None, "two stamps in one access unit"
            text = nal[-1 - STAMP_TEXT_SIZE:-1].decode()
            stamp = Stamp(*(int(text[a:b], 16) for a, b in ((0, 8), (8, 24), (24, 40), (40, 56), (56, 64))))
        else:
            rest += struct.pack(">I", len(nal)) + nal
    return stamp, crc32c(rest)
