"""A site that says what it was asked, and can be told to end halfway. For gunicorn, by the tests."""

import json
import os
import signal
from pathlib import Path


async def application(scope, receive, send):
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    with Path(os.environ["ASKED"]).open("a") as asked:
        asked.write(f"{scope['method']} {scope['path']}\n")
    if scope["path"].startswith("/broken"):
        os.kill(os.getpid(), signal.SIGKILL)
    headers = [(name.decode(), value.decode()) for name, value in scope["headers"]]
    said = json.dumps({"headers": headers, "bytes": len(body), "process": os.getppid()}).encode()
    about = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(said))]
    await send({"type": "http.response.start", "status": 200, "headers": about})
    await send({"type": "http.response.body", "body": said})
