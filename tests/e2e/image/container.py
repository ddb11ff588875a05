"""Run the image as a plain container, with the options that docs/operations.md gives."""

from __future__ import annotations

import json
import subprocess
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from time import monotonic, sleep

from tests.support.waiting import PATIENCE

from ..drill.visitors import Response, request
from .engine import Engine

# Docker's client takes much more processor time than a request, so inspect a container only once a second.
TRIES_PER_INSPECTION = 20

_numbers = count(1)


class CheckFailed(AssertionError):
    """The image doesn't work as expected."""


class Container:
    """A container of an image. `volume` is the name of a volume or the path of a folder, to mount at /data."""

    def __init__(self, engine: Engine, image: str, volume: str, port: int, **environment: str) -> None:
        self.engine, self.image, self.volume, self.port, self.environment = engine, image, volume, port, environment
        self.name = f"check-{next(_numbers)}"
        self.started, self._pid = 0.0, 0

    def start(self, *command: str) -> None:
        options = [
            "--detach",
            "--name",
            self.name,
            "--read-only",
            "--tmpfs",
            "/tmp",
            "--volume",
            f"{self.volume}:/data",
        ]
        options += ["--publish", f"127.0.0.1:{self.port}:8000"]
        options += [f"--env={name}={value}" for name, value in self.environment.items()]
        self.started = monotonic()
        self.engine.docker("run", *options, self.image, *command)

    def run(self, *command: str) -> tuple[int, str]:
        """Run the image, optionally with another command. Remove the container. Return its exit status and output."""
        self.start(*command)
        try:
            return self.wait(), self.output
        finally:
            self.remove()

    def wait(self) -> int:
        """Wait until the container has ended, and return its exit status. Raises CheckFailed after PATIENCE seconds."""
        try:
            return int(self.engine.docker("wait", self.name, timeout=PATIENCE))
        except subprocess.TimeoutExpired:
            raise CheckFailed(f"the container still runs after {PATIENCE} s:\n{self.output}") from None

    def stop(self) -> tuple[int, float]:
        """Stop the container. Return its exit status and the seconds until it ended."""
        start = monotonic()
        self.engine.docker("stop", "--time", str(PATIENCE), self.name)
        return self.wait(), monotonic() - start

    def remove(self) -> None:
        """Kill the container if it runs, and remove it."""
        self.engine.status_and_output(["docker", "rm", "--force", self.name])

    def execute(self, *command: str, user: str = "") -> tuple[int, str]:
        """Run a command in the running container. Return its exit status and output."""
        options = ["--user", user] if user else []
        return self.engine.status_and_output(["docker", "exec", *options, self.name, *command])

    def until_served(self, path: str, coding: str = "") -> Response:
        """Wait for status 200, and return the response. If the response is compressed, only its status is returned.

        `coding` is the value of the Accept-Encoding header.
        """
        tries = 0
        while True:
            tries += 1
            try:
                headers = {"Accept-Encoding": coding} if coding else {}
                response = request(self.port, "GET", path, headers=headers)
                if response.status == 200:
                    return response
            except UnicodeDecodeError:  # a compressed response
                return Response(200, "", "", "", 0)
            except OSError:
                pass
            has_ended = tries % TRIES_PER_INSPECTION == 0 and not self._state["Running"]
            if has_ended or monotonic() - self.started > PATIENCE:
                raise CheckFailed(f"{path} is not served:\n{self.output}")
            sleep(0.05)

    @property
    def output(self) -> str:
        return self.engine.status_and_output(["docker", "logs", self.name])[1]

    @property
    def _state(self) -> dict[str, object]:
        state: dict[str, object] = json.loads(self.engine.docker("inspect", "--format", "{{json .State}}", self.name))
        return state

    def processes(self, word: str = "") -> list[int]:
        """Return the IDs, outside the container, of the processes whose command line contains `word`. Default: all."""
        self._pid = self._pid or int(str(self._state["Pid"]))
        pids, new = [], [self._pid]
        while new:
            pids += new
            new = [child for pid in new for child in _children(pid)]
        return [pid for pid in pids if word in _command(pid)]


def answers(host: str, port: int, path: str, timeout: float = 5) -> bool:
    """Return whether a request gets a response with a status from 200 to 399."""
    connection = HTTPConnection(host, port, timeout=timeout)
    try:
        connection.request("GET", path)
        return 200 <= connection.getresponse().status < 400
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


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
