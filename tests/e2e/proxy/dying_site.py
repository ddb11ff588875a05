"""The site with a worker that kills itself, for tests with gunicorn.

If the file DIE_ONCE exists, the worker deletes it and kills itself between saving a lead and responding.
"""

import os
import signal
from pathlib import Path

from layersrank_site.asgi import application as site

DIE_ONCE = Path(os.environ["DIE_ONCE"])


async def application(scope, receive, send):
    async def send_or_die(message):
        if scope["method"] == "POST" and DIE_ONCE.exists():
            DIE_ONCE.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        await send(message)

    await site(scope, receive, send_or_die if scope["type"] == "http" else send)
