"""A line of the log for each request, and an id by which all lines of one request are found."""

import logging
import re
from time import perf_counter
from typing import Any
from uuid import uuid4

from leads.client_ip import is_trusted_proxy
from pages.log import request_id

from .front import Application, Message

HEADER = b"x-request-id"
WELL_FORMED = re.compile(rb"[A-Za-z0-9-]{8,64}")

LONGEST_PATH = 500

logger = logging.getLogger(__name__)


def log_requests(application: Application) -> Application:
    """`application`, which meets each request's id as the header X-Request-ID, whoever sent none or another. The line
    holds nothing by which a visitor could be known: no address, no query, no browser."""

    async def answering(scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return await application(scope, receive, send)
        started, identity, status, size = perf_counter(), _identity(scope), None, 0
        request_id.set(identity.decode())
        mark = (HEADER, identity)

        async def noting(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                if not _is_public(message):  # what is the same for everybody has no one's id
                    message = {**message, "headers": [*message["headers"], mark]}
            elif scope["method"] != "HEAD":
                size += len(message.get("body", b""))
            await send(message)

        others = [header for header in scope["headers"] if header[0] != HEADER]
        try:
            await application({**scope, "headers": [*others, mark]}, receive, noting)
        finally:
            said = {
                "method": scope["method"],
                "path": scope["path"][:LONGEST_PATH],
                "status": status,  # null where the visitor left before the answer
                "ms": round((perf_counter() - started) * 1000, 1),
                "bytes": size,
            }
            level = logging.ERROR if status == 500 else logging.INFO  # a 503 says itself that it is no defect
            logger.log(level, "request", extra={"said": said})

    return answering


def _identity(scope: Message) -> bytes:
    """The one that a proxy of ours gave, or a new one."""
    given = [value for name, value in scope["headers"] if name == HEADER]
    client = scope.get("client")
    if len(given) == 1 and client and is_trusted_proxy(client[0]) and WELL_FORMED.fullmatch(given[0]):
        return bytes(given[0])
    return uuid4().hex.encode()


def _is_public(start: Message) -> bool:
    return any(name.lower() == b"cache-control" and b"public" in value for name, value in start["headers"])
