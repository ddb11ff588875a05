"""The site, whose worker ends when it has kept a lead and before it says so, if there is a file DIES. For gunicorn."""

import os
import signal
from pathlib import Path

from layersrank_site.asgi import application as site

DIES = Path(os.environ["DIES"])


async def application(scope, receive, send):
    async def send_or_die(message):
        if scope["method"] == "POST" and DIES.exists():
            DIES.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        await send(message)

    await site(scope, receive, send_or_die if scope["type"] == "http" else send)
