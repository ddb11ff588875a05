"""The log: JSON, one object a line, by which an error is found, and no visitor is."""

import asyncio
import json
import logging
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from django.core.exceptions import DisallowedHost, ImproperlyConfigured
from django.db import IntegrityError

from layersrank_site.serving.request_log import log_requests
from pages.log import LOGGING, JsonFormatter, OnlyExceptions, request_id, traceback

from ...conftest import ROOT, Server, free_port, serving
from ...support.asgi_client import ask, ask_exactly

ID = "0123456789abcdef"


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def requests(server: Server, path: str, count: int = 1) -> list[dict[str, object]]:
    """The lines of the requests for `path`, which are written when the answer is on its way."""
    for _ in range(100):
        found = [line for line in lines(server.log.read_text()) if line.get("path") == path]
        if len(found) >= count:
            break
        time.sleep(0.02)
    return found


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause
    except BaseException as caught:
        return caught


def formatted(name: str, message: str, *args: object, error: BaseException | None = None, **extra: object) -> dict:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, args, info)
    record.__dict__.update(extra)
    return json.loads(JsonFormatter().format(record))


def test_a_line_is_one_object_with_its_time_in_utc():
    said = formatted("leads.intake", "a lead\nwaits (%s)", "“why”")
    assert {key: said[key] for key in ("level", "logger", "message")} == {
        "level": "error",
        "logger": "leads.intake",
        "message": "a lead\nwaits (“why”)",
    }
    time = datetime.fromisoformat(said["time"])
    assert time.utcoffset().total_seconds() == 0 and abs((datetime.now(UTC) - time).total_seconds()) < 5


def test_a_traceback_shows_the_code_and_quotes_nobody():
    cause = raised(sqlite3.IntegrityError("Key (email)=(a@b.example) already exists"))
    said = traceback(raised(IntegrityError("Key (email)=(a@b.example) already exists"), cause))
    assert said.count("IntegrityError") >= 2 and "raise error from cause" in said
    assert "example" not in said
    assert "a@b" not in formatted("django.request", "Internal Server Error: %s", "/start", error=cause)["traceback"]


@pytest.mark.parametrize(
    ("error", "first"),
    [
        (OSError(28, "for a@b.example"), "OSError: No space left on device"),
        (FileNotFoundError(2, "gone", "/data/spool"), "FileNotFoundError: No such file or directory /data/spool"),
        (ImproperlyConfigured("SECRET_KEY is missing."), "ImproperlyConfigured: SECRET_KEY is missing."),
        (ValueError("a@b.example"), "ValueError"),
        (AttributeError("'str' object has no attribute 'x'"), "AttributeError: 'str' object has no attribute 'x'"),
    ],
)
def test_an_error_says_in_words_what_is_nobodys(error, first):
    assert traceback(raised(error)).splitlines()[0] == first


def test_a_full_database_is_named():
    with sqlite3.connect(":memory:") as connection:
        connection.execute("PRAGMA max_page_count = 1")
        with pytest.raises(sqlite3.OperationalError) as caught:
            connection.execute("CREATE TABLE a (b)")
    connection.close()
    assert traceback(caught.value).startswith("OperationalError: SQLITE_FULL\n")


def test_errors_that_go_in_a_circle_are_each_told_once():
    one, other = raised(ValueError()), raised(KeyError())
    one.__cause__, other.__cause__ = other, one
    assert traceback(one).count("KeyError") == 1


def test_what_django_refuses_is_a_warning_without_its_words():
    said = formatted("django.security.DisallowedHost", "Invalid HTTP_HOST header: %r", "evil", error=DisallowedHost())
    assert (said["level"], said["message"]) == ("warning", "refused as unsafe: DisallowedHost")
    assert "traceback" not in said
    reason = "Referer checking failed - https://evil.example/?email=a@b.example"
    assert "evil" not in json.dumps(formatted("django.security.csrf", "Forbidden (%s): %s", reason, "/start"))


