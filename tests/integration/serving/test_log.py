"""The log: JSON lines, or plain text on a terminal. The log shows every error and identifies no visitor."""

import asyncio
import json
import logging
import re
import sqlite3
from datetime import UTC, datetime

import pytest
from django.core.exceptions import DisallowedHost, ImproperlyConfigured
from django.db import IntegrityError

from layersrank_site.serving.request_log import log_requests
from pages.log import LOGGING, JsonFormatter, OnlyExceptions, TerminalFormatter, request_id, traceback

from ...support.asgi_client import ask, ask_exactly

ID = "0123456789abcdef"


def parse(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    """Return `error` with a traceback."""
    try:
        raise error from cause
    except BaseException as caught:
        return caught


def make_record(name: str, message: str, *args: object, error: BaseException | None = None, **extra: object):
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, args, info)
    record.__dict__.update(extra)
    return record


def format_json(name: str, message: str, *args: object, **extra: object) -> dict:
    return json.loads(JsonFormatter().format(make_record(name, message, *args, **extra)))


# JSON lines


def test_a_json_log_line_is_one_object_with_a_utc_time():
    line = format_json("leads.intake", "a lead\nwaits (%s)", "“why”")
    assert {key: line[key] for key in ("level", "logger", "message")} == {
        "level": "error",
        "logger": "leads.intake",
        "message": "a lead\nwaits (“why”)",
    }
    time = datetime.fromisoformat(line["time"])
    assert time.utcoffset().total_seconds() == 0 and abs((datetime.now(UTC) - time).total_seconds()) < 5


def test_a_traceback_shows_the_code_and_no_visitor_data():
    cause = raised(sqlite3.IntegrityError("Key (email)=(a@b.example) already exists"))
    text = traceback(raised(IntegrityError("Key (email)=(a@b.example) already exists"), cause))
    assert text.count("IntegrityError") >= 2 and "raise error from cause" in text
    assert "example" not in text
    assert "a@b" not in format_json("django.request", "Internal Server Error: %s", "/start", error=cause)["traceback"]


@pytest.mark.parametrize(
    ("error", "first_line"),
    [
        (OSError(28, "for a@b.example"), "OSError: No space left on device"),
        (FileNotFoundError(2, "gone", "/data/spool"), "FileNotFoundError: No such file or directory /data/spool"),
        (ImproperlyConfigured("SECRET_KEY is missing."), "ImproperlyConfigured: SECRET_KEY is missing."),
        (ValueError("a@b.example"), "ValueError"),
        (AttributeError("'str' object has no attribute 'x'"), "AttributeError: 'str' object has no attribute 'x'"),
    ],
)
def test_a_traceback_has_only_safe_exception_messages(error, first_line):
    assert traceback(raised(error)).splitlines()[0] == first_line


def test_a_traceback_names_the_sqlite_error_of_a_full_database():
    with sqlite3.connect(":memory:") as connection:
        connection.execute("PRAGMA max_page_count = 1")
        with pytest.raises(sqlite3.OperationalError) as caught:
            connection.execute("CREATE TABLE a (b)")
    connection.close()
    assert traceback(caught.value).startswith("OperationalError: SQLITE_FULL\n")


def test_a_traceback_shows_circular_exception_causes_once():
    one, other = raised(ValueError()), raised(KeyError())
    one.__cause__, other.__cause__ = other, one
    assert traceback(one).count("KeyError") == 1


def test_a_request_refused_by_django_is_logged_as_a_warning_without_details():
    error = DisallowedHost()
    line = format_json("django.security.DisallowedHost", "Invalid HTTP_HOST header: %r", "evil", error=error)
    assert (line["level"], line["message"]) == ("warning", "request refused as unsafe: DisallowedHost")
    assert "traceback" not in line
    reason = "Referer checking failed - https://evil.example/?email=a@b.example"
    assert "evil" not in json.dumps(format_json("django.security.csrf", "Forbidden (%s): %s", reason, "/start"))


def test_the_django_request_logger_logs_only_exceptions():
    record = make_record("django.request", "Service Unavailable")
    assert not OnlyExceptions().filter(record)
    assert LOGGING["loggers"]["django.request"]["filters"] == ["only_exceptions"]


# Lines on a terminal


def format_plain(name: str, message: str, *args: object, **extra: object) -> list[str]:
    return TerminalFormatter().format(make_record(name, message, *args, **extra)).split("\n")


