"""Send requests over raw sockets, byte for byte, because HTTP libraries refuse to send most attacks."""

from __future__ import annotations

import json
import re
import socket
import time
from typing import Any

from ...support.waiting import PATIENCE

HOST = b"Host: 127.0.0.1\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
CLOSE = b"Connection: close\r\n"

# Send this request last: it asks the server to close the connection.
LAST = b"GET /last HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n"

# The pause in seconds between two parts. The pause makes the server read the parts separately.
PAUSE = 0.3


def exchange(port: int, *parts: bytes) -> bytes:
    """Send `parts`, and return everything that the server sends until it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        for number, part in enumerate(parts):
            if number:
                time.sleep(PAUSE)
            connection.sendall(part)
        answer = b""
        while data := connection.recv(65536):
            answer += data
        return answer


def statuses(answer: bytes) -> list[int]:
    """Return the status of each response in `answer`."""
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


def echoed_headers(answer: bytes) -> dict[str, str]:
    """Return the headers of a request, as tests.e2e.proxy.echo reports them in its first response."""
    echo: dict[str, Any] = json.JSONDecoder().raw_decode(answer.decode().split("\r\n\r\n", 1)[1])[0]
    return dict(echo["headers"])