def test_of_django_a_status_alone_is_no_line_beside_the_requests():
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "Service Unavailable", (), None)
    assert not OnlyExceptions().filter(record)
    assert LOGGING["loggers"]["django.request"]["filters"] == ["broken"]


# The request


async def echo(scope, receive, send):
    """Answers with the id that it meets."""
    met = b",".join(value for name, value in scope["headers"] if name == b"x-request-id")
    cache = b"public, max-age=60" if scope["path"] == "/public" else b"no-store"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"cache-control", cache)]})
    await send({"type": "http.response.body", "body": met})


def test_an_id_is_taken_from_a_proxy_of_ours_alone(settings):
    assert ask(log_requests(echo), "/", x_request_id=ID).body.decode() != ID
    settings.TRUSTED_PROXIES = ["127.0.0.0/8"]
    answer = ask(log_requests(echo), "/", x_request_id=ID)
    assert answer.body.decode() == answer.headers["x-request-id"] == ID
    for bad in ("short", "a" * 65, "sp ace 123", 'quote"123', f"{ID}\n{ID}", "ünicode1"):
        answer = ask(log_requests(echo), "/", x_request_id=bad)
        assert len(answer.body) == 32 and answer.body.decode() == answer.headers["x-request-id"]


def test_what_everybody_may_get_has_nobodys_id():
    assert "x-request-id" not in ask(log_requests(echo), "/public").headers
    assert "x-request-id" in ask(log_requests(echo), "/").headers


def test_a_line_tells_of_a_request_and_not_of_who_sent_it(caplog):
    with caplog.at_level(logging.INFO, "layersrank_site.serving.request_log"):
        personal = {"referer": "https://x.example/?email=a@b.example", "user_agent": "Secretagent", "cookie": "secret"}
        ask(log_requests(echo), "/a", query="email=a@b.example", **personal)
        ask(log_requests(echo), "/" + "b" * 5_000, "HEAD")
    first, second = (record.said for record in caplog.records)
    assert first.keys() == {"method", "path", "status", "ms", "bytes"}
    assert (first["method"], first["path"], first["status"], first["bytes"]) == ("GET", "/a", 200, 32)
    assert second["bytes"] == 0 and len(second["path"]) == 500


def test_what_breaks_is_logged_as_an_error_and_goes_on(caplog):
    async def broken(scope, receive, send):
        await send({"type": "http.response.start", "status": 500, "headers": []})
        raise RuntimeError

    with caplog.at_level(logging.INFO, "layersrank_site.serving.request_log"), pytest.raises(RuntimeError):
        ask_exactly(log_requests(broken), "/", "GET", "", [])
    assert (caplog.records[0].levelname, caplog.records[0].said["status"]) == ("ERROR", 500)


def test_each_request_has_an_id_of_its_own():
    async def both():
        return await asyncio.gather(*(asyncio.to_thread(ask, log_requests(echo), "/") for _ in range(2)))

    first, second = asyncio.run(both())
    assert first.body != second.body and request_id.get() == ""


# The server


PERSONAL = {"Referer": "https://secret.example/?secret", "User-Agent": "secret", "Cookie": "a=secret"}


def test_all_that_the_server_says_is_json_and_published_pages_say_nothing(tmp_path):
    with serving(tmp_path, WEB_CONCURRENCY="1", TRUSTED_PROXIES="127.0.0.1") as server:
        server.published("/pricing")
        before = requests(server, "/pricing")
        for _ in range(3):
            answer = server.get("/pricing?secret", **PERSONAL)
            assert answer.status == 200 and answer.headers["X-Request-ID"] is None
        answer = server.get("/no-such-page?secret", **PERSONAL, **{"X-Request-ID": ID})
        assert (answer.status, answer.headers["X-Request-ID"]) == (404, ID)
        (told,) = requests(server, "/no-such-page")
        assert requests(server, "/pricing") == before
        assert told.items() >= {"level": "info", "path": "/no-such-page", "status": 404, "request_id": ID}.items()
        assert told["bytes"] == len(answer.body) and "secret" not in json.dumps(told)
        (child,) = [line for line in lines(server.log.read_text()) if "Booting worker" in line["message"]]
        os.kill(int(str(child["message"]).rpartition(" ")[2]), signal.SIGKILL)
        server.until("/livez", lambda answer: answer.status == 200)
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            connection.sendall(b"secret\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 400")
    said = lines(server.log.read_text())
    names = {line["logger"] for line in said}
    assert names >= {"gunicorn.error", "uvicorn.error", "layersrank_site.serving.request_log"}
    assert any("SIGKILL" in line["message"] for line in said)
    assert any("Invalid HTTP request" in line["message"] for line in said)
    assert "secret" not in server.log.read_text()


