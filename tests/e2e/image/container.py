"""A built image as it runs: as its user, the first process of its own, on a root that nothing can be written to."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

from ..drill.visitors import Response, request
from . import roots
from .build import Image

PATIENCE = 30  # seconds until something that should happen is given up


class Wrong(AssertionError):
    """The image is not what it is to be."""


class Container:
    """`data` is the folder, or the mount, that stands at the image's volume."""

    def __init__(self, image: Image, data: Path, log: Path, port: int, **environment: str) -> None:
        self.image, self.data, self.log, self.port = image, data, log, port
        self.variables = {"HOME": "/", **image.variables, "PORT": str(port), **environment}
        self._unshare: subprocess.Popen[bytes] | None = None
        self.started = 0.0

    def start(self, command: list[str] | None = None) -> None:
        root = self.image.root
        mounts = [f"mount --bind {root} {root}"]
        mounts += [f"mount -t tmpfs -o mode=1777 tmpfs {root}{name}" for name in ("/tmp", "/dev/shm")]
        mounts += [f"mount --bind {self.data} {root}{volume}" for volume in self.image.volumes]
        mounts += [f"mount -t proc proc {root}/proc", f"mount -o remount,bind,ro {root}"]
        line = roots.within(
            root,
            command or [*self.image.entrypoint, *self.image.command],
            variables=self.variables,
            workdir=self.image.workdir,
            user=self.image.user,
            mounts=mounts,
        )
        self.started = monotonic()
        with self.log.open("ab") as log:
            self._unshare = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def run(self, *command: str) -> tuple[int, str]:
        """Another start of the image, with another command: how it ended, and what it printed."""
        before = self.log.stat().st_size if self.log.exists() else 0
        self.start(list(command) or None)
        return self.wait(), self.log.read_bytes()[before:].decode()

    def wait(self) -> int:
        assert self._unshare
        try:
            return self._unshare.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.end()
            raise Wrong(f"it still runs after {PATIENCE} s:\n{self.said}") from None

    def stop(self) -> tuple[int, float]:
        """As an engine does, with SIGTERM to the first process: how it ended, and after how many seconds."""
        start = monotonic()
        os.kill(self.first, signal.SIGTERM)
        return self.wait(), monotonic() - start

    def end(self) -> None:
        """Whatever state it is in."""
        if self._unshare and self._unshare.poll() is None:
            for number in _children(self._unshare.pid):
                os.kill(number, signal.SIGKILL)  # and with the first process all others
            self._unshare.wait(PATIENCE)

    def execute(self, *command: str, user: str = "") -> tuple[int, str]:
        """Runs `command` in it, beside what runs there."""
        inside = roots.inner(
            self.image.root,
            command,
            variables=self.variables,
            workdir=self.image.workdir,
            user=user or self.image.user,
        )
        enter = ["nsenter", f"--target={self.first}", "--mount", "--pid", "--", *inside]
        done = subprocess.run(enter, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def until_served(self, path: str, coding: str = "") -> Response:
        """The first answer with 200 at `path`, and if asked for in a coding that only what was made ahead has."""
        while True:
            try:
                headers = {"Accept-Encoding": coding} if coding else {}
                reply = request(self.port, "GET", path, headers=headers)
                if reply.status == 200:
                    return reply
            except (OSError, UnicodeDecodeError) as error:
                if isinstance(error, UnicodeDecodeError):  # compressed: what was made ahead
                    return Response(200, "", "", "", 0)
            if monotonic() - self.started > PATIENCE or (self._unshare and self._unshare.poll() is not None):
                raise Wrong(f"{path} is not served:\n{self.said}")
            sleep(0.01)

    @property
    def said(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    @property
    def first(self) -> int:
        """The first process, by its number here."""
        assert self._unshare
        (number,) = _children(self._unshare.pid)
        return number

    def processes(self, word: str = "") -> list[int]:
        """All of it, or those that have `word` in their command; by their numbers here."""
        assert self._unshare
        found, new = [], _children(self._unshare.pid)
        while new:
            found += new
            new = [child for number in new for child in _children(number)]
        return [number for number in found if word in _command(number)]


def _children(number: int) -> list[int]:
    """Those of all its threads."""
    found: list[int] = []
    for path in Path(f"/proc/{number}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, path.read_text().split())
    return found


def _command(number: int) -> str:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
