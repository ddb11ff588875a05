"""Pages that keep only a summary in memory and read the rest of their document on demand.

A full page takes about 100 kB; the part that menus, lists and search need takes about 2 kB. 10,000 lazy pages therefore
take as much memory as a few hundred full pages.

A few pages, such as pages with forms, aren't prerendered: Django renders them for each request. These pages also keep
their document's text, so that they don't change or vanish while another program saves the document.

In a large build, the parsed pages are also stored in files, so that no document is parsed twice (see `stored_pages`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Lock
from typing import Any, Protocol
from zlib import compress, decompress

from . import stored_pages
from .document import Page
from .problems import Problem
from .stored_pages import StoredPage

# The fields and cached properties that a summary has.
_SUMMARY = (
    *("url", "url_line", "name", "meta", "problems", "files", "path", "images", "weights", "teaser", "reported_role"),
    *("reported_scores", "digest", "ending", "listed_urls"),
)

MAX_FULL_PAGES = 64  # the cache holds this many pages, and drops the least recently used page first

# A document's page and the document's problems. The first item is None if the document has no page.
ReadResult = tuple[Page | None, list[Problem]]


class ReadPage(Protocol):
    def __call__(self, file: Path, /, *, text: str | None = None, check: bool = True) -> ReadResult:
        """Parse the document at `file`.

        `text` is the document's text, if the caller has it. If `check` is False, skip most checks.
        """


ReadAll = Callable[[ReadPage, Iterable[Path]], Iterable[ReadResult]]


class ReadSummary(Protocol):
    def __call__(self, file: Path, /, *, folder: Path | None = None, check: bool = True) -> ReadResult:
        """Parse the document at `file`, and return a LazyPage. If there is a `folder`, store the full page there.

        If `check` is False, skip most checks.
        """


_lock = Lock()
_full_pages: dict[LazyPage, Page] = {}


class DocumentRemoved(LookupError):
    """The document was removed after its summary was read."""


class LazyPage(Page):
    """A page that keeps only the summary of `page` in memory.

    The other fields are loaded from the file `stored`. Without this file, `read` parses the document again.

    A lazy page is equal only to itself: another lazy page of the same document may be of an earlier or later version.
    """

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __init__(self, page: Page, file: Path, read: ReadPage, stored: StoredPage | None = None) -> None:
        summary = {name: getattr(page, name) for name in _SUMMARY}
        is_dynamic = page.form or page.calculator or page.question_banks
        text = compress(page.source.text.encode()) if is_dynamic else None
        self.__dict__.update(summary, _file=file, _read=read, _text=text, _stored=stored)

    def share_settings(self, other: LazyPage) -> None:
        """Use the settings object of `other`, instead of an equal one. Unpickled pages then take less memory."""
        self.__dict__["_read"] = other.__dict__["_read"]

    def __getattr__(self, name: str) -> Any:
        """Return a field that is not in the summary. Raises DocumentRemoved."""
        if name.startswith("_") or name not in Page.__dataclass_fields__:
            raise AttributeError(name)
        return getattr(self.full, name)

    @property
    def full(self) -> Page:
        """The full page, from the cache, from its file, or from the document. Raises DocumentRemoved.

        Most of the document's problems may be missing from `problems`.
        """
        with _lock:
            page = _full_pages.pop(self, None)
            if page is not None:
                _full_pages[self] = page
                return page
        stored: StoredPage | None = self.__dict__["_stored"]
        page = stored.load(self.path) if stored else None
        page = page or self._parse()
        with _lock:
            page = _full_pages.setdefault(self, page)
            while len(_full_pages) > MAX_FULL_PAGES:
                del _full_pages[next(iter(_full_pages))]
        return page

    def _parse(self) -> Page:
        text = self.__dict__["_text"]
        text = decompress(text).decode() if text else None
        page: Page | None = self.__dict__["_read"](self.__dict__["_file"], text=text, check=False)[0]
        if page is None:
            raise DocumentRemoved(self.path)
        return page


def read_lazily(read: ReadPage, file: Path, *, folder: Path | None = None, check: bool = True) -> ReadResult:
    """Call `read`, and replace the page in its result with a LazyPage.

    If there is a `folder`, store the full page there.
    """
    page, problems = read(file, check=check)
    if page is None:
        return None, problems
    return LazyPage(page, file, read, stored_pages.store(page, folder) if folder else None), problems
