"""What is to be true of the image, each as a function that raises where it is not, and gives what it measured."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import sample
from tempfile import mkdtemp
from time import monotonic, sleep

from ...conftest import ROOT, SEED_URL
from ..drill.visitors import READING_SECONDS, open_form
from .build import Build, Failed, Image
from .container import Container, Wrong
from .dockerfile import Stage

# What is promised, in seconds, and what a machine is given beyond it; the best of so many starts counts, since others
# may be busy on it.
STARTS, STOPS, MARGIN, TRIES = 3, 8, 2, 4

PROGRAMS = ("usr/bin", "usr/sbin", "usr/local/bin", "usr/local/sbin", "venv/bin")

GOOD = {
    "SECRET_KEY": "a key for one run of the image's test, and for nothing else: 5d2e8f1c7a90",
    "SITE_URL": "https://www.layersrank.com",
}


class Checks:
    def __init__(self, build: Build, stages: list[Stage], image: Image, folder: Path) -> None:
        self._build, self._stages, self._image, self._folder = build, stages, image, folder
        self._number = 0

    def all(self) -> Iterator[tuple[str, Callable[[], str]]]:
        """Each with what it is about."""
        yield "a broken document ends the build, with its message", self.broken_document
        yield "the image holds what it needs, and nothing else", self.holds
        yield "unsafe starts are refused by name, in one line", self.unsafe
        yield "it starts, serves what was made in it, as nobody in particular, and stops", self.serves
        yield "leads survive a restart", self.restart
        yield "either program's end is the container's", self.ends
        yield "another address, another image's pages", self.other_address
        yield "pages serve without a database", self.no_database
        yield "pages serve with a full disk", self.full_disk

    @contextmanager
    def _running(self, data: Path | None = None, **environment: str) -> Iterator[Container]:
        container = self._container(data, **environment)
        container.start()
        try:
            yield container
        finally:
            container.end()

    def _container(self, data: Path | None = None, **environment: str) -> Container:
        self._number += 1
        log = self._folder / f"log-{self._number}"
        return Container(self._image, data or self._data(), log, _port(), **GOOD | environment)

    def _data(self) -> Path:
        """A new volume; an engine gives it the owner that the image's folder has."""
        data = Path(mkdtemp(prefix="data-", dir=self._folder))
        there = (self._image.root / "data").stat()
        os.chown(data, there.st_uid, there.st_gid)
        return data

    def broken_document(self) -> str:
        image = self._build.copy_of("packages", "broken")
        (stage,) = (stage for stage in self._stages if stage.name == "site")
        *steps, last = stage.instructions
        for step in steps:
            self._build.step(image, step)
        with (image.root / "site/content/hire/machine-learning-engineer.md").open("a") as document:
            document.write("\n[nowhere](/there-is-no-such-page)\n")
        try:
            self._build.step(image, last)
        except Failed as error:
            said = str(error)
            _hold("machine-learning-engineer.md:" in said and "links to /there-is-no-such-page" in said, said)
            return next(line for line in said.splitlines() if "machine-learning-engineer.md:" in line)
        finally:
            shutil.rmtree(image.root)
        raise Wrong("the build went on")

    def holds(self) -> str:
        root = self._image.root
        head = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=self._folder / "context", capture_output=True, text=True, check=True
        )
        _hold((root / "site/revision").read_text() == head.stdout, "revision is not git's")
        _hold(json.loads((root / "site/var/dates.json").read_text()), "no dates")
        _hold(sorted((root / "venv/lib").rglob("httptools/**/*.so")), "no fast HTTP parser")
        _hold(sorted((root / "venv/lib").rglob("uvloop/*.so")), "no fast loop")
        for name in ("gcc", "cc", "g++", "ld", "make", "git", "curl"):
            _hold(not any((root / folder / name).exists() for folder in PROGRAMS), f"there is {name}")
        for name in ("site/.git", "site/tests", "wheels", "root/.cache", "site/requirements-dev.txt", "venv/bin/pip"):
            _hold(not (root / name).exists(), f"there is /{name}")
        uid = int(self._image.user.partition(":")[0])
        paths = [path for folder in ("site", "venv", "etc", "usr") for path in (root / folder).rglob("*")]
        there = [path.lstat() for path in paths if not path.is_symlink()]
        _hold(uid and not [each for each in there if each.st_uid == uid or each.st_mode & 0o002], "its user owns files")
        size = sum(path.lstat().st_size for folder in ("site", "venv") for path in (root / folder).rglob("*"))
        return f"{size / 1e6:.0f} MB of the site and its packages"

    def unsafe(self) -> str:
        cases = {
            "DEBUG": {"DEBUG": "1"},
            "SECRET_KEY": {"SECRET_KEY": ""},
            "SECRET_KEY is weak": {"SECRET_KEY": "secret"},
            "ALLOWED_HOSTS": {"ALLOWED_HOSTS": "*"},
            "SITE_URL": {"SITE_URL": "http://www.layersrank.com"},
            "SITE_URL is http://127.0.0.1:8000": {"SITE_URL": ""},
        }
        for named, environment in cases.items():
            status, said = self._container(**environment).run()
            one_line = said.count("\n") == 1 and f"The site does not start: {named}" in said
            _hold(status == 1 and one_line, f"{environment}: ended with {status}, and said: {said}")
        data = self._data()
        os.chown(data, 0, 0)
        status, said = self._container(data).run()
        _hold(status == 1 and said.count("\n") == 1 and "chown 10001:10001" in said, f"root's /data: {said}")
        return f"{len(cases) + 1} starts"

    def _started(self, **environment: str) -> float:
        """The seconds from the start on an empty volume until the page is served."""
        seconds: list[float] = []
        while len(seconds) < TRIES and min(seconds, default=STARTS) >= STARTS:
            with self._running(**environment) as site:
                site.until_served(SEED_URL)
                seconds.append(monotonic() - site.started)
        _hold(min(seconds) < STARTS + MARGIN, f"it started in {seconds} s")
        return min(seconds)

    def serves(self) -> str:
        started = self._started()
        with self._running() as site:
            site.until_served(SEED_URL, coding="br")
            users = {re.findall(r"^Uid:\s+(\d+)", Path(f"/proc/{each}/status").read_text(), re.M)[0] for each in
                     site.processes()}  # fmt: skip
            _hold(users == {"10001"}, f"it runs as {users}")
            _hold(site.execute("id", "-u") == (0, "10001\n"), "whoami")
            for name in ("/x", "/site/x", "/venv/x", "/etc/x", "/var/tmp/x", "/root/x"):
                _hold(site.execute("touch", name, user="0:0")[0] != 0, f"{name} can be written, by root at least")
            for name in ("/data/x", "/tmp/x"):
                _hold(site.execute("touch", name)[0] == 0, f"{name} cannot be written")
            _hold(site.execute("ls", "-A", "/dev/shm") == (0, ""), "something is written to /dev/shm")
            _hold(site.execute(*self._image.health) == (0, ""), "it is not healthy")
            masters = site.processes("gunicorn")
            for number in masters:
                os.kill(number, signal.SIGSTOP)
            _hold(site.execute(*self._image.health)[0] == 1, "it is healthy, though nothing answers")
            for number in masters:
                os.kill(number, signal.SIGCONT)
            with socket.create_connection(("127.0.0.1", site.port)):  # an idle connection holds up nobody
                status, stopped = site.stop()
            _hold(status == 0, f"it ended with {status}:\n{site.said}")
        _hold(self._container().run(*self._image.health)[0] == 1, "it is healthy, though it does not serve")
        _hold(stopped < STOPS + MARGIN, f"it stopped in {stopped:.1f} s")
        return f"started in {started:.2f} s (promised {STARTS}), stopped in {stopped:.2f} s (promised {STOPS})"

    def restart(self) -> str:
        data = self._data()
        with self._running(data) as site:
            _send(site, "first@layersrank.example")
            site.stop()
        with self._running(data) as site:
            site.until_served(SEED_URL, coding="br")
            started = monotonic() - site.started
            _, kept = site.execute("python", "manage.py", "export_leads", "--format", "csv")
            _hold("first@layersrank.example" in kept, f"the lead is gone: {kept}")
            status, said = site.execute("python", "manage.py", "backup", "/data/backup")
            _hold(status == 0, f"there is no backup: {said}")
            elsewhere = ("env", "DATABASE_URL=sqlite:////data/restored.sqlite3", "python", "manage.py")
            status, said = site.execute(*elsewhere, "restore", "/data/backup")
            _hold((status, said.strip()) == (0, "1 leads restored"), f"it is not restored: {said}")
            _, said = site.execute("pg_dump", "--version")
            served = re.search(r"image: (postgres):(\d+)", (ROOT / "compose.yaml").read_text())
            _hold(served and f") {served[2]}." in said, f"this pg_dump is none for the server of compose.yaml: {said}")
        return f"started again in {started:.2f} s"

    def ends(self) -> str:
        for word in ("gunicorn", "deploy.delivery_worker"):
            with self._running() as site:
                site.until_served("/livez")
                os.kill(site.processes(word)[0], signal.SIGKILL)
                status = site.wait()
                _hold(status == 128 + signal.SIGKILL, f"without {word} it ended with {status}")
        with self._running() as site:  # while the programs are still to be started
            while len(site.processes("python")) < 2:
                sleep(0.01)
            status, seconds = site.stop()
            _hold((status, seconds < STOPS) == (0, True), f"told to stop at once it ended with {status}, {seconds} s")
        return f"both; told to stop at once it ends in {seconds:.2f} s"

    def other_address(self) -> str:
        started = self._started(SITE_URL="https://hiring.example")
        with self._running(SITE_URL="https://hiring.example") as site:
            page = site.until_served(SEED_URL)
            _hold("https://hiring.example/" in page.text, "the page does not name it")
            _hold("www.layersrank.com" not in page.text, "the page names the image's")
            site.until_served(SEED_URL, coding="br")
        return f"started in {started:.2f} s"

    def no_database(self) -> str:
        data = self._data()
        (data / "db.sqlite3").write_bytes(b"this is no database " * 1_000)
        with self._running(data) as site:
            site.until_served(SEED_URL, coding="br")
            _send(site, "kept@layersrank.example")
        with self._running(DATABASE_URL=f"postgres://site:password@127.0.0.1:{_port()}/site") as site:
            site.until_served(SEED_URL, coding="br")
            started = monotonic() - site.started
            _send(site, "kept@layersrank.example")
            _hold("password" not in site.said, "the log tells the password")
            status, _ = site.stop()
            _hold(status == 0, f"it ended with {status}:\n{site.said}")
        return f"of garbage, and of none that answers (started in {started:.2f} s); leads are taken"

    def full_disk(self) -> str:
        data = self._data()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m,uid=10001,gid=10001", "tmpfs", str(data)], check=True)
        try:
            with self._running(data) as site:
                site.until_served(SEED_URL, coding="br")
                site.execute("sh", "-c", "cat /dev/zero >/data/fill; cat /dev/zero >>/data/fill")
                for path in ("/", SEED_URL, "/start", "/livez"):
                    site.until_served(path)
                site.stop()
            with self._running(data) as site:
                site.until_served(SEED_URL)
            for path in data.iterdir():  # and on one that was full from the beginning
                if path.name != "fill":
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
            with (data / "fill").open("ab", buffering=0) as file:
                _fill(file.write)
            with self._running(data) as site:
                site.until_served(SEED_URL)
        finally:
            subprocess.run(["umount", str(data)], check=True)
        return "filled while it serves, full at its start, and full before its first"


def _fill(write: Callable[[bytes], int]) -> None:
    for size in (1 << 20, 1 << 12, 1):
        try:
            while write(b"\0" * size):
                pass
        except OSError:
            continue


def _send(site: Container, email: str) -> None:
    site.until_served("/start")
    form = open_form(site.port)
    sleep(READING_SECONDS)
    reply = form.submit(email)
    _hold(reply.is_thank_you, f"the lead was not taken: {reply.status}\n{site.said}")


def _port() -> int:
    """One that nothing listens on, and of none that the system gives away by itself meanwhile."""
    for port in sample(range(21_000, 22_000), 50):
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("", port))
            return port
    raise Wrong("there is no free port")


def _hold(is_so: object, otherwise: str) -> None:
    if not is_so:
        raise Wrong(otherwise)
