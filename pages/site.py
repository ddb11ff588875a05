"""The current library: the one cache of what stands in settings.CONTENT_DIR."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from threading import Lock

from django.conf import settings

from . import catalog
from .content import library
from .content.document import Page
from .content.library import Library
from .content.problems import Problem
from .content.site_file import SiteSettings

logger = logging.getLogger(__name__)

# How many of a hub's pages stand in the footer of every page; the hub itself names them all.
FIRST = 12

# What Visible notes beside the URLs of pages, the latter two with that of a hub.
ALL, UNDER, FIRST_UNDER = "all pages", "under ", "first under "

_lock = Lock()
_current: Library | None = None
_shelves = False
_asked: set[str] | None = None
_followed: catalog.Following | None = None


def current() -> Library:
    """The library. Read once, or with CONTENT_RELOAD looked at again on every call; or that of the file that `follow`
    named."""
    if _followed:
        return _followed.current()
    known = _current
    return look() if known is None or settings.CONTENT_RELOAD else known


def follow(path: Path) -> None:
    """From now on another process reads the documents, and writes what they hold to `path`."""
    global _followed
    _followed = catalog.Following(path, settings.CONTENT_DIR)


def begin(known: Library | None) -> None:
    """From now on in little room (see `content.shelf`), with what is `known` from before."""
    global _current, _shelves
    _current, _shelves = known, True


def look() -> Library:
    """The library as the documents are now; only what changed is read anew. What is wrong with documents is logged when
    it is first seen."""
    global _current
    with _lock:
        stamps = library.scan(settings.CONTENT_DIR)
        if _current is None or stamps != _current.stamps:
            before = set(_told(_current)) if _current else set()
            _current = library.load(settings.CONTENT_DIR, _current, stamps, shelves=_shelves)
            for problem in _told(_current):
                if problem not in before:
                    logger.log(logging.ERROR if problem.level == "error" else logging.WARNING, "%s", problem)
        return _current


def about() -> SiteSettings:
    """The site's settings alone; reads no documents for them."""
    known = _current
    return known.site if known is not None else library.site_settings(settings.CONTENT_DIR)


def _told(found: Library) -> tuple[Problem, ...]:
    """What the log says of a library: to one who works on it, what is wrong between documents too."""
    return found.all_problems if settings.DEBUG else found.problems


def visible() -> Visible:
    """What may be seen at this moment; in development, drafts too."""
    return Visible(current(), datetime.now(UTC), settings.DEBUG, _asked)


@contextmanager
def noting() -> Iterator[set[str]]:
    """Gathers what all that is answered meanwhile takes from the library. For a process of one thread."""
    global _asked
    _asked = set()
    try:
        yield _asked
    finally:
        _asked = None


@dataclass(frozen=True)
class Visible:
    """A library as visitors meet it at `now`. One request takes one, so that all it shows is of one moment.

    `asked` gathers what was looked at: URLs of pages, and ALL, UNDER and FIRST_UNDER.
    """

    library: Library
    now: datetime
    drafts: bool
    asked: set[str] | None = None

    def page(self, url: str) -> Page | None:
        self._note(url)
        page = self.library.pages.get(url)
        return page if page and (self.drafts or page.meta.is_published(self.now)) else None

    def pages(self) -> list[Page]:
        self._note(ALL)
        return [page for page in self.library.pages.values() if self.drafts or page.meta.is_published(self.now)]

    def under(self, url: str) -> list[Page]:
        """The pages right under `url`, by name."""
        self._note(UNDER + url)
        return list(self._under(url))

    def first_under(self, url: str) -> list[Page]:
        """The first FIRST of the pages right under `url`: all of them may be ten thousand."""
        self._note(FIRST_UNDER + url)
        return list(islice(self._under(url), FIRST))

    def _under(self, url: str) -> Iterator[Page]:
        return (page for page in self.library.under.get(url, ()) if self.drafts or page.meta.is_published(self.now))

    def hubs(self) -> list[Page]:
        """The pages that have pages under them, by address; the home page has all, and is none."""
        self._note(ALL)
        urls = sorted(url for url in self.library.under if url != "/" and any(self._under(url)))
        return [page for url in urls if (page := self.page(url))]

    def _note(self, what: str) -> None:
        if self.asked is not None:
            self.asked.add(what)


def forget() -> None:
    """Read everything anew on the next call."""
    global _current
    with _lock:
        _current = None