def test_with_access_log_every_request_has_its_line(tmp_path):
    with serving(tmp_path, WEB_CONCURRENCY="1", ACCESS_LOG="1", CONTENT_RELOAD="0") as server:
        server.published("/pricing")
        answer = server.get("/pricing?secret", **{"Accept-Encoding": "br"})
        assert answer.headers["Content-Encoding"] == "br" and answer.headers["X-Request-ID"] is None
        assert server.get("/site.webmanifest", "HEAD").status == 200
        (alive,) = requests(server, "/site.webmanifest")
        published = requests(server, "/pricing")[-1]
    assert (published["status"], published["bytes"]) == (200, len(answer.body))
    assert (alive["method"], alive["status"], alive["bytes"]) == ("HEAD", 200, 0)
    assert published.keys() == alive.keys() and published["request_id"] != alive["request_id"]


def test_an_error_is_found_by_the_number_that_the_visitor_sees(tmp_path):
    with serving(tmp_path, "tests.support.broken_site:application", WEB_CONCURRENCY="1") as server:
        answer = server.get("/broken?email=secret@secret.example", **PERSONAL)
        identity = answer.headers["X-Request-ID"]
    assert answer.status == 500 and f"name this number: {identity}" in answer.text
    told = [line for line in lines(server.log.read_text()) if line.get("request_id") == identity]
    error, request = told
    assert (error["level"], error["logger"], error["message"]) == (
        "error",
        "django.request",
        "Internal Server Error: /broken",
    )
    assert "ZeroDivisionError" in error["traceback"] and "ValueError" in error["traceback"]
    assert (request["level"], request["status"]) == ("error", 500)
    assert "secret" not in server.log.read_text()


def test_a_start_that_is_refused_is_told_as_json(tmp_path):
    env = {name: value for name, value in os.environ.items() if name not in ("SECRET_KEY", "DEBUG")}
    env |= {"DJANGO_SETTINGS_MODULE": "layersrank_site.settings", "DATABASE_URL": f"sqlite:///{tmp_path / 'db'}"}
    # One worker: over two that fail in the same moment gunicorn itself stumbles.
    env |= {"PORT": str(free_port()), "WEB_CONCURRENCY": "1"}
    for command in (["-m", "gunicorn"], ["manage.py", "deliver", "--watch"], ["deploy/supervise.py"]):
        run = subprocess.run([sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
        assert run.returncode != 0 and run.stdout == ""
        said = lines(run.stderr)
        assert any("SECRET_KEY is missing" in str(line["message"]) for line in said)
        assert all(line.keys() >= {"time", "level", "logger", "message"} for line in said)
        assert "Traceback" not in run.stderr and not any("traceback" in line for line in said)


ENDED = """
from threading import Thread
from pages import log

def breaks():
    raise ValueError("secret")

log.begin()
thread = Thread(target=breaks)
thread.start()
thread.join()
breaks()
"""


def test_what_ends_a_process_or_a_thread_of_it_is_told_as_json():
    run = subprocess.run([sys.executable, "-c", ENDED], cwd=ROOT, capture_output=True, text=True, timeout=30)
    thread, process = lines(run.stderr)
    assert (thread["level"], process["level"], run.returncode) == ("error", "critical", 1)
    assert all("ValueError" in line["traceback"] for line in (thread, process)) and "secret" not in run.stderr
