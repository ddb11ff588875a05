"""A pool of processes that read documents and render pages for the publisher in a large build.

A child process gets the pickled name and argument of a function through its standard input, and writes the pickled
result to its standard output (see `worker_process`). This module doesn't use the package multiprocessing: after the
publisher is killed, that package would write warnings to the log.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from typing import IO, TypeVar, cast

from django.conf import settings

T = TypeVar("T")
R = TypeVar("R")

# Each process takes about 100 MB of memory. A process takes about ten times as long to render a page as the publisher
# takes for its own work on the page. So more than ten processes would only wait for the publisher.
MAX_PROCESSES = 4
WAIT_SECONDS = 0.05


class WorkerFailed(Exception):
    """A call raised an exception, or a process has ended, for example because memory ran out."""


class WorkerPool:
    """Several processes, which start when `map` is called, and end when `close` is called or this process ends.

    The processes have the priority of this process. If `is_server` is True, they configure their logs
    like the other processes of the running site.
    """

    def __init__(self, *, is_server: bool) -> None:
        self._is_server = is_server
        self._workers: list[_Worker] = []
        self._idle: SimpleQueue[_Worker] = SimpleQueue()

    @property
    def size(self) -> int:
        return min(os.cpu_count() or 1, MAX_PROCESSES)

    def map(self, function: Callable[[T], R], arguments: Iterable[T]) -> Iterator[R | None]:
        """Call `function` with each of the `arguments` in the pool, and yield the results in the same order.

        While the next result isn't there yet, yield None every WAIT_SECONDS. An argument is taken only when a process
        will need it soon. Raises WorkerFailed.
        """
        if not self._workers:
            self._workers = [_Worker(is_server=self._is_server) for _ in range(self.size)]
            for worker in self._workers:
                self._idle.put(worker)
        waiting, futures, size = iter(arguments), deque[Future[R]](), self.size
        threads = ThreadPoolExecutor(size, "worker-pool")
        try:
            while True:
                while len(futures) < 2 * size and (argument := next(waiting, None)) is not None:
                    futures.append(threads.submit(_call, self._idle, function, argument))
                if not futures:
                    return
                try:
                    result = futures[0].result(WAIT_SECONDS)
                except TimeoutError:
                    yield None
                    continue
                futures.popleft()
                yield result
        except WorkerFailed:
            self.close()
            raise
        finally:  # if the caller stops early, don't wait for the running calls
            threads.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """End the processes. A later call of `map` starts new ones."""
        for worker in self._workers:
            worker.close()
        self._workers, self._idle = [], SimpleQueue()


def _call(idle: SimpleQueue[_Worker], function: Callable[[T], R], argument: T) -> R:
    """Let an idle process call `function`, and wait for the result."""
    worker = idle.get()
    try:
        return worker.call(function, argument)
    finally:
        idle.put(worker)


class _Worker:
    """A process of the pool. Runs one call at a time."""

    def __init__(self, *, is_server: bool) -> None:
        command = [sys.executable, "-m", "pages.publish.worker_process", str(os.getpid()), str(int(is_server))]
        self._process = subprocess.Popen(  # noqa: S603
            command, cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._calls, self._results = cast(IO[bytes], self._process.stdin), cast(IO[bytes], self._process.stdout)

    def call(self, function: Callable[[T], R], argument: T) -> R:
        try:
            pickle.dump((function, argument), self._calls, pickle.HIGHEST_PROTOCOL)
            self._calls.flush()
            # Unpickling the result is safe: the process runs the site's own code.
            succeeded, result = pickle.load(self._results)  # noqa: S301
        except (OSError, EOFError, ValueError, pickle.UnpicklingError) as error:
            raise WorkerFailed from error
        if not succeeded:
            raise WorkerFailed
        return cast(R, result)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._calls, self._results):
            with suppress(BrokenPipeError):
                pipe.close()
