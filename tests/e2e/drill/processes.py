"""The site as it runs in production: gunicorn and the delivery worker, which drills start, kill and start again."""

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

from ...conftest import ROOT, SAMPLE_SITE, collect_static, free_port
from ...support.peers import SECRET, Receiver, Sink
from .visitors import ask

SALES = "sales@layersrank.example"

# More than any drill sends, where it is not caps that it is about.
NO_CAPS = {"client": 100_000, "recipient": 100_000, "all": 100_000}


class Site:
    """The site on an empty database, with peers that it tells of leads. `lease` is in seconds."""

    def __init__(
        self, folder: Path, database: str, *, caps: dict[str, int] = NO_CAPS, lease: float = 180, **environment: str
    ) -> None:
        self.database, self.port, self.log = database, free_port(), folder / "log"
        self.sink, self.receiver = Sink(), Receiver()
        self.sink.start()
        self.receiver.start()
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
            "EMAIL_PORT": str(self.sink.port),
            **dict.fromkeys(("DEBUG", "ALLOWED_HOSTS", "EMAIL_HOST_USER", "EMAIL_USE_TLS", "TRUSTED_PROXIES"), ""),
            "LEADS_TO": SALES,
            "MAIL_FROM": "site@layersrank.example",
            "WEBHOOK_URL": self.receiver.url,
            "WEBHOOK_SECRET": SECRET,
            "DRILL_CAPS": json.dumps(caps),
            "DRILL_LEASE": str(lease),
            **environment,
        }
        self._started: list[subprocess.Popen[bytes]] = []
        collect_static(self._environment)
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=self._environment, check=True
        )

    def serve(self) -> subprocess.Popen[bytes]:
        """Starts gunicorn; returns when it answers."""
        process = self._start("-m", "gunicorn")

        def answers() -> bool:
            if process.poll() is not None:
                raise RuntimeError(f"gunicorn did not start:\n{self.log.read_text()}")
            return self.is_serving()

        until(answers, "gunicorn answers")
        return process

    def deliver(self) -> subprocess.Popen[bytes]:
        return self._start("manage.py", "deliver", "--watch")

    def is_serving(self) -> bool:
        try:
            return ask(self.port, "GET", "/livez").status == 200
        except OSError:
            return False

    def until_all_is_told(self) -> None:
        """Nothing is left in the spool or to be sent."""

        def is_told() -> bool:
            waiting = json.loads(ask(self.port, "GET", "/readyz").text)["spooled"]
            return waiting == 0 and not self.rows("SELECT id FROM leads_message WHERE state = 'pending' LIMIT 1")

        until(is_told, "everything is told", 300)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What stands in the database, read past the site."""
        if self.database.startswith("sqlite"):
            with closing(sqlite3.connect(self.database.removeprefix("sqlite:///"), timeout=30)) as connection:
                return connection.execute(query).fetchall()
        with psycopg.connect(self.database) as server:
            return server.execute(query).fetchall()

    def stop(self) -> None:
        for process in self._started:
            if process.poll() is None:
                for pid in (*children(process.pid), process.pid):
                    kill(pid)
                process.wait()
        self.sink.stop()
        self.receiver.stop()

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )
        self._started.append(process)
        return process


class Killer:
    """Ends the site's processes as a machine without memory does, and starts them again. `kills` holds when, in seconds
    since `begun`, and which."""

    TARGETS = ("gunicorn", "gunicorn's master", "a gunicorn worker", "the delivery worker")

    def __init__(self, site: Site, random: Random) -> None:
        self._site, self._random = site, random
        self._gunicorn, self._worker = site.serve(), site.deliver()
        self.kills: list[tuple[float, str]] = []
        self.begun = time.monotonic()

    def begin(self) -> None:
        self.begun = time.monotonic()

    def kill(self, target: str) -> None:
        """Returns when what was killed runs again."""
        self.kills.append((round(time.monotonic() - self.begun, 2), target))
        if target == "the delivery worker":
            kill(self._worker.pid)
            self._worker.wait()
            self._worker = self._site.deliver()
        elif target == "a gunicorn worker":
            kill(self._random.choice(children(self._gunicorn.pid)))
        else:
            workers = children(self._gunicorn.pid) if target == "gunicorn" else []
            kill(self._gunicorn.pid)
            for pid in workers:
                kill(pid)
            self._gunicorn.wait()
            until(lambda: not self._site.is_serving(), "gunicorn's workers end after their master", 30)
            self._gunicorn = self._site.serve()

    @property
    def of_the_worker(self) -> int:
        return sum(target == "the delivery worker" for _, target in self.kills)


@contextmanager
def running(site: Site) -> Iterator[Site]:
    try:
        yield site
    finally:
        site.stop()


def kill(pid: int, number: int = signal.SIGKILL) -> None:
    with suppress(ProcessLookupError):  # it has ended by itself
        os.kill(pid, number)


def children(pid: int) -> list[int]:
    """The processes that a process started itself."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = stat.read_text().rpartition(")")[2].split()[1]
        except OSError:  # it has ended since
            continue
        if int(parent) == pid:
            found.append(int(stat.parent.name))
    return found


def until(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"not so within {seconds} s: {what}")
        time.sleep(0.05)
