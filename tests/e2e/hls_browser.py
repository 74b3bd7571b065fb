#!/usr/bin/env python3
"""The HLS playlist plays in Chromium with hls.js by the session cookie, through nginx: from its beginning to its end, at the highest speed the player
offers, with every stretch buffered; without the cookie nothing is served."""
import datetime
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.browser import Browser  # noqa: E402
from support.office import Office, ROOT  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402

PLAY = """
const [player, playlist, rate] = args;
if (!window.Hls) { const script = document.createElement('script'); script.textContent = player; document.head.append(script); }
const video = document.createElement('video'); video.muted = true; document.body.append(video);
const errors = [];
const hls = new Hls({xhrSetup: xhr => { xhr.withCredentials = true; }, maxBufferLength: 60});
hls.on(Hls.Events.ERROR, (_, data) => { if (data.fatal) errors.push(data.type + ' ' + data.details); });
hls.loadSource(playlist); hls.attachMedia(video);
await new Promise((done, fail) => { video.oncanplay = done; setTimeout(() => fail('no picture in 20 s: ' + errors.join()), 20000); });
video.playbackRate = rate; await video.play();
const begun = performance.now(); const seen = [];
await new Promise((done, fail) => {
  video.onended = done;
  const timer = setInterval(() => {
    seen.push(video.currentTime);
    if (errors.length) { clearInterval(timer); fail(errors.join()); }
    if (performance.now() - begun > 110000) { clearInterval(timer); fail('did not reach the end: ' + video.currentTime + ' of ' + video.duration); }
  }, 250);
});
const quality = video.getVideoPlaybackQuality();
return {duration: video.duration, at: video.currentTime, decoded: quality.totalVideoFrames, width: video.videoWidth, height: video.videoHeight};
"""

SIGN_IN = """
const reply = await fetch('/v1/session', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({username: args[0], password: args[1], cookie: true})});
return {status: reply.status, body: await reply.text()};
"""


def scenario(options, folder):
    with Office(folder, options.build, cameras=2, loop=[loop(options, "main"), loop(options, "high_b")]) as office:
        office.start("record")
        office.start_api_and_media()
        office.start_nginx()
        begun = time.time()
        office.wait_all_recording(60)
        wait_until("closed clips of a while", lambda: len(office.postgres.sql(
            "SELECT camera_id FROM clip GROUP BY 1 HAVING count(*) >= " + str(options.clips))) == 2, 60 * options.clips + 90, 1)
        crisis = office.sign_in("crisis", through_nginx=True)
        with open(os.path.join(ROOT, "build/npm/node_modules/hls.js/dist/hls.min.js")) as file:
            player = file.read()
        span = "?from=" + datetime.datetime.fromtimestamp(begun - 10, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") + \
            "&to=" + datetime.datetime.fromtimestamp(begun + 600, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        browser = Browser(os.path.join(folder, "browser"))
        try:
            browser.go(f"https://localhost:{office.https_port}/v1/openapi.yaml?page")
            camera_ids = [camera["id"] for camera in crisis.all_items("/v1/cameras")]
            playlist = f"/v1/cameras/{camera_ids[0]}/playback.m3u8{span}"
            without = browser.run("return (await fetch(args[0])).status;", playlist)
            assert without == 401, f"without a session: {without}"
            signed_in = browser.run(SIGN_IN, "crisis", office.passwords["crisis"])
            assert signed_in["status"] in (200, 201), signed_in
            assert "token" not in json.loads(signed_in["body"]), "a cookie session shows its token to scripts"
            for camera_id in camera_ids:
                playlist = f"/v1/cameras/{camera_id}/playback.m3u8{span}"
                text = browser.run("return (await fetch(args[0])).text();", playlist)
                assert text.startswith("#EXTM3U"), text[:300]
                listed = sum(float(line.split(":")[1].split(",")[0]) for line in text.splitlines() if line.startswith("#EXTINF"))
                played = browser.run(PLAY, player, playlist, 4)
                assert abs(played["at"] - listed) < 1.0, f"the playlist lists {listed:.1f} s, the player reached {played['at']:.1f} s"
                print(json.dumps({"camera": camera_id, "listed_s": round(listed, 2), **played}))
        finally:
            browser.close()


if __name__ == "__main__":
    parsed = arguments(__doc__, clips=2)
    run(lambda folder: scenario(parsed, folder))
