"""No process of the site outlives its supervisor or its terminal."""

import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
import termios
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from ...conftest import ROOT, Server, collect_static, free_port, wait_until_ready
from ...support.waiting import PATIENCE

SUPERVISE = [sys.executable, "deploy/supervise.py"]
RUNSERVER = [sys.executable, "manage.py", "runserver"]


@contextmanager
def running(folder: Path, command: list[str], **environment: str):
    """Run `command` in the foreground of a terminal. Yield the site and the terminal's other end."""
    port = free_port()
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "layersrank_site.settings",
        "SECRET_KEY": "a key for one run of this test, and for nothing else: 5b1f0c7d9e2a",
        "CONTENT_DIR": str(ROOT / "tests" / "fixtures" / "site"),
        "DATA_DIR": str(folder),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        **dict.fromkeys(("DEBUG", "HOST", "BUILD_DIR", "SPOOL_DIR", "DATABASE_URL", "ALLOWED_HOSTS"), ""),
        **environment,
    }
    collect_static(env)
    if command == RUNSERVER:
        command = [*command, f"127.0.0.1:{port}"]
    terminal, own_end = os.openpty()
    log = folder / "log"
    with log.open("wb") as out:
        # This shell outlives the command, as a user's shell does. The shell ends when the terminal is closed.
        process = subprocess.Popen(
            ["sh", "-c", '"$@"; read line', "sh", *command],
            cwd=ROOT,
            env=env,
            stdin=own_end,
            stdout=out,
            stderr=out,
            preexec_fn=take_terminal,
        )
    os.close(own_end)
    try:
        server = Server(port, ROOT, log, process)
        wait_until_ready(lambda: server.get("/livez").status == 200, process, log)
        yield server, terminal
    finally:
        with suppress(OSError):  # closed by the test
            os.close(terminal)
        for pid in find_pids(folder):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait(timeout=PATIENCE)


def take_terminal() -> None:
    """Become a session leader with standard input as its controlling terminal."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def parent_of(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"^PPid:\t(\d+)", status, re.MULTILINE)[1])


def find_pids(folder: Path, *words: str) -> set[int]:
    """Return the IDs of the processes with `folder` as their DATA_DIR and all `words` in their command."""
    pids = set()
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            variables, command = (path / "environ").read_bytes().split(b"\0"), (path / "cmdline").read_bytes()
            if f"DATA_DIR={folder}".encode() in variables and all(word.encode() in command for word in words):
                pids.add(int(path.name))
    return pids


def wait_until(condition) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def assert_everything_ends(folder: Path, server: Server) -> None:
    """Wait until all processes except the shell have ended, and the port is free."""
    wait_until(lambda: not find_pids(folder) - {server.process.pid})
    # find_pids doesn't find a process that is ending. Such a process may still listen on the port.
    wait_until(lambda: is_free(server.port))


def is_free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def test_no_process_outlives_a_killed_supervisor(tmp_path):
    with running(tmp_path, SUPERVISE) as (server, _), socket.create_connection(("127.0.0.1", server.port)) as unused:
        wait_until(lambda: find_pids(tmp_path, "deploy.delivery_worker"))
        wait_until(lambda: find_pids(tmp_path, "publisher_process"))
        unused.sendall(b"POST /start HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nhalf")
        for pid in find_pids(tmp_path, "deploy/supervise.py") - {server.process.pid}:
            os.kill(pid, signal.SIGKILL)
        assert_everything_ends(tmp_path, server)


def test_no_process_outlives_a_killed_gunicorn(tmp_path):
    with running(tmp_path, SUPERVISE) as (server, _):
        pids = find_pids(tmp_path, "-m\0gunicorn")
        (master,) = (pid for pid in pids if parent_of(pid) not in pids)  # all other processes of gunicorn are workers
        os.kill(master, signal.SIGKILL)
        assert_everything_ends(tmp_path, server)


def test_no_process_outlives_a_killed_reloader(tmp_path):
    with running(tmp_path, RUNSERVER, DEBUG="1") as (server, _):
        reloader = min(find_pids(tmp_path, "runserver") - {server.process.pid})
        os.kill(reloader, signal.SIGKILL)
        assert_everything_ends(tmp_path, server)


@pytest.mark.parametrize(
    ("command", "environment"), [(SUPERVISE, {}), (RUNSERVER, {"DEBUG": "1"})], ids=["make run", "make dev"]
)
def test_a_closed_terminal_ends_all_processes(tmp_path, command, environment):
    with running(tmp_path, command, **environment) as (server, terminal):
        os.close(terminal)
        assert_everything_ends(tmp_path, server)
        assert "Traceback" not in server.log.read_text()
