"""The site behind a wire so slow that a browser has time to paint between any two pieces of a page."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.error import HTTPError
from urllib.request import urlopen

PIECE = 400
"""Bytes. The header's navigation is twice as long, so one ends within it."""
SLOW = 12_000
"""Bytes of the body that come in pieces: more than a first screen."""
PAUSE = 0.03
"""Seconds between two pieces: two frames of a browser at 60 Hz."""


@contextmanager
def slow_wire(site: str) -> Iterator[str]:
    """Gives the URL at which `site` is to be had slowly."""

    class Forwarded(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                answer = urlopen(site + self.path)
            except HTTPError as error:
                answer = error
            with answer:
                content = answer.read()
            self.send_response(answer.status)
            for name in ("Content-Type", "Content-Security-Policy"):
                if name in answer.headers:
                    self.send_header(name, answer.headers[name])
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            start = max(0, content.find(b"<body"))
            slow = range(start, min(start + SLOW, len(content)), PIECE) if start else []
            self.wfile.write(content[:start])
            for place in slow:
                self.wfile.write(content[place : place + PIECE])
                time.sleep(PAUSE)
            self.wfile.write(content[start + len(slow) * PIECE :])

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Forwarded) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
