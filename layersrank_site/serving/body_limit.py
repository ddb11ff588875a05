"""ASGI middleware that rejects large request bodies before Django reads them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGIReceiveEvent, ASGISendCallable, Scope

REFUSAL = b"This request is larger than this site accepts. Shorten it and send it again.\n"


def limit_bodies(
    application: ASGI3Application, max_bytes: int, get_headers: Callable[[], dict[str, str]]
) -> ASGI3Application:
    """Wrap `application` so that a body of more than `max_bytes` gets 413 (RFC 9110, 15.5.14).

    The check uses Content-Length, and also counts the received bytes. Unlike Django, it doesn't wait for the whole
    body. `get_headers` returns the headers that every response has.
    """

    async def refuse(send: ASGISendCallable) -> None:
        headers = {
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Length": str(len(REFUSAL)),
            "Connection": "close",
            **get_headers(),
        }
        encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 413, "headers": encoded, "trailers": False})
        await send({"type": "http.response.body", "body": REFUSAL, "more_body": False})

    async def limited(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "http":
            return await application(scope, receive, send)
        content_length = dict(scope["headers"]).get(b"content-length", b"")
        if content_length.isdigit() and int(content_length) > max_bytes:
            return await refuse(send)
        messages, size, more_body = deque[ASGIReceiveEvent](), 0, True
        while more_body:
            message = await receive()
            messages.append(message)
            more_body = False
            if message["type"] == "http.request":
                more_body = message.get("more_body", False)
                size += len(message.get("body", b""))
            if size > max_bytes:
                return await refuse(send)

        async def replay() -> ASGIReceiveEvent:
            return messages.popleft() if messages else await receive()

        await application(scope, replay, send)

    return limited
