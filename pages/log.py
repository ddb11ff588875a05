"""The log of what serves: JSON, one object a line, in which no visitor is named.

Needs the standard library alone, since gunicorn's master reads it too, which is to load nothing of the site.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from logging.config import dictConfig
from traceback import format_tb
from typing import Any

# The one of the request that is being answered.
request_id: ContextVar[str] = ContextVar("request_id", default="")

# Exceptions whose words are of the site's own making. Those of others may quote what a visitor sent: a database's name
# the row that it refused, a mail server's the address.
_SPEAKING = {
    "AttributeError",
    "ImportError",
    "ImproperlyConfigured",
    "NameError",
    "SyntaxError",
    "TemplateDoesNotExist",
    "TemplateSyntaxError",
}
_FRAMES = 40  # the last ones of a traceback

_encode = json.JSONEncoder(ensure_ascii=False).encode

logger = logging.getLogger(__name__)


class JsonFormatter(logging.Formatter):
    """`said` of a record, if it has any, are more keys of its line."""

    def format(self, record: logging.LogRecord) -> str:
        said = {"time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")}
        said |= {"level": record.levelname.lower(), "logger": record.name, "message": record.getMessage()}
        error = record.exc_info[1] if record.exc_info else None
        if record.name.startswith("django.security"):  # its words quote the host or the referer of who was refused
            said |= {"level": "warning", "message": f"refused as unsafe: {record.name.rpartition('.')[2]}"}
            error = None
        elif record.name == "asyncio":
            said["message"] = said["message"].partition("\n")[0]  # what follows quotes exceptions
        if identity := request_id.get():
            said["request_id"] = identity
        said |= getattr(record, "said", {})
        if error is not None:
            said["traceback"] = traceback(error)
        return _encode(said)


def traceback(error: BaseException) -> str:
    """The lines of code that led to `error`, and to what it was raised for; of their words only those that quote
    nobody."""
    parts = [
        f"{_describe(each)}\n{''.join(format_tb(each.__traceback__, -_FRAMES))}" for each in _exception_chain(error)
    ]
    return "".join(parts)


def _exception_chain(error: BaseException) -> Iterator[BaseException]:
    """From the first to the last."""
    found: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in found:
        found.append(following)
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)
    return reversed(found)


def _describe(error: BaseException) -> str:
    name, words = type(error).__name__, ""
    if any(kind.__name__ in _SPEAKING for kind in type(error).__mro__):
        words = str(error)
    elif isinstance(error, OSError) and isinstance(error.errno, int):
        words = " ".join(filter(None, (os.strerror(error.errno), str(error.filename or ""))))
    else:
        words = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None) or ""
    return f"{name}: {words}" if words else name


class OnlyExceptions(logging.Filter):
    """Of what Django says of requests, what broke; the rest is in the line of each request."""

    def filter(self, record: logging.LogRecord) -> bool:
        return bool(record.exc_info)


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": JsonFormatter}},
    "filters": {"broken": {"()": OnlyExceptions}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "axes": {"level": "CRITICAL"},  # it names users and addresses; its tables keep them, in the admin
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR", "filters": ["broken"]},
        "gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "layersrank_site": {"level": "INFO"},
        "pages": {"level": "INFO"},
        "uvicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}


def configure() -> None:
    """From now on this process logs JSON, as everything does that serves; what ends it, or a thread of it, too."""
    dictConfig(LOGGING)
    # What no line shows need not be found out (https://docs.python.org/3/howto/logging.html#optimization).
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    sys.excepthook = lambda kind, error, trace: logger.critical("this process ended by an error", exc_info=error)
    threading.excepthook = lambda ended: logger.error("a thread ended by an error", exc_info=ended.exc_value)
