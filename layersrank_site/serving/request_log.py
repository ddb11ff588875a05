"""ASGI middleware that logs each request. All log lines of a request have the same id."""

import logging
import re
from time import perf_counter
from uuid import uuid4

from asgiref.typing import (
    ASGI3Application,
    ASGIReceiveCallable,
    ASGISendCallable,
    ASGISendEvent,
    HTTPResponseStartEvent,
    HTTPScope,
    Scope,
)

from leads.client_ip import is_trusted_proxy
from pages.log import request_id

ID_HEADER = b"x-request-id"
ID_FORMAT = re.compile(rb"[A-Za-z0-9-]{8,64}")

MAX_PATH_LENGTH = 500

logger = logging.getLogger(__name__)


def log_requests(application: ASGI3Application) -> ASGI3Application:
    """Wrap `application` so that each request has one X-Request-ID header and one line in the log.

    The line can't identify a visitor: it has no IP address, query string or browser.
    """

    async def logged(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "http":
            return await application(scope, receive, send)
        started, current_id = perf_counter(), _request_id(scope)
        status: int | None = None
        size = 0
        request_id.set(current_id.decode())
        id_header = (ID_HEADER, current_id)

        async def send_with_id(message: ASGISendEvent) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                if not _is_public(message):  # caches send a public response to many visitors, so it has no request id
                    message = {**message, "headers": [*message["headers"], id_header]}
            elif message["type"] == "http.response.body" and scope["method"] != "HEAD":
                size += len(message.get("body", b""))
            await send(message)

        other_headers = [header for header in scope["headers"] if header[0] != ID_HEADER]
        try:
            await application({**scope, "headers": [*other_headers, id_header]}, receive, send_with_id)
        finally:
            fields = {
                "method": scope["method"],
                "path": scope["path"][:MAX_PATH_LENGTH],
                "status": status,  # null if the visitor disconnected before the response
                "ms": round((perf_counter() - started) * 1000, 1),
                "bytes": size,
            }
            # 503 is not an error here: the site sends it on purpose, and logs the reason elsewhere.
            level = logging.ERROR if status == 500 else logging.INFO
            logger.log(level, "request", extra={"fields": fields})

    return logged


def _request_id(scope: HTTPScope) -> bytes:
    """Return the id that a trusted proxy sent, or a new id."""
    ids = [value for name, value in scope["headers"] if name == ID_HEADER]
    client = scope.get("client")
    if len(ids) == 1 and client and is_trusted_proxy(client[0]) and ID_FORMAT.fullmatch(ids[0]):
        return bytes(ids[0])
    return uuid4().hex.encode()


def _is_public(start: HTTPResponseStartEvent) -> bool:
    return any(name.lower() == b"cache-control" and b"public" in value for name, value in start["headers"])
