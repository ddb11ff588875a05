"""Checks of the built image. Each method returns a summary, or raises CheckFailed."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from ...conftest import ROOT, SEED_URL
from ..drill.visitors import READING_SECONDS, open_form
from . import source
from .container import CheckFailed, Container
from .engine import CommandFailed, Engine, free_port
from .filling import fill

# On an idle machine, a container should start within this many seconds. No check fails if the start takes longer,
# because other programs can slow down a start.
START_GOAL = 3

# A container must stop within MAX_STOP seconds. On a busy machine, the stop may take TOLERANCE seconds longer.
MAX_STOP, TOLERANCE = 8, 2

PROGRAMS = ("usr/bin", "usr/sbin", "usr/local/bin", "usr/local/sbin", "venv/bin")

SETTINGS = {
    "SECRET_KEY": "a key for one run of the image's test, and for nothing else: 5d2e8f1c7a90",
    "SITE_URL": "https://www.layersrank.com",
}


class Checks:
    """`context` is the folder that `image` was built from. Temporary files go to `folder`."""

    def __init__(self, engine: Engine, image: str, context: Path, folder: Path) -> None:
        self._engine, self._image, self._context, self._folder = engine, image, context, folder

    def all(self) -> Iterator[tuple[str, Callable[[], str]]]:
        """Yield the title and the function of each check."""
        yield "A broken document stops the build", self.check_broken_document
        yield "The image has the necessary files and no others", self.check_files
        yield "Unsafe settings are refused in one line", self.check_unsafe_settings
        yield "The site starts, serves prerendered pages, writes only to its folders, and stops", self.check_serving
        yield "A stop during the start works", self.check_early_stop
        yield "Another SITE_URL gets its own pages, and the container ends with gunicorn", self.check_other_site_url
        yield (
            "Pages are served without a database, and the container ends with the delivery worker",
            (self.check_without_database),
        )
        yield "Pages are served with a full disk", self.check_full_disk

    @contextmanager
    def _running(self, volume: str = "", **environment: str) -> Iterator[Container]:
        container = self._container(volume, **environment)
        try:
            container.start()
            yield container
        finally:
            container.remove()

    def _container(self, volume: str = "", **environment: str) -> Container:
        volume = volume or self._new_volume()
        return Container(self._engine, self._image, volume, free_port(), **SETTINGS | environment)

    def _new_volume(self) -> str:
        return self._engine.docker("volume", "create")

    def _folder_of(self, volume: str) -> Path:
        return Path(self._engine.docker("volume", "inspect", "--format", "{{.Mountpoint}}", volume))

    def _inspect(self, template: str) -> str:
        """Return the property of the image that `template` selects, such as `{{.Size}}`."""
        return self._engine.docker("image", "inspect", "--format", template, self._image)

    def check_broken_document(self) -> str:
        context = self._folder / "broken"
        source.copy(self._context, context)
        with (context / "content/hire/machine-learning-engineer.md").open("a") as document:
            document.write("\n[nowhere](/there-is-no-such-page)\n")
        try:
            self._engine.docker("build", "--progress=plain", str(context))
        except CommandFailed as error:
            output = str(error)
            _require("machine-learning-engineer.md:" in output and "/there-is-no-such-page" in output, output)
            return next(line for line in output.splitlines() if "error: broken-link" in line)
        finally:
            shutil.rmtree(context)
        raise CheckFailed("the build did not stop")

    def check_files(self) -> str:
        root = self._exported()
        head = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=self._context, capture_output=True, text=True, check=True
        )
        _require((root / "site/revision").read_text() == head.stdout, "the file revision doesn't have the commit")
        _require(json.loads((root / "site/var/dates.json").read_text()), "dates.json is empty")
        _require(sorted((root / "venv/lib").rglob("httptools/**/*.so")), "httptools is not compiled")
        _require(sorted((root / "venv/lib").rglob("uvloop/*.so")), "uvloop is not compiled")
        for name in ("gcc", "cc", "g++", "ld", "make", "git", "curl"):
            _require(not any((root / folder / name).exists() for folder in PROGRAMS), f"{name} is in the image")
        for name in ("site/.git", "site/tests", "wheels", "root/.cache", "site/requirements-dev.txt", "venv/bin/pip"):
            _require(not (root / name).exists(), f"/{name} is in the image")
        uid = int(self._inspect("{{.Config.User}}").partition(":")[0])
        paths = [path for folder in ("site", "venv", "etc", "usr") for path in (root / folder).rglob("*")]
        statuses = [path.lstat() for path in paths if not path.is_symlink()]
        _require(
            uid and not [each for each in statuses if each.st_uid == uid or each.st_mode & 0o002], "files are writable"
        )
        _, client = self._container().run("pg_dump", "--version")
        server = re.search(r"image: (postgres):(\d+)", (ROOT / "compose.yaml").read_text())
        _require(server and f") {server[2]}." in client, f"pg_dump has another version than compose.yaml: {client}")
        size = int(self._inspect("{{.Size}}"))
        return f"the image has {size / 1e6:.0f} MB"

    def _exported(self) -> Path:
        """Return a folder with the image's files."""
        root = self._folder / "files"
        root.mkdir()
        container = self._engine.docker("create", self._image)
        try:
            self._engine.run(["sh", "-c", f"docker export {container} | tar --extract --directory {root}"])
        finally:
            self._engine.docker("rm", container)
        return root

    def check_unsafe_settings(self) -> str:
        """Check that the container prints one line and ends. tests/integration/deploy checks each setting."""
        cases = {
            "SECRET_KEY": {"SECRET_KEY": ""},
            "SITE_URL is http://127.0.0.1:8000": {"SITE_URL": ""},
        }
        for message, environment in cases.items():
            status, output = self._container(**environment).run()
            is_one_line = output.count("\n") == 1 and f"The site does not start: {message}" in output
            _require(status == 1 and is_one_line, f"{environment}: status {status}, output: {output}")
        folder = self._folder / "of-root"
        folder.mkdir()
        status, output = self._container(str(folder)).run()
        _require(status == 1 and output.count("\n") == 1 and "chown 10001:10001" in output, f"/data of root: {output}")
        return f"{len(cases) + 1} settings"

    @property
    def _probe(self) -> list[str]:
        """The command of the image's health check."""
        test = json.loads(self._inspect("{{json .Config.Healthcheck.Test}}"))
        return list(test[1:]) if test[0] == "CMD" else ["sh", "-c", test[1]]

    def check_serving(self) -> str:
        with self._running() as site:
            site.until_served(SEED_URL)
            started = monotonic() - site.started
            site.until_served(SEED_URL, coding="br")
            users = {re.findall(r"^Uid:\s+(\d+)", Path(f"/proc/{each}/status").read_text(), re.M)[0] for each in
                     site.processes()}  # fmt: skip
            _require(users == {"10001"}, f"it runs as users {users}")
            _require(site.execute("id", "-u") == (0, "10001\n"), "id prints another user")
            for name in ("/x", "/site/x", "/venv/x", "/etc/x", "/var/tmp/x", "/root/x"):
                _require(site.execute("touch", name, user="0:0")[0] != 0, f"root can write {name}")
            for name in ("/data/x", "/tmp/x"):
                _require(site.execute("touch", name)[0] == 0, f"the site's user can't write {name}")
            _require(site.execute("ls", "-A", "/dev/shm") == (0, ""), "/dev/shm has files")
            _require(site.execute(*self._probe) == (0, ""), "the health check fails")
            masters = site.processes("gunicorn")
            for pid in masters:
                os.kill(pid, signal.SIGSTOP)
            _require(site.execute(*self._probe)[0] == 1, "the health check passes while gunicorn hangs")
            for pid in masters:
                os.kill(pid, signal.SIGCONT)
            with socket.create_connection(("127.0.0.1", site.port)):  # an idle connection must not delay the stop
                status, stopped = site.stop()
            _require(status == 0, f"the exit status is {status}:\n{site.output}")
        _require(self._container().run(*self._probe)[0] == 1, "the health check passes without a server")
        _require(stopped < MAX_STOP + TOLERANCE, f"it took {stopped:.1f} s to stop")
        return f"started in {started:.2f} s (goal {START_GOAL}), stopped in {stopped:.2f} s (maximum {MAX_STOP})"

    def check_early_stop(self) -> str:
        with self._running() as site:
            while len(site.processes("python")) < 2:
                sleep(0.01)
            status, seconds = site.stop()
            _require(status == 0, f"the exit status is {status}:\n{site.output}")
            _require(seconds < MAX_STOP + TOLERANCE, f"it took {seconds:.1f} s to stop")
        return f"stopped in {seconds:.2f} s (maximum {MAX_STOP})"

    def check_other_site_url(self) -> str:
        with self._running(SITE_URL="https://hiring.example") as site:
            page = site.until_served(SEED_URL)
            started = monotonic() - site.started
            _require("https://hiring.example/" in page.text, "the page doesn't contain SITE_URL")
            _require("www.layersrank.com" not in page.text, "the page contains the SITE_URL of the image")
            site.until_served(SEED_URL, coding="br")
            _kill(site, "gunicorn")
        return f"started in {started:.2f} s"

    def check_without_database(self) -> str:
        data = self._new_volume()
        self._container(data).run("true")  # the first container that uses a volume sets its owner
        (self._folder_of(data) / "db.sqlite3").write_bytes(b"this is not a database " * 1_000)
        with self._running(data) as site:
            site.until_served(SEED_URL, coding="br")
            _send(site, "saved@layersrank.example")
            _kill(site, "deploy.delivery_worker")
        with self._running(DATABASE_URL=f"postgres://site:password@127.0.0.1:{free_port()}/site") as site:
            site.until_served(SEED_URL, coding="br")
            started = monotonic() - site.started
            _send(site, "saved@layersrank.example")
            _require("password" not in site.output, "the log contains the password")
            status, _ = site.stop()
            _require(status == 0, f"the exit status is {status}:\n{site.output}")
        return f"leads are saved with a corrupt file and with an unreachable server (started in {started:.2f} s)"

    def check_full_disk(self) -> str:
        data = self._folder / "small"
        data.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m,uid=10001,gid=10001", "tmpfs", str(data)], check=True)
        try:
            with self._running(str(data)) as site:
                site.until_served(SEED_URL, coding="br")
                site.execute("sh", "-c", "cat /dev/zero >/data/fill; cat /dev/zero >>/data/fill")
                for path in ("/", SEED_URL, "/start", "/livez"):
                    site.until_served(path)
                site.stop()
            with self._running(str(data)) as site:
                site.until_served(SEED_URL)
            for path in data.iterdir():  # Empty the volume, then fill the disk before the first start.
                if path.name != "fill":
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
            fill(data / "fill")
            with self._running(str(data)) as site:
                site.until_served(SEED_URL)
        finally:
            subprocess.run(["umount", str(data)], check=True)
        return "full while serving, before a restart and before the first start"


def _send(site: Container, email: str) -> None:
    site.until_served("/start")
    form = open_form(site.port)
    sleep(READING_SECONDS)
    response = form.submit(email)
    _require(response.is_thank_you, f"the lead was not saved: {response.status}\n{site.output}")


def _kill(site: Container, program: str) -> None:
    """Kill a program of the container, and check that the container ends."""
    os.kill(site.processes(program)[0], signal.SIGKILL)
    status = site.wait()
    _require(status == 128 + signal.SIGKILL, f"after {program} was killed, the exit status is {status}")


def _require(condition: object, message: str) -> None:
    if not condition:
        raise CheckFailed(message)
