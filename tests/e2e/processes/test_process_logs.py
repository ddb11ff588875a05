"""The log of running processes: JSON lines, or plain text on a terminal."""

import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from threading import Thread
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from tests.support.waiting import PATIENCE

from ...conftest import ROOT, Server, collect_static, free_port, serving
from ...integration.serving.test_log import ID, parse

PERSONAL = {"Referer": "https://secret.example/?secret", "User-Agent": "secret", "Cookie": "a=secret"}


def request_lines(server: Server, path: str, count: int = 1) -> list[dict[str, object]]:
    """Return the log lines of requests for `path`. Wait for these lines: the site logs a request after its response."""
    for _ in range(2_000):
        lines = [line for line in parse(server.log.read_text()) if line.get("path") == path]
        if len(lines) >= count:
            break
        time.sleep(0.02)
    return lines


def test_every_log_line_is_json_and_published_pages_are_not_logged(tmp_path):
    with serving(tmp_path, WEB_CONCURRENCY="1", TRUSTED_PROXIES="127.0.0.1") as server:
        server.published("/pricing")
        before = request_lines(server, "/pricing")
        for _ in range(3):
            response = server.get("/pricing?secret", **PERSONAL)
            assert response.status == 200 and response.headers["X-Request-ID"] is None
        response = server.get("/no-such-page?secret", **PERSONAL, **{"X-Request-ID": ID})
        assert (response.status, response.headers["X-Request-ID"]) == (404, ID)
        (line,) = request_lines(server, "/no-such-page")
        assert request_lines(server, "/pricing") == before
        assert line.items() >= {"level": "info", "path": "/no-such-page", "status": 404, "request_id": ID}.items()
        assert line["bytes"] == len(response.body) and "secret" not in json.dumps(line)
        (boot,) = [line for line in parse(server.log.read_text()) if "Booting worker" in line["message"]]
        os.kill(int(str(boot["message"]).rpartition(" ")[2]), signal.SIGKILL)
        server.until("/livez", lambda response: response.status == 200)
        with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
            connection.sendall(b"secret\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 400")
    lines = parse(server.log.read_text())
    loggers = {line["logger"] for line in lines}
    assert loggers >= {"gunicorn.error", "uvicorn.error", "layersrank_site.serving.request_log"}
    assert any("SIGKILL" in line["message"] for line in lines)
    assert any("Invalid HTTP request" in line["message"] for line in lines)
    assert "secret" not in server.log.read_text()


def test_access_log_has_a_line_for_every_request(tmp_path):
    with serving(tmp_path, WEB_CONCURRENCY="1", ACCESS_LOG="1", CONTENT_RELOAD="0") as server:
        server.published("/pricing")
        response = server.get("/pricing?secret", **{"Accept-Encoding": "br"})
        assert response.headers["Content-Encoding"] == "br" and response.headers["X-Request-ID"] is None
        assert server.get("/site.webmanifest", "HEAD").status == 200
        (head,) = request_lines(server, "/site.webmanifest")
        published = request_lines(server, "/pricing")[-1]
    assert (published["status"], published["bytes"]) == (200, len(response.body))
    assert (head["method"], head["status"], head["bytes"]) == ("HEAD", 200, 0)
    assert published.keys() == head.keys() and published["request_id"] != head["request_id"]


def test_the_request_id_on_an_error_page_is_also_in_the_log(tmp_path):
    with serving(tmp_path, "tests.support.broken_site:application", WEB_CONCURRENCY="1") as server:
        response = server.get("/broken?email=secret@secret.example", **PERSONAL)
        shown_id = response.headers["X-Request-ID"]
    assert response.status == 500 and shown_id in response.text
    error, request = [line for line in parse(server.log.read_text()) if line.get("request_id") == shown_id]
    assert (error["level"], error["logger"], error["message"]) == (
        "error",
        "django.request",
        "Internal Server Error: /broken",
    )
    assert "ZeroDivisionError" in error["traceback"] and "ValueError" in error["traceback"]
    assert (request["level"], request["status"]) == ("error", 500)
    assert "secret" not in server.log.read_text()


def without_key(tmp_path) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if name not in ("SECRET_KEY", "DEBUG")}
    env |= {"DJANGO_SETTINGS_MODULE": "layersrank_site.settings", "DATABASE_URL": f"sqlite:///{tmp_path / 'db'}"}
    # Use one worker: if two workers stop at the same moment, gunicorn fails in a way that the tests don't expect.
    return env | {"PORT": str(free_port()), "WEB_CONCURRENCY": "1"}


@pytest.mark.parametrize("command", [["-m", "gunicorn"], ["manage.py", "deliver", "--watch"], ["deploy/supervise.py"]])
def test_a_startup_failure_is_logged_as_json(command, tmp_path):
    process = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=without_key(tmp_path),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert process.returncode != 0 and process.stdout == ""
    lines = parse(process.stderr)
    assert any("SECRET_KEY is missing" in str(line["message"]) for line in lines)
    assert all(line.keys() >= {"time", "level", "logger", "message"} for line in lines)
    assert "Traceback" not in process.stderr and not any("traceback" in line for line in lines)


