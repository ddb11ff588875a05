"""Common parts of all transports: the send error, the timeouts and a connection with a deadline."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Timer
from typing import Any

# The timeout of one response, and the timeout of the whole delivery, in seconds.
RESPONSE_SECONDS, TOTAL_SECONDS = 15, 60


class SendError(Exception):
    """A message was not delivered, or delivery could not be confirmed.

    The reason goes to the log, so it must not contain personal data.
    `permanent` means that a retry can't succeed. `unreachable` means that the peer currently accepts no message at all.
    """

    def __init__(self, reason: str, *, permanent: bool = False, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.permanent, self.unreachable = permanent, unreachable


class DeadlineMixin:
    """Shut down the connection TOTAL_SECONDS after it was created.

    A socket timeout restarts with every received byte, so a slow peer could hold the connection forever. Delivery must
    end before the message's lease expires.
    """

    sock: socket.socket | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._timer = Timer(TOTAL_SECONDS, self._shut_down)
        self._timer.daemon = True
        self._timer.start()
        try:
            super().__init__(*args, **kwargs)
        except Exception:
            self._timer.cancel()
            raise

    def _shut_down(self) -> None:
        with suppress(OSError):  # already closed
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._timer.cancel()
        super().close()  # type: ignore[misc]
