"""What is refused before Django reads it."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

REFUSAL = b"This is more than a form of this site can hold.\n"


def limit_bodies(application: Application, largest: int, headers: Callable[[], dict[str, str]]) -> Application:
    """`application`, but for requests whose body has more than `largest` bytes: they get 413 (RFC 9110, 15.5.14) as
    soon as that is known, from what they announce or from what has come. `headers` are those of every answer. Django
    would read the whole body first, too."""

    async def refuse(send: Send) -> None:
        said = {
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Length": str(len(REFUSAL)),
            "Connection": "close",
            **headers(),
        }
        encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in said.items()]
        await send({"type": "http.response.start", "status": 413, "headers": encoded})
        await send({"type": "http.response.body", "body": REFUSAL})

    async def limited(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await application(scope, receive, send)
        announced = dict(scope["headers"]).get(b"content-length", b"")
        if announced.isdigit() and int(announced) > largest:
            return await refuse(send)
        received, size = deque[Message](), 0
        while not received or received[-1].get("more_body"):
            received.append(await receive())
            size += len(received[-1].get("body", b""))
            if size > largest:
                return await refuse(send)

        async def again() -> Message:
            return received.popleft() if received else await receive()

        await application(scope, again, send)

    return limited
