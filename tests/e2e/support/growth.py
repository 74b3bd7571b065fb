"""Whether something grows: by the slope of its samples, not by single ones."""
import statistics

SETTLED_FROM = 0.25  # of the time: what is filled once isn't growth


def growth(samples):
    """By how much [(time, value)] has grown over its last three quarters: the median slope of all pairs (Theil and Sen) times the time."""
    begin, end = samples[0][0], samples[-1][0]
    late = [sample for sample in samples if sample[0] >= begin + (end - begin) * SETTLED_FROM]
    assert len(late) >= 3, f"{len(late)} samples tell nothing"
    slopes = [(b - a) / (t - s) for i, (s, a) in enumerate(late) for t, b in late[i + 1:] if t > s]
    return statistics.median(slopes) * (late[-1][0] - late[0][0])


class Pause:
    """Of a picture: between two painted frames (times of time.time())."""

    def __init__(self, tile, begin, end, said=()):
        self.tile, self.begin, self.end, self.said = tile, begin, end, said  # by its player, meanwhile

    def __repr__(self):
        return f"tile {self.tile}: {self.end - self.begin:.2f} s until {self.end:.2f}"

    def explanation(self, stops, silences):
        """What made it: the browser or the machine stood still for half of it or more ([(begin, end)]), or the camera was silent then
        ({tile: [(begin, end)]}). Nothing: nobody knows."""
        for what, spans in (("the browser or the machine stood still", stops), ("the camera sent nothing", silences.get(self.tile, []))):
            covered = sum(max(0, min(self.end, end) - max(self.begin, begin)) for begin, end in spans)
            if covered >= (self.end - self.begin) / 2:
                return what
        return None
