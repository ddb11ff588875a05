"""ASGI middleware that rejects large request bodies before Django reads them."""

from __future__ import annotations

from collections.abc import Callable

from asgiref.typing import (
    ASGI3Application,
    ASGIReceiveCallable,
    ASGIReceiveEvent,
    ASGISendCallable,
    HTTPRequestEvent,
    Scope,
)

from .refusal import refuse

REFUSAL = b"What you sent is too long for this site. Go back, shorten it and send it again.\n"

# A Content-Length with more digits is refused, even if the first digits are zeros: Python refuses to parse thousands
# of digits.
MAX_DIGITS = 18


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
        if content_length.isdigit() and (len(content_length) > MAX_DIGITS or int(content_length) > max_bytes):
            return await refuse(send, 413, REFUSAL, get_headers())
        # Keep only the bytes of the ASGI messages, because the messages take more memory. A client that sends a body
        # byte by byte could fill the memory with messages.
        body, more_body = bytearray(), True
        while more_body:
            message = await receive()
            if message["type"] != "http.request":  # the client has disconnected
                break
            more_body = message.get("more_body", False)
            body += message.get("body", b"")
            if len(body) > max_bytes:
                return await refuse(send, 413, REFUSAL, get_headers())
        whole: HTTPRequestEvent = {"type": "http.request", "body": bytes(body), "more_body": more_body}
        messages = [message, whole] if more_body else [whole]

        async def replay() -> ASGIReceiveEvent:
            return messages.pop() if messages else await receive()

        await application(scope, replay, send)

    return limited
