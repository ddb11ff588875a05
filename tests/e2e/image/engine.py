"""A Docker engine and a registry of images, with their files in one folder."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from random import sample
from time import sleep
from typing import Any

from tests.support.waiting import PATIENCE

from ...conftest import ROOT

# Search Debian's folders for programs first, so that the Docker client and the engine have the same version.
PATH = f"/usr/bin:/usr/sbin:{os.environ['PATH']}"

# The engine needs these programs. Each key is a program, and each value is the Debian package that contains it.
PACKAGES = {"dockerd": "docker.io", "docker-registry": "docker-registry", "debootstrap": "debootstrap"}

REGISTRY_SETTINGS = """\
version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {folder}/registry}}}}
http: {{addr: "{address}"}}
"""


class CommandFailed(AssertionError):
    """A command failed. The message contains the command and its output."""


class Engine:
    """Start the engine with `start`, and end it with `stop`. Needs root privileges.

    `start` also starts a registry at the address `registry`. The engine uses this registry as a mirror of Docker Hub.
    So `docker build --pull` and `docker compose pull` work without Docker Hub.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.registry = f"127.0.0.1:{free_port()}"
        address = f"unix://{folder}/socket"
        self.environment = _environment() | {"DOCKER_HOST": address, "DOCKER_CONFIG": f"{folder}/config", "PATH": PATH}
        self.environment["DOCKER_BUILDKIT"] = "1"
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start the engine, and wait until it answers. Remove the containers, volumes and networks of earlier runs."""
        self.folder.mkdir(parents=True, exist_ok=True)
        settings = self.folder / "registry.yml"
        settings.write_text(REGISTRY_SETTINGS.format(folder=self.folder, address=self.registry))
        self._start("registry", "docker-registry", "serve", str(settings))
        folders = [f"--data-root={self.folder}/data", f"--exec-root={self.folder}/exec", f"--pidfile={self.folder}/pid"]
        # Without systemd, only this driver works.
        options = [f"--host=unix://{self.folder}/socket", "--exec-opt=native.cgroupdriver=cgroupfs"]
        self._start("dockerd", "dockerd", *folders, *options, f"--registry-mirror=http://{self.registry}")
        for _ in range(int(PATIENCE / 0.1)):
            if any(process.poll() is not None for process in self._processes):
                break
            if self._run(["docker", "info"]).returncode == 0:
                if containers := self.docker("ps", "--all", "--quiet").split():
                    self.docker("rm", "--force", *containers)
                self.docker("volume", "prune", "--force")
                self.docker("network", "prune", "--force")
                return
            sleep(0.1)
        logs = "".join(path.read_text()[-2000:] for path in self.folder.glob("*.log"))
        raise CommandFailed(f"Docker doesn't start:\n{logs}")

    def _start(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self._processes.append(
                subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            )

    def stop(self) -> None:
        """End the engine and the registry. The engine ends all containers first."""
        for process in reversed(self._processes):
            process.terminate()
            process.wait(PATIENCE)

    def docker(self, *arguments: str, timeout: float | None = None) -> str:
        """Run a docker command, and return its output without the last line break.

        Raises CommandFailed, and subprocess.TimeoutExpired after `timeout` seconds.
        """
        return self.run(["docker", *arguments], timeout=timeout)

    def run(self, command: Sequence[str], **options: Any) -> str:
        """Run a command that uses this engine, and return its output. Raises the same exceptions as `docker`.

        `options` are options of `subprocess.run`, such as `input`, `cwd` and `timeout`.
        """
        done = self._run(command, **options)
        if done.returncode:
            output = (done.stdout + done.stderr).decode(errors="replace")
            raise CommandFailed(f"{' '.join(command)} ended with status {done.returncode}:\n{output}")
        return done.stdout.decode(errors="replace").rstrip("\n")

    def status_and_output(self, command: Sequence[str]) -> tuple[int, str]:
        """Run a command that uses this engine. Return its exit status and everything that it printed."""
        done = self._run(command)
        return done.returncode, (done.stdout + done.stderr).decode(errors="replace")

    def _run(self, command: Sequence[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        if options.get("input") is None:
            options["stdin"] = subprocess.DEVNULL
        return subprocess.run(command, env=self.environment, capture_output=True, check=False, **options)


def _environment() -> dict[str, str]:
    """Return this process's environment without the variables of compose.yaml, such as make's SITE_URL.

    In Compose, a variable in the environment overrides the same variable in `.env`.
    """
    names = re.findall("[A-Z_]+", (ROOT / "compose.yaml").read_text())
    return {name: value for name, value in os.environ.items() if name not in names}


def missing_packages() -> list[str]:
    """Return the names of the PACKAGES that this machine lacks."""
    return [package for program, package in PACKAGES.items() if not shutil.which(program, path=PATH)]


def free_port() -> int:
    """Return a free port below the range for outgoing connections (ip_local_port_range in ip(7))."""
    for port in sample(range(21_000, 22_000), 50):
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("", port))
            return port
    raise CommandFailed("no port is free")
