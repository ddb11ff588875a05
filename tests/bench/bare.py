"""A minimal ASGI application that answers every request with the headers and bytes of one page of the site."""

import json
import os
from pathlib import Path

headers, body = json.loads(Path(os.environ["BARE_RESPONSE"]).read_text())
START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
}
BODY = {"type": "http.response.body", "body": bytes.fromhex(body)}


async def application(scope, receive, send):
    await send(START)
    await send(BODY)
