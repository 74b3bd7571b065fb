"""Sets of time as lists of [from, to) in microseconds, by start and apart from each other."""


def joined(intervals, gap_us=0):
    """The same time; what lies at most `gap_us` apart is one."""
    whole = []
    for start, end in sorted(intervals):
        if whole and start - whole[-1][1] <= gap_us:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        else:
            whole.append((start, end))
    return whole


def widened(intervals, before_us, after_us):
    return joined([(start - before_us, end + after_us) for start, end in intervals])


def minus(intervals, others):
    """What of `intervals` lies in none of `others`."""
    left = joined(intervals)
    for from_us, to_us in others:
        parts = [((start, min(end, from_us)), (max(start, to_us), end)) for start, end in left]
        left = [part for pair in parts for part in pair if part[0] < part[1]]
    return left


def length_us(intervals):
    return sum(end - start for start, end in intervals)
