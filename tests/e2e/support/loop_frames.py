"""The access units of a loop (H.264 byte stream), to compare what was recorded with what a camera plays. Knows nothing of the product's C++."""
import re

SLICES = (1, 5)
DELIMITER = 9


def read_loop(path):
    """[[NAL unit, ...], ...]: one list for each frame, in decoding order."""
    with open(path, "rb") as file:
        data = file.read()
    frames, has_slice = [], True
    for nal in re.split(rb"\x00\x00\x00?\x01", data)[1:]:
        nal = nal.rstrip(b"\x00")
        kind = nal[0] & 0x1F
        # A frame ends before its successor's first slice (first_mb_in_slice 0 is a one bit), or before what belongs to that.
        begins = nal[1] & 0x80 if kind in SLICES else kind in (6, 7, 8, DELIMITER)
        if has_slice and begins:
            frames.append([])
            has_slice = False
        frames[-1].append(nal)
        has_slice = has_slice or kind in SLICES
    return frames
