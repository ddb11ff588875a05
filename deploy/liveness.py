"""A program that ends if gunicorn hangs. The supervisor then ends the site, and a container engine starts it again.

This program requests /livez every few seconds. gunicorn counts as hung if FAILURES requests in a row each get no answer
within SECONDS. Before gunicorn's first answer, failures don't count, because gunicorn is still starting. A single slow
answer means nothing: the machine may be busy, or the container was paused.
"""

from __future__ import annotations

import os
import sys
from http.client import HTTPConnection, HTTPException
from time import sleep

FAILURES, SECONDS = 4, 5


def main() -> int:
    while not _answers():
        sleep(SECONDS)
    failures = 0
    while failures < FAILURES:
        sleep(SECONDS)
        failures = 0 if _answers() else failures + 1
    return 1


def _answers() -> bool:
    """Return whether gunicorn answers /livez within SECONDS."""
    host, port = os.environ.get("HOST") or "127.0.0.1", int(os.environ.get("PORT") or 8000)
    connection = HTTPConnection(host, port, timeout=SECONDS)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
