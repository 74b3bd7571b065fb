"""What most people take for live pictures in a browser: ffmpeg that copies a camera's stream, as HLS of one-second segments and as an endless MP4 of
one fragment a frame, through the office's own nginx."""
import http.server
import os
import subprocess
import threading

from support.processes import wait_until

LOCATION = """
    location /ffmpeg/ {{
      proxy_pass http://127.0.0.1:{port}/;
      proxy_buffering off;
    }}
    location / {{
      return 404;"""
PULL = ["ffmpeg", "-nostdin", "-v", "error", "-fflags", "nobuffer", "-rtsp_transport", "tcp", "-i"]
ENDLESS = ["-c", "copy", "-f", "mp4", "-movflags", "frag_every_frame+empty_moov+default_base_moof", "-flush_packets", "1", "pipe:1"]
KINDS = {".m3u8": "application/vnd.apple.mpegurl", ".m4s": "video/mp4", ".mp4": "video/mp4"}


class FfmpegLive:
    """To be made before nginx starts. At https://…/ffmpeg/live.m3u8 and /ffmpeg/live.mp4, until it is closed."""

    def __init__(self, office, camera_number):
        self.url = f"rtsp://127.0.0.1:{office.farm_port}/camera/{camera_number}"
        self.hls = None
        self.folder = os.path.join(office.folder, "ffmpeg")
        os.makedirs(self.folder)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        path = os.path.join(office.nginx, "nginx.conf")
        with open(path) as file:
            configuration = file.read()
        there = "\n    location / {\n      return 404;"
        assert configuration.count(there) == 1, "nginx.conf has another end than this knows"
        with open(path, "w") as file:
            file.write(configuration.replace(there, LOCATION.format(port=self.server.server_port)))

    def start(self):
        self.hls = subprocess.Popen(PULL + [self.url, "-c", "copy", "-f", "hls", "-hls_time", "1", "-hls_list_size", "6", "-hls_segment_type", "fmp4",
                                            "-hls_flags", "delete_segments+independent_segments", os.path.join(self.folder, "live.m3u8")])
        wait_until("ffmpeg's playlist", lambda: os.path.exists(os.path.join(self.folder, "live.m3u8")), 60)

    def close(self):
        if self.hls:
            self.hls.kill()
            self.hls.wait()
        self.server.shutdown()

    def _handler(self):
        live = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                name = os.path.basename(self.path)
                self.send_response(200)
                self.send_header("Content-Type", KINDS[os.path.splitext(name)[1]])
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                live.send_endless(self.wfile) if name == "live.mp4" else live.send_file(name, self.wfile)

            def log_message(self, *_):
                pass
        return Handler

    def send_file(self, name, out):
        with open(os.path.join(self.folder, name), "rb") as file:
            out.write(file.read())

    def send_endless(self, out):
        with subprocess.Popen(PULL + [self.url] + ENDLESS, stdout=subprocess.PIPE) as process:
            try:
                while piece := process.stdout.read1(1 << 16):
                    out.write(piece)
            except OSError:
                pass  # the viewer has gone
            finally:
                process.kill()
