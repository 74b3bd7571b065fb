#!/usr/bin/env python3
"""PostgreSQL stopped, with `yagura record` killed and started again in the middle: no frame is missing but the restart's gap; rows are there within
60 s of its return, once each. Meanwhile all routes but healthz and openapi.yaml answer 503 with Retry-After within 2 s.

CI stops it for 20 s; the full run is `tests/e2e/database_away.py --away-s 120`."""
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.office import Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.standstill import STANDSTILL  # noqa: E402

ANSWER_MAX_S = 2.0
ROWS_MAX_S = 60


def timed(client, path, method="GET", body=None):
    begun, begun_at = time.monotonic(), time.time()
    reply = client.request(method, path, body)
    return reply, time.monotonic() - begun - STANDSTILL.since_s(begun_at)


def judge_unavailable(office, client, camera, clip, run_id):
    media = office.media_client(client)
    span = "?from=2027-06-15T14:00:00%2B09:00&to=2027-06-15T14:01:00%2B09:00"
    api_paths = ["/readyz", "/v1/session", "/v1/cameras", f"/v1/cameras/{camera}", f"/v1/clips{span}&camera={camera}", f"/v1/cameras/{camera}/coverage{span}"]
    media_paths = [f"/v1/cameras/{camera}/playback.m3u8{span}", f"/v1/cameras/{camera}/video.mp4{span}", f"/v1/runs/{run_id}/init.mp4", f"/v1/clips/{clip}/media",
                   "/readyz"]
    slowest = 0
    for who, paths in ((client, api_paths), (media, media_paths)):
        for path in paths:
            reply, took = timed(who, path)
            assert reply.status == 503, f"{path}: {reply.status} {reply.body[:200]}"
            assert any(name.lower() == "retry-after" for name, _ in reply.headers), f"{path}: no Retry-After"
            assert took <= ANSWER_MAX_S, f"{path}: answered after {took:.2f} s"
            slowest = max(slowest, took)
    reply, took = timed(client, "/v1/session", "POST", {"username": "head1", "password": "x"})
    assert reply.status == 503 and took <= ANSWER_MAX_S, f"sign-in: {reply.status} after {took:.2f} s"
    for path in ("/healthz", "/v1/openapi.yaml"):
        reply, _ = timed(client, path)
        assert reply.status == 200, f"{path}: {reply.status}"
    return slowest


def scenario(options, folder):
    with Office(folder, options.build, cameras=options.cameras, loop=loop(options, "main")) as office:
        office.start("record")
        office.start_api_and_media()
        office.wait_all_recording(60)
        wait_until("a first clip in the catalogue", lambda: office.postgres.sql("SELECT 1 FROM clip LIMIT 1"), 90, 0.5)
        client = office.sign_in("crisis")
        camera = client.all_items("/v1/cameras")[0]["id"]
        clip, run_id = office.postgres.sql("SELECT run_id || '.' || sequence, run_id FROM clip LIMIT 1")[0]
        office.postgres.stop()
        slowest = judge_unavailable(office, client, camera, clip, run_id)
        time.sleep(options.away_s / 2)
        killed_s = time.time()
        office.children["record"].kill()
        office.start("record")
        office.wait_all_recording(60)
        time.sleep(options.away_s / 2)
        judge_unavailable(office, client, camera, clip, run_id)
        closed = len(office.clip_files()) - options.cameras
        office.postgres.start()
        returned = time.monotonic()
        wait_until("every clip closed until its return in the catalogue",
                   lambda: int(office.postgres.sql("SELECT count(*) FROM clip")[0][0]) >= closed, ROWS_MAX_S, 0.1)
        clips_after = time.monotonic() - returned
        wait_until("the restart's gap in the catalogue",
                   lambda: len(office.postgres.sql(
                       "SELECT DISTINCT camera_id FROM gap WHERE reason = 'recorder_restart' AND end_at IS NOT NULL"
                       f" AND end_at > to_timestamp({killed_s})")) == options.cameras,
                   ROWS_MAX_S, 0.2)
        rows_after = time.monotonic() - returned
        wait_until("every clip that the journal had closed in the catalogue", lambda: office.check_sent()["files_in_journal"] <= options.cameras, ROWS_MAX_S, 0.5)
        wait_until("readyz", lambda: client.get("/readyz").status == 200, 60)
        report = office.check_sent()
        assert report["frames_lost"] == 0 and report["disagreements"] == 0, report
        print(f"away for {options.away_s} s: slowest 503 after {slowest:.2f} s, rows of {closed} clips there {clips_after:.1f} s after its return, "
              f"the restart's gap {rows_after:.1f} s, {report['frames_sent']} frames sent, {report['frames_in_gaps']} in gaps, 0 lost, 0 disagreements")


if __name__ == "__main__":
    parsed = arguments(__doc__, away_s=20, cameras=4)
    run(lambda folder: scenario(parsed, folder))
