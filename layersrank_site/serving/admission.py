"""ASGI middleware that limits how many requests Django handles at a time. Clients take turns.

Django runs each request in a thread of its own, and the threads of a process share one processor. Without turns, 200
searches at once would make all other requests in the worker 200 times slower, even requests for stored pages.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, ASGISendEvent, HTTPScope, Scope
from django.conf import settings

from leads.client_ip import client_network, forwarded_address
from pages.content.url_paths import PREVIEWS as PREVIEW_PATHS

from .refusal import refuse

# In each worker, Django handles this many requests for pages (reads) at once. A read mostly needs the processor. While
# one read waits for the disk, another can use the processor. Forms have separate slots, and more of them, because a
# form may wait up to settings.DATABASE_SECONDS for the database.
READS = 2
SUBMISSIONS = 16

# Only one login at a time checks its password (layersrank_site.admin_site). A second login would just block a thread.
LOGINS = 1
MAX_WAITING_LOGINS = 5  # few, because each login takes half a second, or more on a busy machine

# At most this many requests wait in each worker. A worker answers this many requests in about ten seconds. One
# client alone can't fill the queue, because nginx.conf allows 250 connections per address.
MAX_WAITING = 1_000

# Probes and the admin have their own slots, too. So a flood of page requests delays neither, and a slow query in the
# admin delays only the admin. Probes have several slots, so that /livez responds even while /readyz waits for the
# database.
PROBES, ADMIN = 4, 2
PROBE_PATHS = frozenset({"/livez", "/readyz", "/version", "/metrics"})

# Previews have slots of their own, too, because each preview asks the database, which may be slow.
PREVIEWS, MAX_WAITING_PREVIEWS = 2, 50

REFUSAL = b"This site is very busy. Please try again in a few seconds.\n"
RETRY_AFTER = {"Retry-After": "5", "Cache-Control": "no-store"}


class Full(Exception):
    """The request was refused: too many requests are waiting, and this client has the most of them."""


class FairQueue:
    """Slots, and the requests that wait for a slot. Clients take turns, however many requests each client sends."""

    def __init__(self, slots: int, max_waiting: int = MAX_WAITING) -> None:
        self._free = slots
        self._max_waiting = max_waiting
        # The waiting requests, keyed by client. The client whose turn is next comes first.
        self._turns: dict[str, deque[asyncio.Future[None]]] = {}
        self._waiting = 0

    async def acquire(self, client: str) -> None:
        """Wait for a slot. Raise Full if too many requests are waiting and `_refuse_one` chose this request."""
        if self._free:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._turns.setdefault(client, deque()).append(turn)
        self._waiting += 1
        if self._waiting > self._max_waiting:
            self._refuse_one()
        try:
            await turn
        except asyncio.CancelledError:
            # This request was cancelled. If it already has a slot, pass the slot on.
            # The request has a slot if its `turn` was neither cancelled nor refused.
            if not turn.cancelled() and turn.exception() is None:
                self.release()
            raise

    def _refuse_one(self) -> None:
        """Refuse the newest request of the client that has the most waiting requests."""
        client = max(self._turns, key=lambda name: len(self._turns[name]))
        turn = self._turns[client].pop()
        self._waiting -= 1
        if not self._turns[client]:
            del self._turns[client]
        if not turn.done():
            turn.set_exception(Full)

    def release(self) -> None:
        """Give the slot to the client whose turn is next. If it has more requests, it goes to the end of the queue."""
        while self._turns:
            client = next(iter(self._turns))
            turns = self._turns.pop(client)
            turn = turns.popleft()
            self._waiting -= 1
            if turns:
                self._turns[client] = turns
            if not turn.done():  # the request was not cancelled
                turn.set_result(None)
                return
        self._free += 1


def admit_in_turns(application: ASGI3Application, get_headers: Callable[[], dict[str, str]]) -> ASGI3Application:
    """Wrap `application`, so that requests wait for a slot. `get_headers` returns the headers of every response."""
    probes, admin, reads = FairQueue(PROBES), FairQueue(ADMIN), FairQueue(READS)
    submissions, logins = FairQueue(SUBMISSIONS), FairQueue(LOGINS, MAX_WAITING_LOGINS)
    previews = FairQueue(PREVIEWS, MAX_WAITING_PREVIEWS)
    admin_path = f"/{settings.ADMIN_PATH}/" if settings.ADMIN_PATH else None

    def queue_of(scope: HTTPScope) -> FairQueue:
        path, method = scope["path"], scope["method"]
        if path in PROBE_PATHS:
            return probes
        if path.startswith(PREVIEW_PATHS):
            return previews
        if admin_path and path.startswith(admin_path):
            return logins if path == f"{admin_path}login/" and method == "POST" else admin
        return submissions if method == "POST" else reads

    async def admitted(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "http":
            return await application(scope, receive, send)
        queue = queue_of(scope)
        try:
            await queue.acquire(_client(scope))
        except Full:
            return await refuse(send, 503, REFUSAL, {**RETRY_AFTER, **get_headers()})
        with ExitStack() as slot:
            slot.callback(queue.release)

            async def send_outside(message: ASGISendEvent) -> None:
                """Release the slot before the response is sent, because a client may read the response slowly."""
                slot.close()
                await send(message)

            await application(scope, receive, send_outside)

    return admitted


def _client(scope: HTTPScope) -> str:
    """Return the network that sent the request. Each network counts as one client, as in the rate limits for leads."""
    forwarded_for = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
    client = scope.get("client")
    return client_network(forwarded_address(client[0] if client else "", forwarded_for.decode("latin-1")))
