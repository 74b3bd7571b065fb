"""A person's way in: plain HTTPS requests with a token, nothing of the product's own code."""
import http.client
import json
import ssl
import urllib.parse


class Reply:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        return json.loads(self.body)

    def comparable(self):
        """What a person could tell two answers apart by: all but the date and the request's own id."""
        own = {"date", "x-request-id"}
        headers = sorted((k.lower(), v) for k, v in self.headers if k.lower() not in own)
        return (self.status, headers, self.body)


class ApiClient:
    def __init__(self, port, authority=None, host="localhost", timeout_s=60):
        self.port = port
        self.host = host
        self.timeout_s = timeout_s
        self.context = ssl.create_default_context(cafile=authority) if authority else None
        self.token = None

    def request(self, method, path, body=None, headers=None, **query):
        if query:
            path += "?" + urllib.parse.urlencode({k.rstrip("_"): v for k, v in query.items() if v is not None})
        all_headers = dict(headers or {})
        if self.token:
            all_headers["Authorization"] = "Bearer " + self.token
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
            all_headers["Content-Type"] = "application/json"
        connection = self._connect()
        try:
            connection.request(method, path, body=body, headers=all_headers)
            reply = connection.getresponse()
            return Reply(reply.status, reply.getheaders(), reply.read())
        finally:
            connection.close()

    def get(self, path, **query):
        return self.request("GET", path, **query)

    def sign_in(self, username, password, otp=None):
        reply = self.request("POST", "/v1/session", {"username": username, "password": password, "otp": otp})
        assert reply.status in (200, 201), f"signing in as {username}: {reply.status} {reply.body[:300]}"
        self.token = reply.json()["token"]
        return self

    def all_items(self, path, **query):
        """Every item of a list, page by page."""
        cursor, items = None, []
        while True:
            reply = self.get(path, cursor=cursor, **query)
            assert reply.status == 200, f"{path}: {reply.status} {reply.body[:300]}"
            page = reply.json()
            items += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return items

    def _connect(self):
        if self.context:
            return http.client.HTTPSConnection(self.host, self.port, timeout=self.timeout_s, context=self.context)
        return http.client.HTTPConnection(self.host, self.port, timeout=self.timeout_s)
