"""Counts the requests of this worker. `worker_counters` adds up the counters of all workers.

The counting runs in the worker's event loop, so the counters need no lock.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from time import perf_counter

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, ASGISendEvent, HTTPScope, Scope

from leads import lead_results

from ..serving.admission import PROBE_PATHS

# The kinds of answers. Django creates all kinds except prebuilt answers, which the ASGI front sends from memory.
# `rendered` includes static files, errors and refused requests.
PREBUILT, RENDERED, FORM, ADMIN = "prebuilt", "rendered", "form", "admin"
TIMED_KINDS = (RENDERED, FORM, ADMIN)
KINDS = (PREBUILT, *TIMED_KINDS)
STATUS_CLASSES = ("2xx", "3xx", "4xx", "5xx")

# The upper bounds of the duration histogram, in seconds. The last bound is 30, because nginx waits at most 30 s for an
# answer. Longer durations count only in the histogram's total.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


def request_key(kind: str, status_class: str) -> str:
    return f"requests {kind} {status_class}"


def bucket_key(kind: str, bucket: int) -> str:
    """Return the key of a bucket of the duration histogram. The last bucket, len(BOUNDS), has no upper bound."""
    return f"bucket {kind} {bucket}"


def seconds_key(kind: str) -> str:
    """Return the key of the total duration, in seconds, of all answers of this kind."""
    return f"seconds {kind}"


def lead_key(result: str) -> str:
    return f"leads {result}"


def status_class(status: int) -> str:
    return f"{status // 100}xx"


class RequestCounters:
    """The counters of one worker. `prebuilt` counts the stored responses that the ASGI front sends, by status."""

    def __init__(self) -> None:
        self.prebuilt: Counter[int] = Counter()
        self._counts: Counter[str] = Counter()
        self._seconds: dict[str, float] = dict.fromkeys(TIMED_KINDS, 0.0)

    def add(self, kind: str, status: int, seconds: float) -> None:
        self._counts[request_key(kind, status_class(status))] += 1
        self._counts[bucket_key(kind, bisect_left(BOUNDS, seconds))] += 1
        self._seconds[kind] += seconds

    def read(self) -> dict[str, float]:
        """Return all numbers of this worker, including the counts of its leads. A number never gets smaller."""
        numbers: dict[str, float] = dict(self._counts)
        numbers |= {seconds_key(kind): seconds for kind, seconds in self._seconds.items()}
        for status, count in dict(self.prebuilt).items():
            key = request_key(PREBUILT, status_class(status))
            numbers[key] = numbers.get(key, 0) + count
        return numbers | {lead_key(result): count for result, count in lead_results.counts().items()}


def count_requests(
    application: ASGI3Application, add: Callable[[str, int, float], None], admin_path: str
) -> ASGI3Application:
    """Wrap `application`. Call `add` with the kind, the status and the duration of each answer.

    The duration ends when the answer begins, so a client that reads slowly doesn't make it longer. Probes aren't
    counted.
    """
    admin_prefix = f"/{admin_path}/" if admin_path else None

    def kind_of(scope: HTTPScope) -> str:
        if admin_prefix and scope["path"].startswith(admin_prefix):
            return ADMIN
        return FORM if scope["method"] == "POST" else RENDERED

    async def counted(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "http" or scope["path"] in PROBE_PATHS:
            return await application(scope, receive, send)
        kind, started, is_counted = kind_of(scope), perf_counter(), False

        async def send_and_count(message: ASGISendEvent) -> None:
            nonlocal is_counted
            if message["type"] == "http.response.start":
                is_counted = True
                add(kind, message["status"], perf_counter() - started)
            await send(message)

        try:
            await application(scope, receive, send_and_count)
        except Exception:
            if not is_counted:  # uvicorn answers 500
                add(kind, 500, perf_counter() - started)
            raise

    return counted
