"""Visitors of the site who open pages and submit forms while something fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count

from tests.support.waiting import PATIENCE

from ...conftest import SEED_URL
from ..drill.visitors import OpenForm, request, submit_until_answered

PATHS = ("/", SEED_URL, "/sitemap.xml", "/llms.txt")
READERS, SUBMITTERS = 3, 6
PAUSE = 0.15  # seconds between two page loads of a reader; with shorter pauses, readers need most of the processor
GATEWAY_ERRORS = (502, 503, 504)

_people = count(1)


@dataclass
class Traffic:
    """What the visitors saw. `seconds` has the duration of each page load. `failed` describes each failed page load.

    `thanked` has the email addresses of the visitors who saw the thank-you page. `refused` has the email addresses of
    the visitors who gave up, with the status of the last response.
    """

    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    thanked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def row(self) -> str:
        """Return the numbers as a row of a table. HEADER names the columns."""
        slowest = max(self.seconds, default=0)
        return (
            f"{len(self.seconds):6} {len(self.failed):6} {slowest:8.2f} s {len(self.thanked):4} {len(self.refused):4}"
        )


HEADER = f"{'':34} {'pages':>6} {'failed':>6} {'slowest':>10} {'sent':>4} {'lost':>4}"


@contextmanager
def traffic(port: int, forms: Sequence[OpenForm]) -> Iterator[Traffic]:
    """Let visitors open pages all the time, and submit these forms, until the `with` block ends."""
    seen, ended = Traffic(), threading.Event()
    threads = [threading.Thread(target=_read, args=(port, seen, ended)) for _ in range(READERS)]
    for number, form in enumerate(forms):
        email = f"visitor{next(_people)}@example.com"
        threads.append(threading.Thread(target=_submit, args=(form, email, 0.7 * number, seen)))
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def _read(port: int, seen: Traffic, ended: threading.Event) -> None:
    for number in count():
        if ended.is_set():
            return
        started = time.monotonic()
        try:
            status = request(port, "GET", PATHS[number % len(PATHS)]).status
            if status != 200:
                seen.failed.append(f"status {status}")
        except (OSError, HTTPException) as error:
            seen.failed.append(repr(error))
        seen.seconds.append(time.monotonic() - started)
        time.sleep(PAUSE)


def _submit(form: OpenForm, email: str, delay: float, seen: Traffic) -> None:
    """Submit a form. After an error page of nginx, submit the form again, like a visitor who reloads the page."""
    time.sleep(delay)
    started = time.monotonic()
    while True:
        visit = submit_until_answered(form, email)
        if visit.email or visit.status not in GATEWAY_ERRORS or time.monotonic() - started > PATIENCE:
            break
        time.sleep(0.5)
    if visit.email:
        seen.thanked.append(email)
    else:
        seen.refused.append(f"{email}: status {visit.status}")
