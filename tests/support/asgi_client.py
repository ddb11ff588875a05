"""A test client that calls an ASGI application without a server."""

import asyncio
from typing import NamedTuple

from asgiref.typing import ASGI3Application, ASGIReceiveEvent, ASGISendEvent, HTTPScope


class Response(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def ask(application: ASGI3Application, path: str, method: str = "GET", query: str = "", **headers: str) -> Response:
    """Send a request. Pass headers as keyword arguments: `accept_encoding="br"`.

    If a value has several lines, the header is sent once for each line. The default host is `testserver`.
    """
    values = {"host": "testserver"} | {name.replace("_", "-"): value for name, value in headers.items()}
    encoded = [(name.encode(), each.encode()) for name, value in values.items() for each in value.split("\n") if value]
    return ask_exactly(application, path, method, query, encoded)


def ask_exactly(
    application: ASGI3Application, path: str, method: str, query: str, headers: list[tuple[bytes, bytes]]
) -> Response:
    """Send a request with exactly these headers."""
    scope: HTTPScope = {
        "type": "http",
        "asgi": {"spec_version": "2.5", "version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "extensions": None,
    }
    return asyncio.run(_call(application, scope))


async def _call(application: ASGI3Application, scope: HTTPScope) -> Response:
    requests: asyncio.Queue[ASGIReceiveEvent] = asyncio.Queue()
    requests.put_nowait({"type": "http.request", "body": b"", "more_body": False})
    messages: list[ASGISendEvent] = []

    async def send(message: ASGISendEvent) -> None:
        messages.append(message)

    await application(scope, requests.get, send)
    start, *bodies = messages
    assert start["type"] == "http.response.start"
    body, more_body = b"", True
    for message in bodies:
        assert message["type"] == "http.response.body"
        body, more_body = body + message.get("body", b""), message.get("more_body", False)
    assert not more_body
    headers: dict[str, str] = {}
    for name, value in start["headers"]:
        key = name.decode().lower()
        assert key not in headers, f"{key} was sent twice"
        headers[key] = value.decode("latin-1")
    return Response(start["status"], headers, body)