def test_a_plain_log_line_has_all_parts_of_the_log_record():
    token = request_id.set(ID)
    (line,) = format_plain("pages", "request %s", 1, fields={"path": "/start", "status": 200})
    request_id.reset(token)
    assert re.fullmatch(rf"\d\d:\d\d:\d\d ERROR pages: request 1  path=/start status=200 request_id={ID}", line)
    assert format_plain("pages", "no fields")[0].endswith("ERROR pages: no fields")


def test_a_plain_log_line_is_followed_by_a_traceback_without_visitor_data():
    first, error, *code = format_plain("pages", "broken", error=raised(ValueError("a@b.example")))
    assert first.endswith("pages: broken") and error == "ValueError"
    assert any("raise error from cause" in line for line in code) and "example" not in "".join(code)


SECRET = "Zq3kT0.sIg_-n"


@pytest.mark.parametrize(
    "path", [f"/preview/{SECRET}/hire", f"//preview/{SECRET}", f"/Preview/{SECRET}/?q=1", f"/preview//{SECRET}"]
)
def test_the_log_shows_no_url_of_a_preview(path):
    records = [
        make_record("layersrank_site.serving.request_log", "request", fields={"path": path, "status": 200}),
        make_record("django.request", "Internal Server Error: %s", path, error=raised(FileNotFoundError(2, "", path))),
        make_record("uvicorn.error", f'"GET {path} HTTP/1.1" failed, see "{path}"'),
    ]
    for record in records:
        for line in (JsonFormatter().format(record), TerminalFormatter().format(record)):
            assert SECRET not in line and "preview/…" in line.lower()


def test_other_paths_are_logged_as_they_are():
    assert format_json("pages", "request", fields={"path": "/previews/x"})["path"] == "/previews/x"
    assert format_json("pages", "see /preview/")["message"] == "see /preview/"


def test_control_characters_in_a_path_are_escaped_in_the_log():
    (line,) = format_plain("pages", "not found", fields={"path": "/\x1b[2J\n\r\x9b1m“é”"})
    assert line.endswith(r"path=/\x1b[2J\n\r\x9b1m“é”")


# Requests


async def echo(scope, receive, send):
    """Answer with the request's id."""
    ids = b",".join(value for name, value in scope["headers"] if name == b"x-request-id")
    cache = b"public, max-age=60" if scope["path"] == "/public" else b"no-store"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"cache-control", cache)]})
    await send({"type": "http.response.body", "body": ids})


def test_only_a_trusted_proxy_can_set_the_request_id(settings):
    assert ask(log_requests(echo), "/", x_request_id=ID).body.decode() != ID
    settings.TRUSTED_PROXIES = ["127.0.0.0/8"]
    response = ask(log_requests(echo), "/", x_request_id=ID)
    assert response.body.decode() == response.headers["x-request-id"] == ID
    for malformed in ("short", "a" * 65, "sp ace 123", 'quote"123', f"{ID}\n{ID}", "ünicode1"):
        response = ask(log_requests(echo), "/", x_request_id=malformed)
        assert len(response.body) == 32 and response.body.decode() == response.headers["x-request-id"]


def test_a_public_response_has_no_request_id():
    assert "x-request-id" not in ask(log_requests(echo), "/public").headers
    assert "x-request-id" in ask(log_requests(echo), "/").headers


def test_the_log_line_of_a_request_has_no_visitor_data(caplog):
    with caplog.at_level(logging.INFO, "layersrank_site.serving.request_log"):
        personal = {"referer": "https://x.example/?email=a@b.example", "user_agent": "Secretagent", "cookie": "secret"}
        ask(log_requests(echo), "/a", query="email=a@b.example", **personal)
        ask(log_requests(echo), "/" + "b" * 5_000, "HEAD")
    first, second = (record.fields for record in caplog.records)
    assert first.keys() == {"method", "path", "status", "ms", "bytes"}
    assert (first["method"], first["path"], first["status"], first["bytes"]) == ("GET", "/a", 200, 32)
    assert second["bytes"] == 0 and len(second["path"]) == 500


def test_an_exception_is_logged_as_an_error_and_raised_again(caplog):
    async def broken(scope, receive, send):
        await send({"type": "http.response.start", "status": 500, "headers": []})
        raise RuntimeError

    with caplog.at_level(logging.INFO, "layersrank_site.serving.request_log"), pytest.raises(RuntimeError):
        ask_exactly(log_requests(broken), "/", "GET", "", [])
    assert (caplog.records[0].levelname, caplog.records[0].fields["status"]) == ("ERROR", 500)


def test_concurrent_requests_have_different_ids():
    async def two_requests():
        return await asyncio.gather(*(asyncio.to_thread(ask, log_requests(echo), "/") for _ in range(2)))

    first, second = asyncio.run(two_requests())
    assert first.body != second.body and request_id.get() == ""
