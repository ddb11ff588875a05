"""A PostgreSQL for tests, from Debian's packages: `python -m tests.support.postgres COMMAND …` runs a command with it.

Where the machine has no PostgreSQL that says so and runs nothing; with REQUIRE_POSTGRES in the environment it fails.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from ..conftest import free_port

PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
MISSING = "no PostgreSQL on this machine (Debian: apt-get install postgresql)"


def found() -> Path | None:
    """The folder of its programs."""
    return next((place for place in PLACES if (place / "initdb").exists()), None)


IS_REQUIRED = bool(os.environ.get("REQUIRE_POSTGRES"))
needs_postgres = pytest.mark.skipif(found() is None and not IS_REQUIRED, reason=MISSING)


class Postgres:
    """A server with an empty database, stopped; `stop` and `start` as often as one likes. It does not run as root, so
    root's is the account that Debian makes for it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.account = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        self.process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True)
        if self.account:
            shutil.chown(folder, "postgres", "postgres")
        run = [
            "initdb",
            "--auth=trust",
            "--username=site",
            "--encoding=UTF8",
            "--locale=C",
            "--pgdata",
            folder / "data",
        ]
        self._run(*run)

    @property
    def url(self) -> str:
        return f"postgres://site@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Returns when it answers."""
        options = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": self.folder}
        said = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self._program("postgres"), "-D", self.folder / "data", *said],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **self.account,
            )
        ready = [self._program("pg_isready"), "--host=127.0.0.1", f"--port={self.port}", "--quiet"]
        for _ in range(300):
            if subprocess.run(ready, check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()}")

    def stop(self, number: int = signal.SIGINT) -> None:
        """SIGINT breaks off what it is asked for, and SIGQUIT leaves it to recover from its log."""
        if self.process:
            self.process.send_signal(number)
            self.process.wait(30)
            self.process = None

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self._program(program)), *map(str, arguments)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **self.account)

    def _program(self, name: str) -> Path:
        place = found()
        if place is None:
            raise RuntimeError(MISSING)
        return place / name


def main(command: list[str]) -> int:
    if found() is None:
        print(f"{'failed' if IS_REQUIRED else 'skipped'}: {MISSING}")
        return 1 if IS_REQUIRED else 0
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = Postgres(Path(folder) / "postgres")
        server.start()
        try:
            return subprocess.run(command, env=os.environ | {"TEST_DATABASE_URL": server.url}, check=False).returncode
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
