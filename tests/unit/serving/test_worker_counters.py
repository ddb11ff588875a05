"""Test that every worker knows the sums of all workers, including workers that have ended."""

import os
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread

import pytest

from layersrank_site.metrics.worker_counters import WorkerCounters
from pages import atomic_files
from tests.support.waiting import PATIENCE


class Worker:
    def __init__(self, folder):
        self.numbers = {}
        self.counters = WorkerCounters(folder, lambda: dict(self.numbers))
        self.counters.write()

    def count(self, **numbers):
        self.numbers = numbers
        self.counters.write()

    def kill(self):
        """Release the lock, as the kernel does when a process ends."""
        os.close(self.counters._lock)


def test_each_worker_returns_the_sums_of_all(tmp_path):
    one, two = Worker(tmp_path), Worker(tmp_path)
    one.count(a=1, b=2)
    two.count(b=3, c=0.5)
    assert one.counters.totals() == two.counters.totals() == {"a": 1, "b": 5, "c": 0.5}


def test_own_numbers_are_included_before_they_are_written(tmp_path):
    worker = Worker(tmp_path)
    worker.numbers = {"a": 4}
    assert worker.counters.totals() == {"a": 4}


def test_the_numbers_of_ended_workers_stay_and_their_files_are_removed(tmp_path):
    for number in range(5):
        worker = Worker(tmp_path)
        worker.count(a=1, b=number)
        worker.kill()
    last = Worker(tmp_path)
    for _ in range(2):
        assert last.counters.totals() == {"a": 5, "b": 10}
    assert len(list(tmp_path.glob("*.lock"))) == 1
    last.kill()
    assert Worker(tmp_path).counters.totals() == {"a": 5, "b": 10}


def test_a_damaged_file_counts_as_empty(tmp_path):
    one, two = Worker(tmp_path), Worker(tmp_path)
    two.count(a=1)
    two.counters._path.write_bytes(b'{"a": ')
    one.count(a=2)
    assert one.counters.totals() == {"a": 2}


def test_nothing_is_written_while_the_numbers_stay_the_same(tmp_path):
    worker = Worker(tmp_path)
    worker.count(a=1)
    before = worker.counters._path.stat().st_ino
    worker.counters.write()
    assert worker.counters._path.stat().st_ino == before


def test_a_full_disk_loses_no_numbers(tmp_path, monkeypatch):
    one, two = Worker(tmp_path), Worker(tmp_path)
    two.count(a=1)
    two.kill()

    def full(path, **options):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(atomic_files, "replace_file", full)
        one.numbers = {"a": 2}
        with pytest.raises(OSError, match="No space"):
            one.counters.write()
        assert one.counters.totals() == {"a": 3}
    assert one.counters.totals() == {"a": 3}
    one.counters.write()
    assert Worker(tmp_path).counters.totals() == {"a": 3}


def test_a_worker_that_ends_during_its_first_write_does_not_wait_forever(tmp_path, monkeypatch):
    """The thread and `atexit` both write the numbers."""
    counters = WorkerCounters(tmp_path, dict)
    both_started = Barrier(2)
    register = WorkerCounters._register

    def wait_and_register(self):
        with suppress(BrokenBarrierError):
            both_started.wait(0.5)
        register(self)

    monkeypatch.setattr(WorkerCounters, "_register", wait_and_register)
    threads = [Thread(target=counters.write, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert len(list(tmp_path.glob("*.lock"))) == 1
