"""Adds up the counters of all workers, so that any worker can answer /metrics with the sums.

Once a second, each worker writes its counters to a file of its own in one folder. Nothing is written during a request.
Each worker also holds a lock on a second file until it ends. The counters of ended workers are added to the file
`ended.json`, so the sums never shrink. Replicas that share a volume share the folder, too.
"""

from __future__ import annotations

import atexit
import fcntl
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread
from time import sleep
from uuid import uuid4

from pages import atomic_files

Numbers = Mapping[str, float]

WRITE_SECONDS = 1


class WorkerCounters:
    """The counters of all workers that use `folder`, such as the number of requests.

    `read` returns the current values of this worker's counters.
    """

    def __init__(self, folder: Path, read: Callable[[], Numbers]) -> None:
        self._folder = folder
        self._read = read
        self._path = folder / f"{uuid4().hex}.json"
        self._lock: int | None = None  # the descriptor of the lock file, which stays open until the worker ends
        self._written: Numbers = {}
        self._write_lock = Lock()  # when the worker ends, the thread may still be writing

    def write_regularly(self) -> None:
        """Start the thread that writes the counters. Also write the counters when the worker ends."""
        Thread(target=self._write_regularly, name="worker counters", daemon=True).start()
        atexit.register(self._try_to_write)

    def _write_regularly(self) -> None:
        while True:
            self._try_to_write()
            sleep(WRITE_SECONDS)

    def _try_to_write(self) -> None:
        with suppress(OSError):  # for example, the disk is full; the counters stay in memory
            self.write()

    def write(self) -> None:
        """Write this worker's counters if they have changed. Raise OSError if that fails."""
        with self._write_lock:
            if self._lock is None:
                self._register()
            numbers = self._read()
            if numbers != self._written:
                _write(self._path, numbers)
                self._written = numbers

    def _register(self) -> None:
        with self._locked():
            lock = os.open(self._path.with_suffix(".lock"), os.O_WRONLY | os.O_CREAT, 0o600)
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._lock = lock

    def totals(self) -> Numbers:
        """Return the sums of this worker, all other running workers, and all workers that have ended."""
        sums: Counter[str] = Counter()
        sums.update(self._read())
        with suppress(OSError), self._locked():
            for numbers in self._others():
                sums.update(numbers)
        return sums

    def _others(self) -> Iterator[Numbers]:
        """Yield the counters of each other running worker, and the sums of all ended workers (in `ended.json`)."""
        ended_path = self._folder / "ended.json"
        ended: Counter[str] = Counter()
        ended.update(_load(ended_path))
        moved = []
        for lock in self._folder.glob("*.lock"):
            path = lock.with_suffix(".json")
            if path == self._path:
                continue
            if _is_held(lock):
                yield _load(path)
            else:
                ended.update(_load(path))
                moved += [path, lock]
        yield ended
        if moved:
            _write(ended_path, ended)
            for path in moved:
                path.unlink(missing_ok=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Lock the folder, so that no other worker can register, or move counters to `ended.json`, at the same time."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "folder-lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _write(path: Path, numbers: Numbers) -> None:
    with atomic_files.replace_file(path, durable=False) as file:
        file.write(json.dumps(numbers).encode())


def _load(path: Path) -> Numbers:
    try:
        numbers: Numbers = json.loads(path.read_bytes())
    except (OSError, ValueError):  # the worker hasn't written yet, or a power failure damaged the file
        return {}
    return numbers


def _is_held(lock: Path) -> bool:
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
