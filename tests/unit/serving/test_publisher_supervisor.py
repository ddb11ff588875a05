"""Test that the publisher supervisor starts the publisher again after any failure."""

import errno
import os

import pytest

from layersrank_site.serving import publisher_supervisor


class EndOfTest(Exception):
    pass


class Process:
    def __init__(self, *arguments, **options):
        self.returncode = -7

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def wait(self):
        pass


@pytest.fixture
def run(monkeypatch):
    """Return a function that runs the supervisor. Each positional argument is the outcome of one start.

    The function returns the delays after these starts, in seconds.
    """

    def run(*outcomes, running_seconds=0.0):
        remaining, delays, now = list(outcomes), [], [0.0]

        def start(*arguments, **options):
            outcome = remaining.pop(0)
            if isinstance(outcome, Exception):
                raise outcome
            now[0] += running_seconds
            return Process()

        def sleep(seconds):
            delays.append(seconds)
            if not remaining:
                raise EndOfTest

        monkeypatch.setattr(publisher_supervisor, "Popen", start)
        monkeypatch.setattr(publisher_supervisor, "sleep", sleep)
        monkeypatch.setattr(publisher_supervisor, "monotonic", lambda: now[0])
        with pytest.raises(EndOfTest):
            publisher_supervisor._keep_running("lock")
        return delays

    return run


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENOSPC])
def test_a_process_that_cannot_be_started_is_retried(run, caplog, number):
    assert run(OSError(number, os.strerror(number)), MemoryError(), None) == [1, 2, 4]
    assert os.strerror(number) in caplog.text
    assert "again in 4 s, because it ended with status -7" in caplog.text


def test_the_restart_delay_grows_to_a_limit(run):
    assert run(*[None] * 8) == [1, 2, 4, 8, 16, 30, 30, 30]


def test_the_restart_delay_stays_short_after_a_long_run(run):
    assert run(*[None] * 3, running_seconds=31) == [1, 1, 1]
