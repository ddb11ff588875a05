"""An ASGI application that counts requests, for tests of nginx's cache.

RESPONSE_HEADERS has the headers of all responses as JSON. The body is the number of requests so far. REQUEST_LOG gets
a line for each request.
"""

import json
import os
from pathlib import Path

HEADERS = [(name.encode(), value.encode()) for name, value in json.loads(os.environ["RESPONSE_HEADERS"]).items()]


async def application(scope, receive, send):
    log = Path(os.environ["REQUEST_LOG"])
    with log.open("a") as file:
        sent = {name.decode(): value.decode() for name, value in scope["headers"]}
        file.write(json.dumps([scope["method"], scope["path"], sent.get("accept"), sent.get("accept-encoding")]) + "\n")
    body = f"{len(log.read_text().splitlines())} for {scope['path']}".encode()
    headers = [*HEADERS, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
