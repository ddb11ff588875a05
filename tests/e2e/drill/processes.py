"""The site's production processes, gunicorn and the delivery worker, which drills start, kill and restart."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

import psycopg

from ...conftest import ROOT, SAMPLE_SITE, collect_static, free_port, migrate
from ...support.peers import SECRET, MailServer, WebhookReceiver
from .visitors import request

SALES = "sales@layersrank.example"

# Limits that no drill reaches, for drills that don't test rate limits.
NO_LIMITS = dict.fromkeys(("client", "/56", "/48", "total", "token", "notifications"), 100_000)


class Site:
    """The site on an empty database, with a mail server and a webhook receiver.

    A worker leases each message for `lease` seconds.
    """

    def __init__(
        self, folder: Path, database: str, *, limits: dict[str, int] = NO_LIMITS, lease: float = 180, **environment: str
    ) -> None:
        self.database, self.port, self.log = database, free_port(), folder / "log"
        self.mail_server, self.webhook_receiver = MailServer(), WebhookReceiver()
        self.mail_server.start()
        self.webhook_receiver.start()
        content = folder / "content"
        content.mkdir()
        for name in ("site.toml", "start.md"):
            shutil.copy(SAMPLE_SITE / name, content)
        self._environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.e2e.drill.drill_settings",
            "SECRET_KEY": "a key for one run of a drill, and for nothing else: 8b1d7c2f9e3a",
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "CONTENT_DIR": str(content),
            "BUILD_DIR": str(folder / "build"),
            "SPOOL_DIR": str(folder / "spool"),
            "DATABASE_URL": database,
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.mail_server.port),
            **dict.fromkeys(("DEBUG", "ALLOWED_HOSTS", "EMAIL_HOST_USER", "EMAIL_USE_TLS", "TRUSTED_PROXIES"), ""),
            "LEADS_TO": SALES,
            "MAIL_FROM": "site@layersrank.example",
            "WEBHOOK_URL": self.webhook_receiver.url,
            "WEBHOOK_SECRET": SECRET,
            "DRILL_LIMITS": json.dumps(limits),
            "DRILL_LEASE": str(lease),
            **environment,
        }
        self._processes: list[subprocess.Popen[bytes]] = []
        collect_static(self._environment)
        migrate(self._environment)

    def manage(self, *arguments: str) -> str:
        """Run a management command, and return its output."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self._environment, capture_output=True, text=True, check=True
        ).stdout

    def start_gunicorn(self) -> subprocess.Popen[bytes]:
        """Start gunicorn, and wait until it responds."""
        process = self._start("-m", "gunicorn")

        def responds() -> bool:
            if process.poll() is not None:
                raise RuntimeError(f"gunicorn did not start:\n{self.log.read_text()}")
            return self.is_serving()

        wait_until(responds, "gunicorn responds")
        return process

    def start_delivery_worker(self) -> subprocess.Popen[bytes]:
        return self._start("manage.py", "deliver", "--watch")

    def is_serving(self) -> bool:
        try:
            return request(self.port, "GET", "/livez").status == 200
        except OSError:
            return False

    def wait_until_delivered(self) -> None:
        """Wait until the spool is empty and no message is pending."""

        def is_delivered() -> bool:
            spooled = json.loads(request(self.port, "GET", "/readyz").text)["spooled"]
            return spooled == 0 and not self.rows("SELECT id FROM leads_message WHERE state = 'pending' LIMIT 1")

        wait_until(is_delivered, "all messages are delivered", 300)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Query the database directly."""
        if self.database.startswith("sqlite"):
            with closing(sqlite3.connect(self.database.removeprefix("sqlite:///"), timeout=30)) as connection:
                return connection.execute(query).fetchall()
        with psycopg.connect(self.database) as server:
            return server.execute(query).fetchall()

    def stop(self) -> None:
        for process in self._processes:
            if process.poll() is None:
                for pid in (*child_pids(process.pid), process.pid):
                    kill(pid)
                process.wait()
        self.mail_server.stop()
        self.webhook_receiver.stop()

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )
        self._processes.append(process)
        return process


class Killer:
    """Starts the site's processes, kills them with SIGKILL and restarts them.

    `events` lists the kills: the time, in seconds since `start_time`, and the killed process.
    """

    TARGETS = ("gunicorn", "gunicorn's master", "a gunicorn worker", "the delivery worker")

    def __init__(self, site: Site, random: Random) -> None:
        self._site, self._random = site, random
        self._gunicorn, self._delivery_worker = site.start_gunicorn(), site.start_delivery_worker()
        self.events: list[tuple[float, str]] = []
        self.start_time = time.monotonic()

    def reset_clock(self) -> None:
        self.start_time = time.monotonic()

    def record(self, event: str) -> None:
        self.events.append((round(time.monotonic() - self.start_time, 2), event))

    def kill(self, target: str) -> None:
        """Kill one of TARGETS, and return once it runs again."""
        self.record(target)
        if target == "the delivery worker":
            kill(self._delivery_worker.pid)
            self._delivery_worker.wait()
            self._delivery_worker = self._site.start_delivery_worker()
        elif target == "a gunicorn worker":
            kill(self._random.choice(child_pids(self._gunicorn.pid)))
        else:
            workers = child_pids(self._gunicorn.pid) if target == "gunicorn" else []
            kill(self._gunicorn.pid)
            for pid in workers:
                kill(pid)
            self._gunicorn.wait()
            wait_until(lambda: not self._site.is_serving(), "gunicorn's workers end after their master", 30)
            self._gunicorn = self._site.start_gunicorn()

    @property
    def delivery_worker_kills(self) -> int:
        return sum(target == "the delivery worker" for _, target in self.events)


@contextmanager
def running(site: Site) -> Iterator[Site]:
    try:
        yield site
    finally:
        site.stop()


def kill(pid: int, number: int = signal.SIGKILL) -> None:
    with suppress(ProcessLookupError):  # it has already ended
        os.kill(pid, number)


def child_pids(pid: int) -> list[int]:
    """Return the direct child processes."""
    children = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = stat.read_text().rpartition(")")[2].split()[1]
        except OSError:  # it ended meanwhile
            continue
        if int(parent) == pid:
            children.append(int(stat.parent.name))
    return children


def wait_until(condition: Callable[[], bool], description: str, seconds: float = 60) -> None:
    """Wait until `condition()` is true. Raise TimeoutError after `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"timed out after {seconds} s: {description}")
        time.sleep(0.05)
