"""A proxy that sends a page so slowly that the browser can paint between any two chunks."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.error import HTTPError
from urllib.request import urlopen

CHUNK = 400
"""Bytes. The header's navigation is twice as long, so a chunk ends inside it."""
SLOW_BYTES = 12_000
"""How much of the body is sent in chunks: more than fills the first screen."""
PAUSE = 0.03
"""Seconds between two chunks: two frames at 60 Hz."""


@contextmanager
def slow_proxy(site: str) -> Iterator[str]:
    """Start a proxy for the URL `site`, and yield the proxy's URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                response = urlopen(site + self.path)
            except HTTPError as error:
                response = error
            with response:
                content = response.read()
            self.send_response(response.status)
            for name in ("Content-Type", "Content-Security-Policy"):
                if name in response.headers:
                    self.send_header(name, response.headers[name])
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            start = max(0, content.find(b"<body"))
            slow = range(start, min(start + SLOW_BYTES, len(content)), CHUNK) if start else []
            self.wfile.write(content[:start])
            for position in slow:
                self.wfile.write(content[position : position + CHUNK])
                time.sleep(PAUSE)
            self.wfile.write(content[start + len(slow) * CHUNK :])

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
