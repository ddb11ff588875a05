"""An ASGI application that returns each request as JSON, for tests with gunicorn.

A request for /broken kills the worker instead.

The application logs a request only after it has received the whole body. A request whose body the server refuses is
therefore never logged. If requests were logged earlier, a client could get the refusal before the log entry is
written. A test then couldn't know when the log is complete.
"""

import json
import os
import signal
from pathlib import Path


async def application(scope, receive, send):
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body, more = body + message.get("body", b""), message.get("more_body", False)
    with Path(os.environ["REQUEST_LOG"]).open("a") as log:
        log.write(f"{scope['method']} {scope['path']}\n")
    if scope["path"].startswith("/broken"):
        os.kill(os.getpid(), signal.SIGKILL)
    headers = [(name.decode(), value.decode()) for name, value in scope["headers"]]
    response = json.dumps({"headers": headers, "bytes": len(body), "process": os.getppid()}).encode()
    response_headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(response))]
    await send({"type": "http.response.start", "status": 200, "headers": response_headers})
    await send({"type": "http.response.body", "body": response})
