"""Reports errors to Sentry, or to another error tracker that understands Sentry's protocol.

A report has what the log line of the error has, and nothing more: no IP address, query string, browser name or form
field. The package sentry-sdk would collect more, so this module creates the reports itself and only lets the package
send them.
"""

from __future__ import annotations

import atexit
import logging
from collections.abc import Callable
from traceback import extract_tb
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from . import log

if TYPE_CHECKING:
    from sentry_sdk.types import Event

# The request log has a line for each response with status 500. Another record has the exception, so skip these lines.
_REQUEST_LOG = "layersrank_site.serving.request_log"

# When a process ends, it waits at most this many seconds until its last reports are sent.
_FLUSH_SECONDS = 2


def is_dsn(value: str) -> bool:
    """Return whether `value` is a DSN, such as https://key@errors.example.com/1."""
    try:
        url = urlsplit(value)
        has_server = url.scheme in ("http", "https") and bool(url.username and url.hostname) and url.port != 0
    except ValueError:  # the URL has an invalid IPv6 address or port
        return False
    return has_server and url.path.rpartition("/")[2].isdecimal()


def tracker_name(dsn: str) -> str:
    """Return the name of the service that receives reports: Sentry, or the host of another tracker."""
    host = urlsplit(dsn).hostname or ""
    return "Sentry" if host == "sentry.io" or host.endswith(".sentry.io") else host


def start(dsn: str, get_release: Callable[[], str | None] = lambda: None) -> None:
    """Report the errors that this process logs from now on. Without `dsn`, do nothing.

    `get_release` returns the commit of the running code. It is called only if `dsn` is set, because it may run git.
    """
    if not dsn:
        return
    import sentry_sdk  # importing the package takes time and memory, and most sites don't need it

    client = sentry_sdk.Client(
        dsn,
        release=get_release(),
        server_name="",
        default_integrations=False,
        auto_enabling_integrations=False,
        include_local_variables=False,
        send_default_pii=False,
        auto_session_tracking=False,
    )
    log.add_handler(ErrorHandler(client.capture_event))
    atexit.register(client.close, timeout=_FLUSH_SECONDS)


class ErrorHandler(logging.Handler):
    """Passes a report about each logged error to `send`."""

    def __init__(self, send: Callable[[Event], object]) -> None:
        super().__init__(logging.ERROR)
        self._send = send

    def emit(self, record: logging.LogRecord) -> None:
        if record.name == _REQUEST_LOG:
            return
        try:
            report = report_of(record)
            if report["level"] in ("error", "critical"):
                self._send(report)
        except Exception:  # logging must never raise an exception
            self.handleError(record)


def report_of(record: logging.LogRecord) -> Event:
    """Return a report in the format of Sentry's event payloads.

    See https://develop.sentry.dev/sdk/data-model/event-payloads/.
    """
    fields = log.fields_of(record)
    has_traceback = bool(fields.pop("traceback", None))
    report: Event = {
        "level": fields.pop("level"),
        "logger": fields.pop("logger"),
        "logentry": {"formatted": fields.pop("message")},
        "tags": {name: str(value) for name, value in fields.items()},
    }
    error = record.exc_info[1] if record.exc_info else None
    if has_traceback and error:
        report["exception"] = {"values": [_exception(each) for each in log.exception_chain(error)]}
    return report


def _exception(error: BaseException) -> dict[str, Any]:
    frames = [
        {"filename": frame.filename, "function": frame.name, "lineno": frame.lineno, "context_line": frame.line}
        for frame in extract_tb(error.__traceback__, -log.MAX_FRAMES)
    ]
    return {
        "type": type(error).__name__,
        "value": log.hide_previews(log.safe_message(error)),
        "stacktrace": {"frames": frames},
    }
