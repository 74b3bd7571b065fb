"""The frames that trial_office.cc makes, made once more."""
import struct

PATTERN_BYTES = 256 * 1024


def _pattern():
    state, made = 1, bytearray(PATTERN_BYTES)
    for at in range(PATTERN_BYTES):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        made[at] = state >> 24
    return bytes(made)


PATTERN = _pattern()


def frame_bytes(camera, frame, size_bytes, keyframe):
    start = (frame * 7919 + camera * 104729) % (PATTERN_BYTES // 2)
    stamp = struct.pack(">IBBI", size_bytes - 4, 0x65 if keyframe else 0x41, camera, frame)
    return stamp + PATTERN[start:start + size_bytes - len(stamp)]


def name_of(frame):
    """(camera, number) that stand in a frame's bytes."""
    return struct.unpack_from(">BI", frame, 5)
