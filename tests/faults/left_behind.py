"""What a recorder left on the disk: clip files and journal, read by docs/design/clip-format.md and journal.md alone, by nothing of the product."""
import dataclasses
import glob
import json
import os
import struct
import uuid

IDENTITY = uuid.UUID("5e0b7c1a-934f-4d26-8a60-21f30db46e91").bytes
TRAILER = uuid.UUID("c4771e55-2a08-4bd9-9f13-66a05de2387b").bytes
TRAILER_END = b"ygtrail1"
KEYFRAME, OTHER = 0x02000000, 0x01010000


class Damaged(Exception):
    """These bytes are not what the format says."""


@dataclasses.dataclass
class Sample:
    offset: int
    size: int
    duration: int
    pts: int
    keyframe: bool


@dataclasses.dataclass
class Clip:
    identity: dict
    header_bytes: int
    fragments_offset: int
    fragments_end: int
    samples: list
    fragments: int
    trailer: tuple  # (offset, ended by, fragments, frames, media end, wall end), or None


def _require(holds, what):
    if not holds:
        raise Damaged(what)


def _boxes(data, at, end):
    """(type, begin, end) of the boxes in data[at:end]."""
    while at < end:
        _require(at + 8 <= end, f"{end - at} bytes at {at} are no box")
        size, kind = struct.unpack_from(">I4s", data, at)
        _require(8 <= size <= end - at, f"a box of {size} bytes at {at} of {end}")
        yield kind, at, at + size
        at += size


def _identity(data, begin, end):
    _require(end - begin == 176 and data[begin + 8:begin + 24] == IDENTITY, "no identity box behind the init segment")
    at = begin + 24
    version, stream = data[at], data[at + 1]
    _require(version == 1 and stream == 0, f"identity of version {version}, stream {stream}")
    text = [str(uuid.UUID(bytes=data[begin + offset:begin + offset + 16])) for offset in (28, 44, 64, 80, 96)]
    sequence, = struct.unpack_from(">I", data, begin + 60)
    media_start, wall_start = struct.unpack_from(">qq", data, begin + 112)
    return {"camera": text[0], "clip": f"{text[1]}.{sequence}", "volume": text[2], "unit": text[3], "floor": text[4],
            "media_start": media_start, "wall_start": wall_start}


def _samples(data, begin, moof_end, mdat_end):
    """The samples of one fragment: its traf's tfdt and trun."""
    inner = {kind: (at, end) for kind, at, end in _boxes(data, begin + 8, moof_end)}
    traf = {kind: at for kind, at, _ in _boxes(data, inner[b"traf"][0] + 8, inner[b"traf"][1])}
    dts, = struct.unpack_from(">q", data, traf[b"tfdt"] + 12)
    flags, count, offset = struct.unpack_from(">IIi", data, traf[b"trun"] + 8)
    _require(flags == 0x01000F01, f"trun with {flags:#x}")
    at, read = begin + offset, traf[b"trun"] + 20
    _require(at == moof_end + 8, "the samples don't begin behind the header of mdat")
    for _ in range(count):
        duration, size, marked, composition = struct.unpack_from(">IIIi", data, read)
        _require(marked in (KEYFRAME, OTHER), f"a sample marked {marked:#x}")
        yield Sample(at, size, duration, dts + composition, marked == KEYFRAME)
        dts, at, read = dts + duration, at + size, read + 16
    _require(at == mdat_end, "mdat isn't as long as its samples")


def _number(data, at):
    value, shift = 0, 0
    while True:
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 0x80:
            return value, at


def _trailer(data, begin, end):
    length, mark = struct.unpack_from(">I8s", data, end - 12)
    _require(mark == TRAILER_END and length == end - begin, "the file's end is no trailer's")
    at = begin + 24
    first, = struct.unpack_from(">Q", data, at + 4)
    _, media_end, wall_end = struct.unpack_from(">qqq", data, at + 12)
    fragments, frames = struct.unpack_from(">II", data, at + 36)
    per_fragment, read = [], at + 44
    for _ in range(fragments):
        count, read = _number(data, read)
        _, read = _number(data, read)
        per_fragment.append(count)
    _require(sum(per_fragment) == frames, "the trailer's frames don't add up")
    return begin, data[at + 1], fragments, frames, media_end, wall_end, first


def read_clip(data):
    """A whole clip file, to its last byte."""
    clip = Clip({}, 0, 0, len(data), [], 0, None)
    moof = None
    for kind, begin, end in _boxes(data, 0, len(data)):
        if kind == b"moov":
            clip.header_bytes = end
        elif kind == b"uuid" and not clip.identity:
            _require(begin == clip.header_bytes, "the identity isn't behind the init segment")
            clip.identity, clip.fragments_offset = _identity(data, begin, end), end
        elif kind == b"moof":
            _require(moof is None and clip.trailer is None and clip.identity, f"a moof at {begin} that doesn't belong there")
            moof = (begin, end)
        elif kind == b"mdat":
            _require(moof and moof[1] == begin, f"an mdat at {begin} without its moof")
            clip.samples += _samples(data, moof[0], moof[1], end)
            clip.fragments, moof = clip.fragments + 1, None
        elif kind == b"uuid":
            _require(data[begin + 8:begin + 24] == TRAILER and end == len(data), f"a uuid at {begin} that is no trailer")
            clip.trailer, clip.fragments_end = _trailer(data, begin, end), begin
        else:
            _require(kind == b"ftyp" and begin == 0, f"a box {kind} at {begin}")
    _require(moof is None and clip.identity, "it ends in the middle")
    return clip


def _crc_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


CRC_TABLE = _crc_table()


def crc32c(data):
    crc, table = 0xFFFFFFFF, CRC_TABLE
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def _frame_at(data, at):
    """The payload of the journal's frame at `at`, or None."""
    if at + 8 > len(data):
        return None
    length, checksum = struct.unpack_from(">II", data, at)
    payload = data[at + 8:at + 8 + length]
    if length == 0 or len(payload) < length or crc32c(data[at:at + 4] + payload) != checksum:
        return None
    return payload


def _segment(data, number):
    """The records of one segment, as far as it can be read."""
    if data[:8] != b"ygjrnl01" or data[8:16] != struct.pack(">Q", number):
        return []
    records, at = [], 16
    while (payload := _frame_at(data, at)) is not None:
        records += json.loads(payload)
        at += 8 + len(payload)
    return records


def read_journal(folder):
    """All records, in order."""
    records = []
    for path in sorted(glob.glob(os.path.join(folder, "*.log"))):
        with open(path, "rb") as file:
            records += _segment(file.read(), int(os.path.basename(path)[:16]))
    return records
