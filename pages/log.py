"""The log of the server processes. The log never identifies a visitor.

Each record is one JSON object on a line of its own, or plain text if standard error is a terminal.
This module uses only the standard library: gunicorn's master process imports it, and must not import the site.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from logging.config import dictConfig
from traceback import format_tb
from typing import Any

# The id of the current request, or "" outside of requests.
request_id: ContextVar[str] = ContextVar("request_id", default="")

# Exceptions whose messages can't contain visitor data. The messages of other exceptions can contain such data: a
# database error quotes the rejected row, and an SMTP error quotes the address.
_SAFE_EXCEPTIONS = {
    "AttributeError",
    "ImportError",
    "ImproperlyConfigured",
    "NameError",
    "SyntaxError",
    "TemplateDoesNotExist",
    "TemplateSyntaxError",
}
MAX_FRAMES = 40  # only the innermost frames of each traceback are logged

# The part of a preview's URL that must stay secret.
_PREVIEW = re.compile(r"(/preview/)[^\s\"'<>]+", re.IGNORECASE)

_encode = json.JSONEncoder(ensure_ascii=False).encode

logger = logging.getLogger(__name__)


class JsonFormatter(logging.Formatter):
    """Format a record as a JSON object. A record's attribute `fields`, a dict, adds more keys to the object."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        return _encode({"time": time} | fields_of(record))


class TerminalFormatter(logging.Formatter):
    """Format a record for people: `12:03:04 INFO  logger: message  key=value …`, in local time."""

    def format(self, record: logging.LogRecord) -> str:
        fields = fields_of(record)
        level, name, message, trace = (fields.pop(key, "") for key in ("level", "logger", "message", "traceback"))
        time = datetime.fromtimestamp(record.created)
        details = " ".join(f"{key}={value}" for key, value in fields.items())
        line = f"{time:%H:%M:%S} {level.upper():<5} {name}: {message}{'  ' if details else ''}{details}"
        return "\n".join(map(escape_controls, [line, *trace.splitlines()]))


def stderr_formatter() -> logging.Formatter:
    """Return the formatter for this process's standard error."""
    return TerminalFormatter() if sys.stderr.isatty() else JsonFormatter()


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return a record's keys and values, except the time. Leave out text that may quote a visitor."""
    fields: dict[str, Any] = {
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": record.getMessage(),
    }
    error = record.exc_info[1] if record.exc_info else None
    if record.name.startswith("django.security"):  # these messages quote the Host or Referer header
        fields |= {"level": "warning", "message": f"request refused as unsafe: {record.name.rpartition('.')[2]}"}
        error = None
    elif record.name == "asyncio":
        fields["message"] = fields["message"].partition("\n")[0]  # later lines quote exceptions
    fields |= getattr(record, "fields", {})
    if current_id := request_id.get():
        fields["request_id"] = current_id
    if error is not None:
        fields["traceback"] = traceback(error)
    return {key: hide_previews(value) if isinstance(value, str) else value for key, value in fields.items()}


def hide_previews(text: str) -> str:
    """Replace the URLs of previews in `text` with `/preview/…`, because everyone who knows such a URL can open it."""
    return _PREVIEW.sub(r"\1…", text)


def escape_controls(text: str) -> str:
    """Escape control characters. With such characters, text from a stranger could take over the terminal."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def traceback(error: BaseException) -> str:
    """Return the tracebacks of `error` and its causes. Messages are included only if they can't quote a visitor."""
    parts = [
        f"{_describe(each)}\n{''.join(format_tb(each.__traceback__, -MAX_FRAMES))}" for each in exception_chain(error)
    ]
    return "".join(parts)


def exception_chain(error: BaseException) -> Iterator[BaseException]:
    """Return the causes of `error`, from the first cause to `error` itself.

    If the causes form a cycle, each cause occurs once.
    """
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return reversed(chain)


def _describe(error: BaseException) -> str:
    name, message = type(error).__name__, safe_message(error)
    return f"{name}: {message}" if message else name


def safe_message(error: BaseException) -> str:
    """Return the message of `error`. If the message may contain a visitor's data, return something shorter.

    For example, return only the code of a database error, without the values of the row.
    """
    if any(parent.__name__ in _SAFE_EXCEPTIONS for parent in type(error).__mro__):
        return str(error)
    if isinstance(error, OSError) and isinstance(error.errno, int):
        return " ".join(filter(None, (os.strerror(error.errno), str(error.filename or ""))))
    return getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None) or ""


class OnlyExceptions(logging.Filter):
    """Keep only log records with an exception. The request log already has a line for each response."""

    def filter(self, record: logging.LogRecord) -> bool:
        return bool(record.exc_info)


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"stderr": {"()": stderr_formatter}},
    "filters": {"only_exceptions": {"()": OnlyExceptions}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "stderr"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "axes": {"level": "CRITICAL"},  # don't log user names and IP addresses; the admin shows them
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR", "filters": ["only_exceptions"]},
        "gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "layersrank_site": {"level": "INFO"},
        "pages": {"level": "INFO"},
        "uvicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}

# The root logger, and the loggers that don't pass their records to the root logger.
_TOP_LOGGERS = ("", *(name for name, logger in LOGGING["loggers"].items() if not logger.get("propagate", True)))

_added_handlers: list[logging.Handler] = []


def add_handler(handler: logging.Handler) -> None:
    """Also pass the records of all loggers to `handler`. Later calls of `configure` keep this handler."""
    _added_handlers.append(handler)
    _attach(handler)


def _attach(handler: logging.Handler) -> None:
    for name in _TOP_LOGGERS:
        logging.getLogger(name).addHandler(handler)


def configure() -> None:
    """Set up logging for a server process, including uncaught exceptions of the process and its threads.

    Call this function again after other code, such as `django.setup`, has changed the handlers.
    """
    dictConfig(LOGGING)
    for handler in _added_handlers:  # dictConfig has removed these handlers
        _attach(handler)
    # Don't collect details that no log line shows (https://docs.python.org/3/howto/logging.html#optimization).
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    sys.excepthook = lambda kind, error, trace: logger.critical("the process ended with an error", exc_info=error)
    threading.excepthook = lambda args: logger.error("a thread ended with an error", exc_info=args.exc_value)
