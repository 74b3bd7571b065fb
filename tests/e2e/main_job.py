#!/usr/bin/env python3
"""The main job on real input, with every kind of camera at once: H.264 High with B-frames, H.265 with and without them, GOPs of 0.5 s and 10 s,
parameter sets only in the SDP or only in band, digest and basic credentials, and GStreamer's RTSP server as a camera that isn't ours. Early on, the
recorder is killed and started again.

A department head lists the clips of its floor and downloads 20 s across the boundary of two closed clips, 20 s and 1 s from anywhere, and across the
restart; what is presented is consecutive, unchanged, and at the instants asked for. The crisis desk gets every camera. Another department's head gets, on
every route with an id, the 404 of an id that doesn't exist, and meets the camera in no list, count or playlist.

Takes about four minutes: clips are 60 s long. CI leaves out the camera whose only keyframe comes each 300 s, which takes ten:
`tests/e2e/main_job.py --gop-300 var/footage/gop_300.h264`, with the long loop of deploy/prepare-footage."""
import os
import random
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.camera_farms import Farm, ForeignCamera, add_camera, give_credentials  # noqa: E402
from support.foreign_ids import assert_in_no_list, assert_nothing_to_learn, ids_of  # noqa: E402
from support.footage import CameraFootage, Viewer, rfc3339  # noqa: E402
from support.loop_frames import read_loop  # noqa: E402
from support.office import Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.secret_search import assert_secret  # noqa: E402
from support.sent_log import merge_sent_logs, read_sent_log  # noqa: E402

KINDS = ["foreign", "plain", "plain", "plain", "sdp", "digest", "basic", "sdp", "in-band"]  # camera 1, 2, ...
LOOPS = ["slices", "high_b", "gop_half", "gop_10", "main", "main", "high_b", "rich_b.h265", "main.h265"]
ACROSS_US = 7_300_000  # of 20 s lie before the boundary


def start_farms(office, loops):
    return {"foreign": ForeignCamera(office, loops[0]), "plain": Farm(office, "plain", loops),
            "sdp": Farm(office, "sdp", loops, options=["--parameter-sets", "sdp"]),
            "in-band": Farm(office, "in-band", loops, options=["--parameter-sets", "in-band"]),
            "digest": Farm(office, "digest", loops, auth="digest-sha256"), "basic": Farm(office, "basic", loops, auth="basic")}


def add_cameras(office, farms, kinds):
    """The one with basic credentials gets them late, as a change: until then it is a gap that says why."""
    office.start("record")
    wait_until("the key that credentials are sealed for", lambda: office.postgres.sql("SELECT 1 FROM recorder_key"), 60)
    codes = [add_camera(office, i + 1, farms[kind], with_credentials=kind != "basic") for i, kind in enumerate(kinds)]
    late = codes[kinds.index("basic")]
    wait_until("the gap of a camera without credentials", lambda: office.postgres.sql(
        f"SELECT 1 FROM gap JOIN camera ON camera.id = camera_id WHERE code = '{late}' AND reason = 'authentication_failed'"), 60, 0.2)
    give_credentials(office, late, farms["basic"])
    return codes


def restart_recorder(office, wait_s):
    """Not before each camera has some seconds to show; the one with a GOP of 10 s begins late."""
    time.sleep(8)
    office.children["record"].kill()
    office.start("record")
    office.wait_all_recording(wait_s)


def judge_ranges(footage, rng, count):
    """Across two closed clips; anywhere; exactly one clip's end; nothing where nothing is; across the restart. Returns summaries."""
    boundary = footage.boundary_us()
    ranges = [(boundary - ACROSS_US, 20), (boundary, 20), (boundary - 20_000_000, 20), (boundary - 400_000, 1)]
    first, last = footage.newest_run_us()
    ranges += [(rng.randrange(first, last - s * 1_000_000), s) for s in (20, 1) for _ in range(count)]
    judged = [footage.judge([(from_us, from_us + s * 1_000_000)]) for from_us, s in ranges]
    gap = footage.inner_gap_us()
    if gap:
        judged.append(footage.judge([(max(gap[0] - 4_000_000, footage.first_us()), gap[0]), (gap[1], gap[1] + 6_000_000)]))
        third = (gap[1] - gap[0]) // 3
        footage.assert_no_footage(gap[0] + third, gap[1] - third)
    assert gap or footage.waited_for_keyframe(), f"{footage.code}: no restart within its footage"
    footage.assert_no_footage(0, 20_000_000)
    return judged


