"""Servers that hang, hang up or send garbage, to test timeouts."""

import socket
from contextlib import contextmanager, suppress
from threading import Event, Thread

from tests.support.waiting import PATIENCE


@contextmanager
def running(serve):
    """Run a server that calls `serve(connection, stop)` for each connection, and yield its port.

    The event `stop` is set when the `with` block ends.
    """
    stop = Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection, suppress(OSError):
                    serve(connection, stop)

        thread = Thread(target=accept, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        stop.set()
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(PATIENCE)


def hang(connection, stop):
    stop.wait(PATIENCE)


def hang_up(connection, stop):
    pass


def trickle(connection, stop):
    while not stop.wait(0.1):
        connection.sendall(b"x")


def send_garbage(connection, stop):
    connection.sendall(b"\x16\x03\x01nonsense\r\n" * 3)
    stop.wait(0.1)


def send_endless_response(connection, stop):
    while not stop.wait(0.05):
        connection.sendall(b"220-and another line\r\n")


MISBEHAVIORS = [hang, hang_up, trickle, send_garbage, send_endless_response]


def reject_password(connection, stop):
    """An SMTP server that rejects every login."""
    connection.sendall(b"220 here\r\n")
    with connection.makefile("rb") as lines:
        for line in lines:
            connection.sendall(b"250-here\r\n250 AUTH PLAIN\r\n" if line.startswith(b"ehlo") else b"535 wrong\r\n")


def hang_after(command):
    """Return an SMTP server that hangs when it receives `command`."""

    def serve(connection, stop):
        in_data = False
        connection.sendall(b"220 here\r\n")
        with connection.makefile("rb") as lines:
            for line in lines:
                in_data = in_data and line != b".\r\n"
                if line.upper().startswith(command):
                    stop.wait(PATIENCE)
                elif not in_data:
                    in_data = line.upper().startswith(b"DATA")
                    connection.sendall(b"354 go on\r\n" if in_data else b"250 fine\r\n")

    return serve
