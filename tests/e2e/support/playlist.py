"""A playlist of the past, read as a player reads it, and its bytes."""
import posixpath
import re
from dataclasses import dataclass, field

from support.footage import micros

TOLERATED_US = 2_000  # between a segment's end and the next clip's instant


@dataclass
class Segment:
    clip: str
    start_us: int
    duration_us: float
    offset: int
    size: int


@dataclass
class Stretch:
    """What plays without a break."""
    init: str
    segments: list = field(default_factory=list)

    @property
    def start_us(self):
        return self.segments[0].start_us

    @property
    def end_us(self):
        return self.segments[-1].start_us + round(self.segments[-1].duration_us)


def read_playlist(text):
    """Its stretches. Fails where a date goes astray within one, where bytes of a clip are left out between two segments, or at what no player need know."""
    lines = text.splitlines()
    assert lines[0] == "#EXTM3U" and lines[-1] == "#EXT-X-ENDLIST", text[:200]
    stretches, init, broken, date_us, duration_us, place = [], None, True, None, None, None
    longest = int(re.search(r"#EXT-X-TARGETDURATION:(\d+)", text).group(1))
    for line in lines[1:-1]:
        name, _, value = line.partition(":")
        if name == "#EXT-X-DISCONTINUITY":
            assert stretches, "a break before all"
            broken = True
        elif name == "#EXT-X-MAP":
            assert broken, "another init segment without a break"
            init = re.fullmatch('URI="(.*)"', value).group(1)
        elif name == "#EXT-X-PROGRAM-DATE-TIME":
            date_us = micros(value)
        elif name == "#EXTINF":
            duration_us = float(value.rstrip(",")) * 1e6
            assert round(duration_us / 1e6) <= longest, f"{line}, and at most {longest} s were promised"
        elif name == "#EXT-X-BYTERANGE":
            place = [int(number) for number in value.split("@")]
        elif not line.startswith("#"):
            _add(stretches, broken, init, Segment(line.split("/")[-2], date_us, duration_us, place[1], place[0]))
            broken, date_us = False, None
        else:
            assert name in ("#EXT-X-VERSION", "#EXT-X-PLAYLIST-TYPE", "#EXT-X-TARGETDURATION", "#EXT-X-INDEPENDENT-SEGMENTS"), line
    return stretches


def _add(stretches, broken, init, segment):
    if broken:
        assert segment.start_us is not None, "a stretch without a date"
        stretches.append(Stretch(init))
    else:
        before = stretches[-1].segments[-1]
        follows_us = before.start_us + before.duration_us
        if segment.start_us is None:
            assert segment.clip == before.clip and segment.offset == before.offset + before.size, f"{segment} after {before}"
            segment.start_us = follows_us
        assert abs(segment.start_us - follows_us) <= TOLERATED_US, f"{segment} after {before}"
    stretches[-1].segments.append(segment)


def fetch_stretch(media, stretch, path):
    """Init segment and segments, one request each, one behind the other in a file."""
    with open(path, "wb") as file:
        file.write(_fetch(media, stretch.init))
        for segment in stretch.segments:
            file.write(_fetch(media, f"../../clips/{segment.clip}/media", segment))
    return path


def _fetch(media, uri, segment=None):
    asked = {"Range": f"bytes={segment.offset}-{segment.offset + segment.size - 1}"} if segment else {}
    reply = media.request("GET", posixpath.normpath("/v1/cameras/camera/" + uri), headers=asked)
    assert reply.status == (206 if segment else 200), f"{uri}: {reply.status} {reply.body[:300]}"
    assert not segment or len(reply.body) == segment.size, f"{uri}: {len(reply.body)} bytes of {segment}"
    return reply.body
