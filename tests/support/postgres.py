"""A temporary PostgreSQL server for tests.

`python -m tests.support.postgres COMMAND …` starts a server and runs the command with the server's URL in
TEST_DATABASE_URL. If PostgreSQL isn't installed, the command doesn't run. The exit status is then 0, or 1 with
REQUIRE_POSTGRES.
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

# The folders in which Debian installs PostgreSQL's programs, newest version first.
BIN_DIRS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
NOT_INSTALLED = "PostgreSQL is not installed (on Debian: apt-get install postgresql)"


def bin_dir() -> Path | None:
    """Return the folder of the newest installed PostgreSQL server, or None."""
    return next((path for path in BIN_DIRS if (path / "initdb").exists()), None)


IS_REQUIRED = bool(os.environ.get("REQUIRE_POSTGRES"))
needs_postgres = pytest.mark.skipif(bin_dir() is None and not IS_REQUIRED, reason=NOT_INSTALLED)


class Postgres:
    """A PostgreSQL server with an empty database. The server isn't running at first, and can be started several times.

    PostgreSQL refuses to run as root. If root runs the tests, the server runs as the user `postgres`, which Debian's
    package creates.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.account = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        self.process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True)
        if self.account:
            shutil.chown(folder, "postgres", "postgres")
        options = ["--auth=trust", "--username=site", "--encoding=UTF8", "--locale=C", "--no-sync"]
        self._run("initdb", *options, "--pgdata", folder / "data")

    @property
    def url(self) -> str:
        return f"postgres://site@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start the server, and wait until it accepts connections."""
        settings = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": self.folder}
        settings["fsync"] = "off"  # faster; tests kill only the server, so the kernel still writes its files
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self._program("postgres"), "-D", self.folder / "data", *options],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **self.account,
            )
        is_ready = [self._program("pg_isready"), "--host=127.0.0.1", f"--port={self.port}", "--quiet"]
        for _ in range(300):
            if subprocess.run(is_ready, check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()}")

    def stop(self, number: int = signal.SIGINT) -> None:
        """Stop the server. SIGINT aborts transactions. SIGQUIT causes a crash and, at the next start, a recovery."""
        if self.process:
            self.process.send_signal(number)
            self.process.wait(30)
            self.process = None

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self._program(program)), *map(str, arguments)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **self.account)

    def _program(self, name: str) -> Path:
        folder = bin_dir()
        if folder is None:
            raise RuntimeError(NOT_INSTALLED)
        return folder / name


def main(command: list[str]) -> int:
    if bin_dir() is None:
        print(f"{'failed' if IS_REQUIRED else 'skipped'}: {NOT_INSTALLED}")
        return 1 if IS_REQUIRED else 0
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # The user `postgres` must be able to enter the folder.
        server = Postgres(Path(folder) / "postgres")
        server.start()
        try:
            return subprocess.run(command, env=os.environ | {"TEST_DATABASE_URL": server.url}, check=False).returncode
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
