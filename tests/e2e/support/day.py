"""What happens to a camera in a day, made up by a seed, and what there must be to see of it."""
from dataclasses import dataclass

from support.scenario import OFFICE_AHEAD_S

# All that a camera and its connection can do; what the recorder itself does is the business of other scenarios.
GAP_REASONS = ["camera_unreachable", "authentication_failed", "camera_refused", "protocol_error", "unsupported_stream", "camera_silent", "frames_damaged",
               "waiting_for_keyframe", "camera_parked", "worker_failed", "certificate_changed"]
GOP_S = 2
BACK_S = 40
DAY_S = 86_400


@dataclass
class Event:
    kind: str  # play, away, clock
    what: str  # codec, reason, nothing
    seconds: int


class Day:
    """[start_s, end_s); from changes_s on another unit is in charge. Events are in the order in which they were lived."""

    def __init__(self, start_s, end_s, changes_s, events):
        self.start_s, self.end_s, self.changes_s, self.events = start_s, end_s, changes_s, events

    def frames(self, fps):
        return fps * sum(event.seconds for event in self.events if event.kind == "play")

    def dated(self):
        """(event, its start in s)."""
        now_s = self.start_s
        for event in self.events:
            yield event, now_s
            now_s += event.seconds

    def gaps(self):
        """(reason, start, end) in us."""
        return [(event.what, at * 1_000_000, (at + event.seconds) * 1_000_000) for event, at in self.dated() if event.kind == "away"]

    def lived_twice(self):
        (event, at), = [(event, at) for event, at in self.dated() if event.kind == "clock"]
        return (at + event.seconds) * 1_000_000, at * 1_000_000

    def codec_changes(self):
        """In s."""
        plays = [(event.what, at) for event, at in self.dated() if event.kind == "play"]
        return [at for (before, _), (codec, at) in zip(plays, plays[1:]) if codec != before]

    def stretches(self):
        """What plays without a break, [start, end) in us: it is broken by a gap, a step of the clock, another codec, and at the first keyframe of another
        charge or day of the office."""
        found = []
        for event, at in self.dated():
            if event.kind == "play":
                edges = [at] + [self._keyframe_from(at, instant) for instant in self._rolls() if at < instant < at + event.seconds] + [at + event.seconds]
                found += [(a * 1_000_000, b * 1_000_000) for a, b in zip(edges, edges[1:]) if a < b]
        return sorted(found)

    def _rolls(self):
        midnight_s = (self.start_s + OFFICE_AHEAD_S) // DAY_S * DAY_S + DAY_S - OFFICE_AHEAD_S
        return sorted([self.changes_s, *range(midnight_s, self.end_s, DAY_S)])

    @staticmethod
    def _keyframe_from(at, instant):
        return at + -(-(instant - at) // GOP_S) * GOP_S


def plan_day(rng, start_s, minutes, gaps):
    """As many gaps, evenly among the hours, each of any length; between some of them the codec changes, and back, the clock is set back, and the charge
    changes."""
    slot_s = minutes * 60 // (gaps + 1)
    assert gaps >= 6 and slot_s >= 120, "not so many gaps in so few minutes"
    events, changes_s, codec, now_s = [], None, "h264", start_s
    for slot in range(gaps + 1):
        away_s = rng.randint(1, slot_s // 4) if slot < gaps else 0
        play_s = (slot_s if slot < gaps else start_s + minutes * 60 - now_s) - away_s
        first_s = rng.randint(play_s // 2, play_s - 10)
        if slot in (gaps // 4, 3 * gaps // 4):
            other = "hevc" if codec == "h264" else "h264"
            events += [Event("play", codec, first_s), Event("play", other, play_s - first_s)]
            codec = other
        elif slot == gaps // 3:
            events += [Event("play", codec, first_s), Event("clock", "", -BACK_S), Event("play", codec, play_s - first_s + BACK_S)]
        else:
            events.append(Event("play", codec, play_s))
        if slot == gaps // 2:
            changes_s = now_s + first_s
        if away_s:
            events.append(Event("away", GAP_REASONS[slot % len(GAP_REASONS)], away_s))
        now_s += slot_s
    return Day(start_s, start_s + minutes * 60, changes_s, events)
