"""The threads that generate media go on after any failure."""

import errno
import os
from threading import Event, Thread

import pytest

from pages.media import artifacts, on_demand, worker
from tests.support.waiting import PATIENCE


def test_the_media_worker_retries_after_a_failure(monkeypatch, caplog):
    monkeypatch.setattr(worker, "RETRY_SECONDS", 0.01)
    failures = [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), OSError(errno.EMFILE, ""), MemoryError()]
    built = Event()

    def build(wanted):
        if failures:
            raise failures.pop(0)
        built.set()
        return iter(())

    monkeypatch.setattr(artifacts, "build", build)
    worker.MediaWorker().build({})
    assert built.wait(PATIENCE)
    assert caplog.text.count("media generation stopped") == 1


def test_has_news_is_true_once_after_the_media_worker_made_something(monkeypatch):
    going_on, ended = Event(), Event()

    def build(wanted):
        for url in wanted:
            assert going_on.wait(PATIENCE)
            yield url
        ended.set()

    monkeypatch.setattr(artifacts, "build", build)
    maker = worker.MediaWorker()
    maker.build({"/a": None, "/b": None})
    assert not maker.has_news()
    going_on.set()
    assert ended.wait(PATIENCE) and maker._has_news.wait(PATIENCE)
    assert maker.has_news() and not maker.has_news()


def test_has_news_becomes_true_during_a_long_build(monkeypatch):
    going_on = Event()

    def build(wanted):
        yield "/a"
        assert going_on.wait(PATIENCE)

    monkeypatch.setattr(worker, "NEWS_SECONDS", 0)
    monkeypatch.setattr(artifacts, "build", build)
    maker = worker.MediaWorker()
    maker.build({"/a": None})
    assert maker._has_news.wait(PATIENCE) and maker.has_news()
    going_on.set()


def test_a_paused_media_worker_makes_nothing_until_the_next_build(monkeypatch):
    made, paused = [], Event()

    def build(wanted):
        for url in wanted:
            made.append(url)
            if url == "/a":
                maker.pause()
                paused.set()
            yield url

    monkeypatch.setattr(artifacts, "build", build)
    maker = worker.MediaWorker()
    maker.build({"/a": None, "/b": None})
    assert paused.wait(PATIENCE) and made == ["/a"]
    maker.build({"/c": None})
    assert maker._has_news.wait(PATIENCE) and made == ["/a", "/c"]


def test_a_later_request_starts_the_on_demand_thread_after_a_failure(monkeypatch, caplog):
    found, start = Event(), Thread.start

    def refuse(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(on_demand, "_thread", None)
    monkeypatch.setattr(on_demand.current, "get_library", lambda: None)
    monkeypatch.setattr(artifacts, "find", lambda library, url: found.set())
    monkeypatch.setattr(Thread, "start", refuse)
    on_demand.enqueue("/images/a.avif")
    assert "can't start new thread" in caplog.text
    monkeypatch.setattr(Thread, "start", start)
    on_demand.enqueue("/images/a.avif")
    assert found.wait(PATIENCE)


@pytest.mark.parametrize("error", [OSError(errno.EMFILE, os.strerror(errno.EMFILE)), MemoryError()])
def test_the_on_demand_thread_survives_any_failure(monkeypatch, error):
    failures, found = [error], Event()

    def find(library, url):
        if failures:
            raise failures.pop()
        found.set()

    monkeypatch.setattr(on_demand, "_thread", None)
    monkeypatch.setattr(on_demand.current, "get_library", lambda: None)
    monkeypatch.setattr(artifacts, "find", find)
    on_demand.enqueue("/images/a.avif")
    on_demand.enqueue("/images/b.avif")
    assert found.wait(PATIENCE)
    assert on_demand._thread.is_alive()
