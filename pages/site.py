"""The current library: the one cache of what stands in settings.CONTENT_DIR."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from django.conf import settings
from django.dispatch import Signal

from .content import library
from .content.document import Page
from .content.library import Library
from .content.problems import Problem

logger = logging.getLogger(__name__)

# Sent when another library is current.
loaded = Signal()

_lock = Lock()
_current: Library | None = None


def current() -> Library:
    """The library. Read once, or with CONTENT_RELOAD looked at again on every call."""
    known = _current
    return look() if known is None or settings.CONTENT_RELOAD else known


def look() -> Library:
    """The library as the documents are now; only what changed is read anew. What is wrong with documents is logged when
    it is first seen."""
    global _current
    with _lock:
        stamps = library.scan(settings.CONTENT_DIR)
        if _current is None or stamps != _current.stamps:
            before = set(_told(_current)) if _current else set()
            _current = library.load(settings.CONTENT_DIR, _current, stamps)
            for problem in _told(_current):
                if problem not in before:
                    logger.log(logging.ERROR if problem.level == "error" else logging.WARNING, "%s", problem)
            loaded.send(sender=Library)
        return _current


def _told(found: Library) -> tuple[Problem, ...]:
    """What the log says of a library: to one who works on it, what is wrong between documents too."""
    return found.all_problems if settings.DEBUG else found.problems


def visible() -> Visible:
    """What may be seen at this moment; in development, drafts too."""
    return Visible(current(), datetime.now(UTC), drafts=settings.DEBUG)


@dataclass(frozen=True)
class Visible:
    """A library as visitors meet it at `now`. One request takes one, so that all it shows is of one moment."""

    library: Library
    now: datetime
    drafts: bool

    def page(self, url: str) -> Page | None:
        page = self.library.pages.get(url)
        return page if page and (self.drafts or page.meta.is_published(self.now)) else None

    def pages(self) -> list[Page]:
        return [page for page in self.library.pages.values() if self.drafts or page.meta.is_published(self.now)]

    def under(self, url: str) -> list[Page]:
        """The pages right under `url`, by name."""
        return [page for page in self.library.under.get(url, ()) if self.page(page.url)]

    def hubs(self) -> list[Page]:
        """The pages that have pages under them, by address; the home page has all, and is none."""
        urls = sorted(url for url in self.library.under if url != "/" and self.under(url))
        return [page for url in urls if (page := self.page(url))]


def forget() -> None:
    """Read everything anew on the next call."""
    global _current
    with _lock:
        _current = None
