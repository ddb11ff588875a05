"""The site with one address more, that takes its time. For gunicorn, by the tests."""

import asyncio

from layersrank_site.asgi import application as site

SECONDS = 2


async def application(scope, receive, send):
    if scope["type"] == "http" and scope["path"] == "/slow":
        await asyncio.sleep(SECONDS)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
        await send({"type": "http.response.body", "body": b"done\n"})
    else:
        await site(scope, receive, send)
