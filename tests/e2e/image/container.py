"""Run an image as a container, as the image's user, with its own process 1 and a read-only root file system."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

from tests.support.waiting import PATIENCE

from ..drill.visitors import Response, request
from . import roots
from .build import Image


class CheckFailed(AssertionError):
    """The image doesn't work as expected."""


class Container:
    """A container of an image. `data` is the folder to mount as the container's volume."""

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
        command_line = roots.isolated_command(
            root,
            command or [*self.image.entrypoint, *self.image.command],
            variables=self.variables,
            workdir=self.image.workdir,
            user=self.image.user,
            mounts=mounts,
        )
        self.started = monotonic()
        with self.log.open("ab") as log:
            self._unshare = subprocess.Popen(command_line, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def run(self, *command: str) -> tuple[int, str]:
        """Start the image, optionally with another command. Return its exit status and output."""
        before = self.log.stat().st_size if self.log.exists() else 0
        self.start(list(command) or None)
        return self.wait(), self.log.read_bytes()[before:].decode()

    def wait(self) -> int:
        assert self._unshare
        try:
            return self._unshare.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise CheckFailed(f"the container still runs after {PATIENCE} s:\n{self.output}") from None

    def stop(self) -> tuple[int, float]:
        """Send SIGTERM to process 1, like a container engine. Return its exit status and the seconds until it ended."""
        start = monotonic()
        os.kill(self.first_pid, signal.SIGTERM)
        return self.wait(), monotonic() - start

    def kill(self) -> None:
        """Kill all processes, if any."""
        if self._unshare and self._unshare.poll() is None:
            for pid in _children(self._unshare.pid):
                os.kill(pid, signal.SIGKILL)  # The kernel kills all other processes when process 1 ends.
            self._unshare.wait(PATIENCE)

    def execute(self, *command: str, user: str = "") -> tuple[int, str]:
        """Run a command in the running container. Return its exit status and output."""
        inside = roots.chroot_command(
            self.image.root,
            command,
            variables=self.variables,
            workdir=self.image.workdir,
            user=user or self.image.user,
        )
        enter = ["nsenter", f"--target={self.first_pid}", "--mount", "--pid", "--", *inside]
        process = subprocess.run(enter, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        return process.returncode, process.stdout + process.stderr

    def until_served(self, path: str, coding: str = "") -> Response:
        """Wait for status 200, and return the response. If the response is compressed, only its status is returned.

        `coding` is the value of the Accept-Encoding header.
        """
        while True:
            try:
                headers = {"Accept-Encoding": coding} if coding else {}
                response = request(self.port, "GET", path, headers=headers)
                if response.status == 200:
                    return response
            except (OSError, UnicodeDecodeError) as error:
                if isinstance(error, UnicodeDecodeError):  # a compressed response
                    return Response(200, "", "", "", 0)
            if monotonic() - self.started > PATIENCE or (self._unshare and self._unshare.poll() is not None):
                raise CheckFailed(f"{path} is not served:\n{self.output}")
            sleep(0.01)

    @property
    def output(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    @property
    def first_pid(self) -> int:
        """The container's process 1, as a process ID outside the container."""
        assert self._unshare
        (pid,) = _children(self._unshare.pid)
        return pid

    def processes(self, word: str = "") -> list[int]:
        """Return the ids of the processes whose command line contains `word`. By default, return all ids."""
        assert self._unshare
        pids, new = [], _children(self._unshare.pid)
        while new:
            pids += new
            new = [child for pid in new for child in _children(pid)]
        return [pid for pid in pids if word in _command(pid)]


def _children(pid: int) -> list[int]:
    """Return the IDs of a process's children, including those that its threads started."""
    pids: list[int] = []
    with suppress(OSError):  # the process may have ended
        for path in Path(f"/proc/{pid}/task").glob("*/children"):
            with suppress(OSError):  # the thread may have ended
                pids += map(int, path.read_text().split())
    return pids


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
