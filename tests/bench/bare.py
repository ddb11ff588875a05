"""An ASGI application that does nothing but send what the site sends for one page."""

import json
import os
from pathlib import Path

headers, body = json.loads(Path(os.environ["SAME"]).read_text())
START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
}
BODY = {"type": "http.response.body", "body": bytes.fromhex(body)}


async def application(scope, receive, send):
    await send(START)
    await send(BODY)
