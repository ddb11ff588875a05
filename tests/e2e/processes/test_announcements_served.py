"""Each change is announced to search engines only once, even with two replicas and after a restart."""

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.support.waiting import PATIENCE

from ...conftest import ROOT, SAMPLE_SITE, Server, collect_static, free_port

SITE, KEY = "https://www.layersrank.example", "0123456789abcdef"


@pytest.fixture
def announcements():
    """A fake IndexNow server. Yields its URL and the list of the received requests."""
    received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/indexnow", received
    server.shutdown()
    server.server_close()


@contextmanager
def replica(folder, env):
    """Run gunicorn and the delivery worker, as in the container image."""
    port, log = free_port(), folder / f"log-{time.monotonic_ns()}"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "deploy/supervise.py"], cwd=ROOT, env=env | {"PORT": str(port)}, stderr=output
        )
    try:
        server = Server(port, folder / "content", log, process)
        until(lambda: answers(server))
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) == 0


def answers(server):
    try:
        return server.get("/readyz").status == 200
    except OSError:
        return False


def knows_pages(database):
    """Return whether a delivery worker has recorded the pages that were live at the start."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("SELECT count(*) FROM leads_announcedpages").fetchone() == (1,)


def until(condition):
    ends = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends, "timed out"
        time.sleep(0.05)


def test_a_change_is_announced_once_by_two_replicas_and_never_again(tmp_path, announcements):
    url, received = announcements
    shutil.copytree(SAMPLE_SITE, tmp_path / "content", ignore=shutil.ignore_patterns("kit.md"))
    env = {
        "PATH": "/usr/bin:/bin",
        "SECRET_KEY": "a key for one run of the tests, and for nothing else: 3f9c2b7d1e8a",
        "DATA_DIR": str(tmp_path / "data"),
        "CONTENT_DIR": str(tmp_path / "content"),
        "CONTENT_RELOAD": "1",
        "SITE_URL": SITE,
        "INDEXNOW_KEY": KEY,
        "INDEXNOW_URL": url,
    }
    collect_static(env)
    page = tmp_path / "content" / "pricing.md"
    with replica(tmp_path, env) as one, replica(tmp_path, env) as two:
        assert one.get(f"/{KEY}.txt").body == two.get(f"/{KEY}.txt").body == KEY.encode()
        logs = (one.log, two.log)
        until(lambda: knows_pages(tmp_path / "data" / "db.sqlite3"))
        page.write_text(page.read_text() + "\nOne more line.\n")
        until(lambda: received)
        assert sum(log.read_text().count("published: 1 changed (/pricing)") for log in logs) == 1
    with replica(tmp_path, env):
        page.write_text(page.read_text() + "\nAnother line.\n")
        until(lambda: len(received) > 1)
    assert [request["urlList"] for request in received] == [[f"{SITE}/pricing"]] * 2
