"""A web server that knows no rights and keeps no record: a second nginx, which sends a volume's files by sendfile, behind the office's own."""
import os

from support.processes import Child, free_port, wait_until

CONFIGURATION = """
user root;
worker_processes 1;
pid {folder}/nginx.pid;
events {{ worker_connections 256; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  client_body_temp_path {folder};
  proxy_temp_path {folder};
  fastcgi_temp_path {folder};
  uwsgi_temp_path {folder};
  scgi_temp_path {folder};
  server {{
    listen 127.0.0.1:{port};
    location / {{ root {volume}; }}
  }}
}}
"""
# With connections that stay open, and without buffers, as the product's own.
UPSTREAM = """
  upstream plain {{
    server 127.0.0.1:{port};
    keepalive 16;
  }}
  upstream yagura_media {{"""
LOCATION = """
    location /plain/ {
      proxy_pass http://plain/;
      proxy_buffering off;
    }
    location / {
      return 404;"""


class PlainServer:
    """To be made before the office's nginx starts; files are then at /plain/ of it."""

    def __init__(self, office):
        self.folder = os.path.join(office.folder, "plain")
        os.makedirs(self.folder)
        port = free_port()
        own = os.path.join(self.folder, "nginx.conf")
        with open(own, "w") as file:
            file.write(CONFIGURATION.format(folder=self.folder, port=port, volume=office.volume))
        front = os.path.join(office.nginx, "nginx.conf")
        with open(front) as file:
            configuration = file.read()
        for there, instead in (("\n  upstream yagura_media {", UPSTREAM.format(port=port)), ("\n    location / {\n      return 404;", LOCATION)):
            assert configuration.count(there) == 1, f"nginx.conf lacks {there}"
            configuration = configuration.replace(there, instead)
        with open(front, "w") as file:
            file.write(configuration)
        self.child = Child("plain", ["nginx", "-p", self.folder, "-c", own, "-g", "daemon off;"], os.path.join(self.folder, "log"))
        wait_until("the plain server", lambda: os.path.exists(os.path.join(self.folder, "nginx.pid")) and self.child.running(), 60)

    @property
    def pid(self):
        return self.child.pid

    def close(self):
        self.child.stop()
