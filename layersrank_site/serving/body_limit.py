"""ASGI middleware that rejects large request bodies before Django reads them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGIReceiveEvent, ASGISendCallable, Scope

from .refusal import refuse

REFUSAL = b"What you sent is too long for this site. Go back, shorten it and send it again.\n"


def limit_bodies(
    application: ASGI3Application, max_bytes: int, get_headers: Callable[[], dict[str, str]]
) -> ASGI3Application:
    """Wrap `application` so that a body of more than `max_bytes` gets 413 (RFC 9110, 15.5.14).

    The check uses Content-Length, and also counts the received bytes. Unlike Django, the check refuses a large body
    before the whole body has arrived. If a body isn't too large, `application` is called after the whole body has
    arrived.

    `get_headers` returns the headers that every response has.
    """

    async def limited(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "http":
            return await application(scope, receive, send)
        content_length = dict(scope["headers"]).get(b"content-length", b"")
        if content_length.isdigit() and int(content_length) > max_bytes:
            return await refuse(send, 413, REFUSAL, get_headers())
        messages, size, more_body = deque[ASGIReceiveEvent](), 0, True
        while more_body:
            message = await receive()
            messages.append(message)
            more_body = False
            if message["type"] == "http.request":
                more_body = message.get("more_body", False)
                size += len(message.get("body", b""))
            if size > max_bytes:
                return await refuse(send, 413, REFUSAL, get_headers())

        async def replay() -> ASGIReceiveEvent:
            return messages.popleft() if messages else await receive()

        await application(scope, replay, send)

    return limited
