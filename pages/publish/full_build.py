"""Publishes all pages at once, outside the running site."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from functools import partial

from ..media import artifact_store, artifacts
from ..repository import current, snapshot
from .parallel_reading import read_in_pool
from .progress import Progress
from .publisher import Publisher
from .release import leader_lock_path, snapshot_path
from .worker_pool import WorkerPool


class SiteIsRunning(Exception):
    """The pages can't be built now, because the site is running. It publishes its pages itself."""


@contextmanager
def publish_all(report: Callable[[str], object]) -> Iterator[Publisher]:
    """Publish all pages, images, social cards and downloads, and yield the publisher.

    The build uses the documents, responses and files that an earlier build has stored, even if that build was killed.
    Calls `report` with the progress, every few seconds. Raises SiteIsRunning if another process publishes the pages of
    this release.
    """
    leader_lock_path().parent.mkdir(parents=True, exist_ok=True)
    with leader_lock_path().open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError as error:
            raise SiteIsRunning from error
        previous = snapshot.read(snapshot_path())
        pool = WorkerPool(is_server=False)
        current.use_lazy_pages(previous, partial(read_in_pool, pool))
        current.refresh()
        publisher = Publisher(previous=previous, report=report, pool=pool)
        try:
            visible = current.visible_pages()
            publisher.publish(visible)
            files = publisher.artifacts(visible)
            total = sum(not artifact_store.exists(url) for url in files)
            progress = Progress(report, "Made {} of {} images, social cards and downloads", total)
            for _ in artifacts.build(files):
                progress.advance()
            publisher.publish(visible)  # publishes the downloads, and the pages that show their sizes
            yield publisher
        finally:
            publisher.close()
            pool.close()
