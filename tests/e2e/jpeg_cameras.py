#!/usr/bin/env python3
"""Cameras that send nothing but JPEG, through the real processes: GStreamer's payloader over UDP by a pull worker, and a simulated one over TCP. What they
sent is stored, byte for byte; ffmpeg decodes every clip and video.mp4 without a word; frame.jpg is the camera's own picture, for now and for the past;
live.mp4 names its codec; a playlist is refused with a reason."""
import http.client
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.camera_farms import Farm, ForeignCamera, add_camera  # noqa: E402
from support.office import Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.sent_log import merge_sent_logs  # noqa: E402
from support.video_judge import decode  # noqa: E402


def judge_picture(folder, reply):
    assert reply.status == 200 and dict(reply.headers)["Content-Type"] == "image/jpeg", f"{reply.status} {reply.body[:200]}"
    path = os.path.join(folder, "frame.jpg")
    with open(path, "wb") as file:
        file.write(reply.body)
    done = subprocess.run(["ffmpeg", "-v", "warning", "-nostdin", "-i", path, "-f", "null", "-"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and not done.stderr.strip(), done.stderr


def judge_live(office, client, camera):
    """As stored: whoever plays it finds the codec in the header."""
    connection = http.client.HTTPConnection("127.0.0.1", office.media_port, timeout=60)
    connection.request("GET", f"/v1/cameras/{camera}/live.mp4", headers={"Authorization": "Bearer " + client.token})
    reply = connection.getresponse()
    begin = reply.read(20_000)
    connection.close()
    assert reply.status == 200 and b"mp4v" in begin and b"esds" in begin, reply.status
    assert b"\xff\xd8\xff\xdb" in begin, "no picture behind the header"


def judge_past(office, client, camera, folder):
    clips = client.all_items("/v1/clips", camera=camera, from_="2020-01-01T00:00:00Z", to="2100-01-01T00:00:00Z")
    assert clips, "no clip"
    media, span = office.media_client(client), {"from_": clips[0]["start"], "to": clips[-1]["end"]}
    picture = media.get(f"/v1/cameras/{camera}/frame.jpg", at=clips[-1]["start"])
    judge_picture(folder, picture)
    stored = b"".join(open(path, "rb").read() for path in office.clip_files())
    assert picture.body in stored, "frame.jpg isn't what the camera sent"
    video = media.get(f"/v1/cameras/{camera}/video.mp4", **span)
    assert video.status == 200, f"{video.status} {video.body[:300]}"
    path = os.path.join(folder, "video.mp4")
    with open(path, "wb") as file:
        file.write(video.body)
    refused = media.get(f"/v1/cameras/{camera}/playback.m3u8", **span)
    assert refused.status == 501 and refused.json()["code"] == "unimplemented" and "JPEG" in refused.json()["detail"], refused.body
    return decode(path)


def scenario(options, folder):
    with Office(folder, options.build, cameras=0) as office:
        office.start("record")
        wait_until("the key that credentials are sealed for", lambda: office.postgres.sql("SELECT 1 FROM recorder_key"), 60)
        foreign = ForeignCamera(office, loop(options, "restarts.mjpeg"), transports="udp")
        farm = Farm(office, "tcp", [loop(options, "main.mjpeg")] * 2)
        add_camera(office, 1, foreign, transport="udp")
        add_camera(office, 2, farm)
        office.start_api_and_media()
        office.wait_all_recording(60)
        heads = [office.sign_in(name) for name in ("head1", "head2")]
        cameras = [head.all_items("/v1/cameras")[0]["id"] for head in heads]
        for head, camera in zip(heads, cameras):
            judge_picture(folder, office.media_client(head).get(f"/v1/cameras/{camera}/frame.jpg"))
            judge_live(office, head, camera)
        time.sleep(options.watch_s)
        office.children["record"].stop()  # closes its clips
        office.sent_log = os.path.join(folder, "sent.log")
        merge_sent_logs([foreign.sent_log, farm.sent_log], office.sent_log)
        report = office.check_sent()
        assert report["frames_lost"] == 0 and report["disagreements"] == 0, report
        assert report["frames_stored"] > 2 * options.watch_s * 10, report
        shown = [judge_past(office, head, camera, folder) for head, camera in zip(heads, cameras)]
        for path in office.clip_files():
            decode(path)
        print(f"{report['frames_stored']} pictures found stored as sent, 0 lost; {shown} of them in video.mp4")


if __name__ == "__main__":
    parsed = arguments(__doc__, watch_s=6)
    run(lambda folder: scenario(parsed, folder))
