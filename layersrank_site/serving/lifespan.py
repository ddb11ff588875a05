"""The start-up and shutdown events of ASGI."""

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable


async def handle_lifespan(receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Acknowledge start-up and shutdown. The site does nothing on either event.

    See https://asgi.readthedocs.io/en/latest/specs/lifespan.html.
    """
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await send({"type": "lifespan.shutdown.complete"})
            return
