"""Measure what two steps cost, as a share of a request's processor time: the counters for /metrics, and the choice
between a page's HTML and its Markdown version.

The request passes through the HTTP parser and the front, but not through a socket. So the real share is smaller.
"""

import asyncio
import runpy
import time
import timeit
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from uvicorn import Config
from uvicorn.server import ServerState

from layersrank_site.metrics.request_counters import RequestCounters, count_requests
from layersrank_site.metrics.worker_counters import WRITE_SECONDS, WorkerCounters
from layersrank_site.serving.front import Front
from pages.publish.manifest import ManifestReader, ManifestWriter

from .measure import Rows
from .serving import HTML

PROTOCOL = runpy.run_path("gunicorn.conf.py")["Protocol"]
REQUESTS, ROUNDS = 20_000, 7
REQUEST = b"GET / HTTP/1.1\r\nHost: www\r\nAccept: text/html\r\nAccept-Encoding: br\r\n\r\n"
SCOPE = {"type": "http", "method": "GET", "path": "/"}


class Transport(asyncio.Transport):
    """A connection that discards what is written to it."""

    def write(self, data: object) -> None:
        pass

    def is_closing(self) -> bool:
        return False


def rows(folder: Path) -> Rows:
    path, counts = folder / "counting" / "manifest", Counter[int]()
    writer = ManifestWriter(path)
    writer.store("/", b"page " * 2_000, [("content-type", "text/html; charset=utf-8")], ())
    reader = ManifestReader(path)
    request = least_seconds(lambda: asyncio.run(parse_requests(Front(answer, reader, ["www"], status_counts=counts))))
    request /= REQUESTS
    assert counts == {200: REQUESTS * ROUNDS}  # the ASGI front itself answered all requests
    reader.close()
    writer.close()
    names = {"counts": counts, "start": {"status": 200}}
    count = seconds("counts[start['status']] += 1", names) - seconds("start['status']", names)
    share = f"{count / request:.1%} of the request's {request * 1e6:.1f} µs (budget 2 %)"
    yield "counting a prebuilt answer", f"{count * 1e9:.0f} ns", share
    # Each request has a new bytes object, whose hash Python hasn't computed yet. So create a new one for each lookup.
    names = {"accept": bytearray(HTML.encode()), "html_accepts": {HTML.encode(): None}}
    lookup = seconds("bytes(accept) in html_accepts", names) - seconds("bytes(accept)", names)
    share = f"{lookup / request:.1%} of the request's {request * 1e6:.1f} µs"
    yield "choosing HTML for a browser", f"{lookup * 1e9:.0f} ns", share
    counters = RequestCounters()
    timing = request_seconds(count_requests(answer, counters.add, "desk")) - request_seconds(answer)
    yield "counting and timing Django's answer", f"{timing * 1e6:.1f} µs", "Django's answers take milliseconds"
    workers = WorkerCounters(folder / "worker-counters", counters.read)

    def write() -> None:
        counters.add("form", 200, 0.1)
        workers.write()

    writing = least_seconds(write)
    yield "writing a worker's numbers", f"{writing * 1e6:.0f} µs", f"{writing / WRITE_SECONDS:.2%} of a processor"


async def parse_requests(application: object) -> None:
    config = Config(application, http=PROTOCOL, lifespan="off", log_config=None, access_log=False, proxy_headers=False)
    config.load()
    protocol = PROTOCOL(config, ServerState(), app_state={})
    protocol.connection_made(Transport())
    for _ in range(REQUESTS):
        protocol.data_received(REQUEST)
        await asyncio.sleep(0)  # let the event loop send the response


def request_seconds(application: object) -> float:
    async def run() -> None:
        for _ in range(REQUESTS):
            await application(SCOPE, None, send)

    return least_seconds(lambda: asyncio.run(run())) / REQUESTS


def least_seconds(work: Callable[[], object]) -> float:
    """Return the lowest processor time of `work` in several rounds, because interruptions only add time."""
    return min(timeit.repeat(work, timer=time.process_time, number=1, repeat=ROUNDS))


def seconds(statement: str, names: dict[str, object]) -> float:
    runs = 1_000_000
    return min(timeit.repeat(statement, globals=names, timer=time.process_time, number=runs, repeat=ROUNDS)) / runs


async def send(message: object) -> None:
    pass


async def answer(scope: object, receive: object, send: Callable[..., object]) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
