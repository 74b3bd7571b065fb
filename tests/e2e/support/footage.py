"""A person who looks at one camera's footage, and what it must be by the farm's own log."""
import datetime
import os
import statistics
import time

from support.standstill import STANDSTILL
from support.video_judge import judge_video

DOWNLOAD_MAX_S = 10


def rfc3339(us):
    return (datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(microseconds=us)).isoformat(timespec="microseconds")


def micros(text):
    return round(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1e6)


class Viewer:
    """Somebody signed in, at both listeners."""

    def __init__(self, office, username):
        self.office, self.username = office, username
        self.client = office.sign_in(username)
        self.media = office.media_client(self.client)


class CameraFootage:
    """One camera as `viewer` sees it. `sent`: its frames in the farm's log; `loop_frames`: what it plays, where every NAL unit is to be compared."""

    def __init__(self, viewer, camera, sent, loop_frames=None):
        self.viewer, self.camera, self.sent, self.loop_frames = viewer, camera, sent, loop_frames
        self.code = camera["code"]
        by_time = [frame.sent_us for frame in sent]
        self.interval_us = round(statistics.median(b - a for a, b in zip(by_time, by_time[1:])))
        now = time.time() * 1e6
        self.span = {"from_": rfc3339(now - 3600e6), "to": rfc3339(now)}
        on_floor = viewer.client.all_items("/v1/clips", floor=camera["floor_id"], **self.span)
        self.clips = [clip for clip in on_floor if clip["camera_id"] == camera["id"]]

    def boundary_us(self):
        """Between the first two clips of the newest run."""
        run = self._newest_run()
        assert len(run) >= 2, f"{self.code}: {len(run)} clips in its newest run"
        boundary = micros(run[0]["end"])
        assert boundary == micros(run[1]["start"]), f"{self.code}: a clip's end is not the next one's start"
        return boundary

    def newest_run_us(self):
        run = self._newest_run()
        return micros(run[0]["start"]), micros(run[-1]["end"])

    def first_us(self):
        return micros(self.clips[0]["start"])

    def inner_gap_us(self):
        """[start, end) of the time between two recorded stretches; nothing where there is one stretch only. Every gap in it has a reason."""
        items = self._coverage()
        recorded = [i for i, item in enumerate(items) if item["kind"] == "recorded"]
        assert 1 <= len(recorded) <= 2, f"{self.code}: {items}"
        if len(recorded) == 1:
            return None
        between = items[recorded[0] + 1:recorded[1]]
        assert between and all(item["kind"] == "gap" for item in between), f"{self.code}: {between}"
        assert between[0]["reason"] == "recorder_restart", f"{self.code}: {between}"
        return micros(between[0]["start"]), micros(between[-1]["end"])

    def waited_for_keyframe(self):
        """Whether what precedes its first footage is a gap that says so, up to its first frame."""
        items = self._coverage()
        first = next(i for i, item in enumerate(items) if item["kind"] == "recorded")
        return first > 0 and items[first - 1].get("reason") == "waiting_for_keyframe"

    def judge_boundary(self, before_us):
        from_us = self.boundary_us() - before_us
        return self.judge([(from_us, from_us + 20_000_000)])

    def judge(self, ranges):
        """Downloads from the first range's start to the last one's end; exactly `ranges` must be shown, the time between them told as gaps."""
        begun, begun_at = time.monotonic(), time.time()
        reply = self._video(ranges[0][0], ranges[-1][1])
        took_s = time.monotonic() - begun - STANDSTILL.since_s(begun_at)
        edge_us = self.interval_us + 50_000 + STANDSTILL.longest_s() * 1e6
        what = f"{self.code} {[(rfc3339(a), rfc3339(b)) for a, b in ranges]}"
        assert reply.status == 200, f"{what}: {reply.status} {reply.body[:500]}"
        assert took_s <= DOWNLOAD_MAX_S, f"{what}: {took_s:.1f} s for a download"
        headers = {name.lower(): value for name, value in reply.headers}
        told = [tuple(micros(end) for end in gap.split("/")) for gap in headers.get("x-yagura-gaps", "").split(", ") if gap]
        asked = [(a[1], b[0]) for a, b in zip(ranges, ranges[1:])]
        assert len(told) == len(asked) and all(abs(x - y) <= edge_us for t, a in zip(told, asked) for x, y in zip(t, a)), (
            f"{what}: gaps told {told}, expected {asked}")
        path = os.path.join(self.viewer.office.folder, "video.mp4")
        with open(path, "wb") as file:
            file.write(reply.body)
        try:
            return {**judge_video(path, self.sent, ranges, self.interval_us, self.loop_frames), "took_s": took_s}
        except AssertionError as error:
            raise AssertionError(f"{what}: {error}") from error

    def assert_no_footage(self, from_us, to_us):
        reply = self._video(from_us, to_us)
        assert reply.status == 404 and reply.json()["code"] == "no_footage", f"{self.code} {rfc3339(from_us)}: {reply.status} {reply.body[:200]}"

    def _video(self, from_us, to_us):
        return self.viewer.media.get(f"/v1/cameras/{self.camera['id']}/video.mp4", from_=rfc3339(from_us), to=rfc3339(to_us))

    def _newest_run(self):
        return [clip for clip in self.clips if clip["run_id"] == self.clips[-1]["run_id"]]

    def _coverage(self):
        reply = self.viewer.client.get(f"/v1/cameras/{self.camera['id']}/coverage", **self.span)
        assert reply.status == 200, reply.body[:300]
        return reply.json()["items"]
