"""Asks an ASGI application as a server would, without one."""

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple


class Answered(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def ask(application: Callable, path: str, method: str = "GET", query: str = "", **headers: str) -> Answered:
    """Headers as keyword arguments, `accept_encoding="br"`; the host is one of the site's where none is said."""
    named = {"host": "testserver"} | {name.replace("_", "-"): value for name, value in headers.items()}
    sent = [(name.encode(), each.encode()) for name, value in named.items() for each in value.split("\n") if value]
    return ask_exactly(application, path, method, query, sent)


def ask_exactly(
    application: Callable, path: str, method: str, query: str, headers: list[tuple[bytes, bytes]]
) -> Answered:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
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
    }
    return asyncio.run(_ask(application, scope))


async def _ask(application: Callable, scope: dict[str, Any]) -> Answered:
    requests: asyncio.Queue = asyncio.Queue()
    requests.put_nowait({"type": "http.request", "body": b"", "more_body": False})
    messages = []

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    await application(scope, requests.get, send)
    start, *bodies = messages
    assert all(message["type"] == "http.response.body" for message in bodies)
    assert [message.get("more_body", False) for message in bodies][-1] is False
    headers: dict[str, str] = {}
    for name, value in start["headers"]:
        key = name.decode().lower()
        assert key not in headers, f"{key} twice"
        headers[key] = value.decode("latin-1")
    return Answered(start["status"], headers, b"".join(message.get("body", b"") for message in bodies))
