"""Publishes all pages at once, outside the running site."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock

from ..media import artifacts
from ..repository import current
from .publisher import Publisher
from .release import leader_lock_path


class SiteIsRunning(Exception):
    """The running site publishes its pages itself."""


@contextmanager
def publish_all() -> Iterator[Publisher]:
    """Publish all pages, images, social cards and downloads, and yield the publisher.

    Raises SiteIsRunning if another process publishes the pages of this release.
    """
    leader_lock_path().parent.mkdir(parents=True, exist_ok=True)
    with leader_lock_path().open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError as error:
            raise SiteIsRunning from error
        current.use_lazy_pages(None)
        current.refresh()
        publisher = Publisher()
        try:
            visible = current.visible_pages()
            publisher.publish(visible)
            for _ in artifacts.build(publisher.artifacts(visible)):
                pass
            publisher.publish(visible)  # publishes the downloads, and the pages that show their sizes
            yield publisher
        finally:
            publisher.close()
