"""POST JSON to another server, with a deadline. Redirects are not followed, and proxies are not used."""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from . import transports
from .transports import DeadlineMixin, SendError


class _HTTPConnection(DeadlineMixin, HTTPConnection):
    pass


class _HTTPSConnection(DeadlineMixin, HTTPSConnection):
    pass


def post_json(url: str, body: bytes, headers: Mapping[str, str], receiver: str) -> int:
    """Send `body` to `url`, and return the status of the answer.

    Raise SendError if there is no answer. `receiver` is the name of the server in the error's message.
    """
    parts = urlsplit(url)
    connection_class = _HTTPSConnection if parts.scheme == "https" else _HTTPConnection
    connection = connection_class(parts.hostname or "", parts.port, timeout=transports.RESPONSE_SECONDS)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    all_headers = {"Content-Type": "application/json", "User-Agent": "LayersRank-Website/1", **headers}
    try:
        connection.request("POST", target, body, all_headers)
        return connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise SendError(f"{receiver} didn't respond ({type(error).__name__})", unreachable=True) from error
    finally:
        connection.close()
