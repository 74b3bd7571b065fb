"""The gap rows of an office's catalogue."""


def gaps_of(office):
    """By the code of the camera, in order: (start, end, reason), in microseconds; what goes on ends at infinity."""
    rows = office.postgres.sql(
        "SELECT c.code, extract(epoch FROM g.start_at) * 1000000, extract(epoch FROM coalesce(g.end_at, 'infinity')) * 1000000, g.reason"
        " FROM gap g JOIN camera c ON c.id = g.camera_id ORDER BY c.code, g.start_at")
    gaps = {}
    for code, start, end, reason in rows:
        gaps.setdefault(code, []).append((float(start), float(end), reason))
    return gaps


def joined(gaps):
    """Gap rows that touch, as one stretch with its reasons."""
    stretches = []
    for start, end, reason in gaps:
        if stretches and abs(stretches[-1][1] - start) < 1:
            stretches[-1] = (stretches[-1][0], end, stretches[-1][2] + [reason])
        else:
            stretches.append((start, end, [reason]))
    return stretches
