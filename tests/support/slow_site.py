"""The site with a slow URL, /slow, for tests with gunicorn."""

import asyncio

from layersrank_site.asgi import application as site

DELAY = 2  # seconds


async def application(scope, receive, send):
    if scope["type"] == "http" and scope["path"] == "/slow":
        await asyncio.sleep(DELAY)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
        await send({"type": "http.response.body", "body": b"done\n"})
    else:
        await site(scope, receive, send)