def judge_strangers(office, viewers, own, foreign):
    """The head of `own`'s department may learn nothing of `foreign`; through both listeners, and through nginx as people come."""
    span = f"from={rfc3339(time.time() * 1e6 - 900e6)}&to={rfc3339(time.time() * 1e6)}".replace("+00:00", "Z")
    outside = office.sign_in(viewers[own["floor"]].username, through_nginx=True)
    client = viewers[own["floor"]].client
    args = (ids_of(office, foreign), ids_of(office, own), span)
    checked = assert_nothing_to_learn(office, (client, office.media_client(client)), *args) + assert_nothing_to_learn(office, (outside, outside), *args)
    assert_in_no_list(client, foreign, *args[:2])
    return checked


def scenario(options, folder):
    seed = options.seed or random.randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    rng = random.Random(seed)
    kinds, loops = list(KINDS), [loop(options, name) for name in LOOPS]
    if options.gop_300:
        kinds, loops = kinds + ["plain"], loops + [os.path.realpath(options.gop_300)]
    with Office(folder, options.build, cameras=0) as office:
        farms = start_farms(office, loops)
        codes = add_cameras(office, farms, kinds)
        office.cameras = len(KINDS)  # that of one keyframe in 300 s comes later
        office.wait_all_recording(60)
        restart_recorder(office, 60)
        office.start_api_and_media()
        office.start_nginx()
        wait_until("two closed clips of every camera in one run", lambda: len(office.postgres.sql(
            "SELECT camera_id FROM clip WHERE ended_by = 'rolled' GROUP BY camera_id, run_id HAVING count(*) >= 2")) == len(codes),
            900 if options.gop_300 else 400, 1)
        office.sent_log = os.path.join(folder, "sent.log")

        def sent_so_far(number):
            merge_sent_logs([farm.sent_log for farm in farms.values()], office.sent_log)
            return [frame for frame in read_sent_log(office.sent_log) if frame.camera == number]

        viewers = {n: Viewer(office, f"head{n}") for n in (1, 2, 3)}
        crisis = Viewer(office, "crisis")
        cameras = [dict(camera, floor=int(camera["code"][0])) for camera in crisis.client.all_items("/v1/cameras")]
        assert sorted(camera["code"] for camera in cameras) == sorted(codes), "the crisis desk gets every camera"
        own = {n: viewers[n].client.all_items("/v1/cameras") for n in viewers}
        assert sorted(c["code"] for cs in own.values() for c in cs) == sorted(codes), "each head gets its own"
        slowest, count, worst = 0, 0, 0
        for camera in cameras:
            number = int(camera["code"].split("-")[1])
            plays = read_loop(loops[number - 1]) if kinds[number - 1] == "foreign" else None
            footage = CameraFootage(viewers[camera["floor"]], camera, sent_so_far(number), plays)
            footage.sent = sent_so_far(number)  # all that the clips just listed can hold
            judged = judge_ranges(footage, rng, options.ranges)
            judged += [CameraFootage(crisis, camera, footage.sent, plays).judge_boundary(ACROSS_US)]
            print(camera["code"], kinds[number - 1], os.path.basename(loops[number - 1]), f"{len(judged)} files, most hidden frames {max(j['hidden'] for j in judged)},",
                  f"most off {max(j['off_ms'] for j in judged):.1f} ms, slowest download {max(j['took_s'] for j in judged):.2f} s", flush=True)
            slowest, count, worst = max([slowest] + [j["took_s"] for j in judged]), count + len(judged), max([worst] + [j["off_ms"] for j in judged])
        compared = sum(judge_strangers(office, viewers, dict(own[n][0], floor=n), own[m][0]) for n, m in ((2, 1), (3, 2), (1, 3)))
        for auth in ("digest", "basic"):
            assert_secret(office, farms[auth])
        merge_sent_logs([farm.sent_log for farm in farms.values()], office.sent_log)
        report = office.check_sent()
        assert report["frames_lost"] == 0 and report["disagreements"] == 0, report
        print(f"{len(cameras)} cameras, {count} files judged, most off {worst:.1f} ms, slowest download {slowest:.2f} s; {compared} requests with a foreign id "
              f"answered as for an unknown one; 2 passwords nowhere; {report['frames_sent']} frames sent, {report['frames_in_gaps']} in gaps, 0 lost")


if __name__ == "__main__":
    parsed = arguments(__doc__, seed=0, ranges=2, gop_300="")
    run(lambda folder: scenario(parsed, folder))
