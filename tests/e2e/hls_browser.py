#!/usr/bin/env python3
"""The HLS playlist plays in Chromium with hls.js by the session cookie, through nginx: from its beginning to its end, faster than life, every frame of
every clip decoded, without and with B-frames; without the cookie nothing is served.

CI plays two minutes. The ten minutes that the product promises, which take a quarter of an hour: `tests/e2e/hls_browser.py --seconds 600`. Other loops:
`--names 'gop_half gop_10 gop_300' --first-keyframe-s 320 --seconds 330`, `--names main --farm-options '--parameter-sets sdp'`."""
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.browser import Browser  # noqa: E402
from support.footage import micros, rfc3339  # noqa: E402
from support.office import Office, ROOT  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402

OPEN_PLAYER = """
const [player, playlist, rate] = args;
if (!window.Hls) { const script = document.createElement('script'); script.textContent = player; document.head.append(script); }
if (window.playing) { playing.hls.destroy(); playing.video.remove(); }
const video = document.createElement('video'); video.muted = true; document.body.append(video);
const hls = new Hls({xhrSetup: xhr => { xhr.withCredentials = true; }, maxBufferLength: 30 * rate, maxBufferSize: 200e6});
window.playing = {hls, video, errors: []};
hls.on(Hls.Events.ERROR, (_, data) => { playing.errors.push((data.fatal ? 'fatal ' : '') + data.type + ' ' + data.details); });
hls.loadSource(playlist); hls.attachMedia(video);
await new Promise((done, fail) => { video.oncanplay = done; setTimeout(() => fail('no picture in 60 s: ' + playing.errors.join()), 60000); });
playing.first = video.buffered.start(0);
video.playbackRate = rate; await video.play();
"""

STATE = """
const {video, errors, first} = playing; const quality = video.getVideoPlaybackQuality();
return {ended: video.ended, at: video.currentTime, first, duration: video.duration, stretches: video.buffered.length, errors,
        decoded: quality.totalVideoFrames, dropped: quality.droppedVideoFrames, width: video.videoWidth, height: video.videoHeight};
"""

SIGN_IN = """
const reply = await fetch('/v1/session', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({username: args[0], password: args[1], cookie: true})});
return {status: reply.status, body: await reply.text()};
"""


def play(browser, player, playlist, rate, seconds):
    """To the end; what the player says then."""
    browser.run(OPEN_PLAYER, player, playlist, rate)
    deadline = time.monotonic() + seconds * 2 / rate + 120
    while True:
        state = browser.run(STATE)
        assert not any(error.startswith("fatal") for error in state["errors"]), state
        if state["ended"]:
            return state
        assert time.monotonic() < deadline, f"did not reach the end: {state}"
        time.sleep(0.5)



def judge(browser, player, camera, clips, options):
    """`clips`: all that the playlist may show, of at least the seconds asked for."""
    span = f"?from={rfc3339(micros(clips[0]['start']) - 1_000_000)}&to={rfc3339(micros(clips[-1]['end']))}".replace("+00:00", "Z")
    playlist = f"/v1/cameras/{camera['id']}/playback.m3u8{span}"
    text = browser.run("return (await fetch(args[0])).text();", playlist)
    assert text.startswith("#EXTM3U"), text[:300]
    listed = sum(float(line.split(":")[1].split(",")[0]) for line in text.splitlines() if line.startswith("#EXTINF"))
    assert listed >= options.seconds, f"the playlist lists {listed:.1f} s"
    begun = time.monotonic()
    played = play(browser, player, playlist, options.rate, listed)
    took = time.monotonic() - begun
    assert abs(played["at"] - played["first"] - listed) < 0.5, f"the playlist lists {listed:.1f} s, the player went {played}"
    frames = sum(clip["frames"] for clip in clips)
    assert played["decoded"] == frames, f"{frames} frames are in the clips, the player decoded {played}"
    print(json.dumps({"camera": camera["code"], "clips": len(clips), "listed_s": round(listed, 2), "frames": frames, "decoded": played["decoded"],
                      "dropped_at_display": played["dropped"], "at_s": played["at"], "took_s": round(took, 1), "errors": played["errors"]}), flush=True)


def scenario(options, folder):
    names = options.names.split()
    with Office(folder, options.build, cameras=len(names), loop=[loop(options, name) for name in names], farm_options=options.farm_options.split()) as office:
        office.start("record")
        office.start_api_and_media()
        office.start_nginx()
        office.wait_all_recording(options.first_keyframe_s)
        wait_until(f"{options.seconds} s in closed clips", lambda: len(office.postgres.sql(
            f"SELECT camera_id FROM clip GROUP BY 1 HAVING sum(end_at - start_at) >= interval '{options.seconds} s'")) == len(names), options.seconds + 150, 1)
        crisis = office.sign_in("crisis", through_nginx=True)
        with open(os.path.join(ROOT, "web/node_modules/hls.js/dist/hls.min.js")) as file:
            player = file.read()
        now = time.time() * 1e6
        cameras = [(camera, crisis.all_items("/v1/clips", camera=camera["id"], from_=rfc3339(now - 7200e6), to=rfc3339(now)))
                   for camera in crisis.all_items("/v1/cameras")]
        browser = Browser(os.path.join(folder, "browser"))
        try:
            browser.go(f"https://localhost:{office.https_port}/v1/openapi.yaml?page")
            playlist = f"/v1/cameras/{cameras[0][0]['id']}/playback.m3u8?from=2027-01-01T00:00:00Z&to=2027-01-01T01:00:00Z"
            without = browser.run("return (await fetch(args[0])).status;", playlist)
            assert without == 401, f"without a session: {without}"
            signed_in = browser.run(SIGN_IN, "crisis", office.passwords["crisis"])
            assert signed_in["status"] in (200, 201), signed_in
            assert "token" not in json.loads(signed_in["body"]), "a cookie session shows its token to scripts"
            for camera, clips in cameras:
                judge(browser, player, camera, clips, options)
        finally:
            browser.close()


if __name__ == "__main__":
    parsed = arguments(__doc__, seconds=110, rate=4, names="main high_b", farm_options="", first_keyframe_s=60)
    run(lambda folder: scenario(parsed, folder))