UNCAUGHT = """
from threading import Thread
from pages import log

def fail():
    raise ValueError("secret")

log.configure()
thread = Thread(target=fail)
thread.start()
thread.join()
fail()
"""


def test_uncaught_exceptions_in_the_main_thread_and_in_another_thread_are_logged_as_json():
    process = subprocess.run(
        [sys.executable, "-c", UNCAUGHT], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE
    )
    thread_line, process_line = parse(process.stderr)
    assert (thread_line["level"], process_line["level"], process.returncode) == ("error", "critical", 1)
    assert all("ValueError" in line["traceback"] for line in (thread_line, process_line))
    assert "secret" not in process.stderr


# On a terminal


PLAIN_LINE = re.compile(r"\d\d:\d\d:\d\d (?:INFO |WARNING|ERROR|CRITICAL) ([\w.]+): (.+)")


class Terminal:
    """A process whose standard error is a terminal."""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        self._terminal, stderr = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
        )
        os.close(stderr)
        self._output = b""
        self._reader = Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        with suppress(OSError):  # EIO means that all processes have closed the terminal.
            while output := os.read(self._terminal, 65536):
                self._output += output

    @property
    def text(self) -> str:
        """The output so far."""
        return self._output.decode(errors="replace")

    def wait_for(self, pattern: str) -> re.Match[str]:
        for _ in range(30_000):
            if match := re.search(pattern, self.text):
                return match
            time.sleep(0.02)
        pytest.fail(f"{pattern} is not in:\n{self.text}")

    def wait(self) -> list[str]:
        """Wait for the end of the process and its children. Return the lines of the log."""
        self.process.wait(timeout=PATIENCE)
        self._reader.join(timeout=PATIENCE)
        os.close(self._terminal)
        self.process.stdin.close()
        return self.text.splitlines()

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()


def test_the_site_logs_plain_lines_on_a_terminal(tmp_path):
    env = without_key(tmp_path) | {
        "SECRET_KEY": "a key for one run of the tests, and for nothing else: 3f9c2b7d1e8a",
        "DATA_DIR": str(tmp_path),
        # This path is a folder, so deploy.prepare and the delivery worker log a failure.
        "DATABASE_URL": f"sqlite:///{tmp_path}",
        "CONTENT_DIR": str(ROOT / "tests" / "fixtures" / "site"),
    }
    collect_static(env)
    terminal = Terminal(["deploy/supervise.py"], env)
    try:
        terminal.wait_for(r"the database is not migrated yet(?s:.*)the database is not migrated yet")
        gunicorn = terminal.wait_for(r"Listening at: (\S+) \((\d+)\)")
        with suppress(HTTPError):
            urlopen(f"{gunicorn[1]}/no-such-page", timeout=PATIENCE)
        terminal.wait_for(r"path=/no-such-page")
        os.killpg(int(gunicorn[2]), signal.SIGKILL)
        lines = terminal.wait()
    finally:
        terminal.kill()
    matches = [PLAIN_LINE.fullmatch(line) for line in lines]
    assert [line for line, match in zip(lines, matches, strict=True) if not match] == []
    assert {match[1] for match in matches} >= {
        *("deploy.prepare", "deploy.database", "gunicorn.error", "uvicorn.error", "supervise"),
        "layersrank_site.serving.request_log",
    }
    request = r"request  method=GET path=/no-such-page status=404 ms=.* request_id=\w{32}"
    assert [match[1] for match in matches if re.fullmatch(request, match[2])] == ["layersrank_site.serving.request_log"]
    assert matches[-1][2] == "gunicorn ended with status 137, so the site stops"  # 128 + SIGKILL


def test_the_publisher_process_logs_plain_lines_on_a_terminal(tmp_path):
    (tmp_path / "file").touch()
    command = ["-m", "pages.publish.publisher_process", str(tmp_path / "file" / "lock")]
    first, *traceback_lines = Terminal(command, dict(os.environ)).wait()
    assert PLAIN_LINE.fullmatch(first)[2] == "the process ended with an error"
    assert traceback_lines[0].startswith("FileExistsError: File exists")


def test_the_make_dev_command_logs_plain_lines(tmp_path):
    env = without_key(tmp_path) | {"DEBUG": "1"}
    terminal = Terminal(["manage.py", "runserver", "--noreload", env["PORT"]], env)
    try:
        server = f"http://127.0.0.1:{env['PORT']}"
        for _ in range(12_000):
            with suppress(HTTPError, URLError):
                urlopen(f"{server}/livez", timeout=PATIENCE)
                break
            time.sleep(0.05)
        terminal.wait_for(r'"GET /livez HTTP/1.1" 200')
    finally:
        terminal.kill()
    assert not any(line.startswith("{") for line in terminal.wait())
