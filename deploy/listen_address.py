"""Check that a server can listen on HOST:PORT. `make run` and `make dev` do this before any slow step.

This module uses the standard library only, since make runs it before installing any packages.
"""

import os
import socket
import sys
from errno import EADDRINUSE

# The port numbers that gunicorn and runserver accept.
PORTS = range(1, 65536)


def find_problem(command: str = "") -> str:
    """Return "" if a server can listen on HOST:PORT. Otherwise, return the reason and what to do about it.

    `command` is what the user typed, such as `make run`. With `command`, the advice is more specific.
    """
    host = os.environ.get("HOST") or "127.0.0.1"
    value = os.environ.get("PORT") or "8000"
    if not value.isdecimal() or int(value) not in PORTS:
        return f"PORT is “{value}”, which is not a number from {PORTS[0]} to {PORTS[-1]}."
    port = int(value)
    if ":" in host and not host.startswith("["):  # without brackets, the port would look like a part of the address
        return f"HOST is “{host}”. Write an IPv6 address in brackets: HOST=[{host}]"
    try:
        _bind(host, port)
    except OSError as error:
        other = port + 1 if port < PORTS[-1] else port - 1
        setting = f"{command} PORT={other}" if command else f"PORT={other}"
        if error.errno == EADDRINUSE:
            return f"Port {port} on {host} is already in use. Stop the other program, or choose another port: {setting}"
        return (
            f"The site cannot listen on port {port} of {host}: {error.strerror}. "
            f"Choose another PORT, or set HOST to an address of this machine."
        )
    return ""


def _bind(host: str, port: int) -> None:
    """Bind a socket for a moment. Raise OSError if that fails.

    Don't listen on the socket, or a proxy could connect to it and get a reset. Binding is enough, because binding also
    fails if another program is listening.
    """
    address = host.removeprefix("[").removesuffix("]")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as server:
        # gunicorn and runserver set SO_REUSEADDR too. Without it, connections in TIME_WAIT would block the port after
        # a restart (socket(7)).
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((address, port))


if __name__ == "__main__":
    sys.exit(find_problem(" ".join(sys.argv[1:])) or 0)
