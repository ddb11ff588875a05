"""Pages of which only what others need to know stays in memory; the rest is read again when it is asked for.

A whole page takes a hundred thousand bytes, what a menu, a list or the search need of it two thousand: so ten thousand
documents fit where a few hundred would.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

from .document import Page
from .problems import Problem

MAX_FULL_PAGES = 64  # whole pages in memory: those asked for last

# What reading a document gives: its page, or why there is none.
ReadResult = tuple[Page | None, list[Problem]]

_lock = Lock()
_full_pages: dict[LazyPage, Page] = {}


class DocumentRemoved(LookupError):
    """The document was taken away after it was read first."""


class LazyPage(Page):
    """`page`, which `read` makes of the document at `file`. Two are never equal: each is a document at one moment."""

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __init__(self, page: Page, file: Path, read: Callable[[Path], ReadResult]) -> None:
        known = {name: getattr(page, name) for name in ("url", "url_line", "name", "meta", "problems")}
        known |= {f"_{name}": getattr(page, name) for name in ("path", "images", "digest")}
        self.__dict__.update(known, _file=file, _read=read)

    @property
    def path(self) -> str:
        path: str = self.__dict__["_path"]
        return path

    @property
    def images(self) -> frozenset[str]:
        images: frozenset[str] = self.__dict__["_images"]
        return images

    @property
    def digest(self) -> str:
        digest: str = self.__dict__["_digest"]
        return digest

    def __getattr__(self, name: str) -> Any:
        """What is not known of the page by heart. Raises Gone."""
        if name.startswith("_") or name not in Page.__dataclass_fields__:
            raise AttributeError(name)
        return getattr(self.full, name)

    @property
    def full(self) -> Page:
        """All of it, as it was read at one moment. Raises Gone."""
        with _lock:
            page = _full_pages.pop(self, None)
            if page is not None:
                _full_pages[self] = page
                return page
        page = self.__dict__["_read"](self.__dict__["_file"])[0]
        if page is None:
            raise DocumentRemoved(self.path)
        with _lock:
            page = _full_pages.setdefault(self, page)
            while len(_full_pages) > MAX_FULL_PAGES:
                del _full_pages[next(iter(_full_pages))]
        return page


def read_lazily(read: Callable[[Path], ReadResult], file: Path) -> ReadResult:
    """What `read` gives, to be kept in little room."""
    page, problems = read(file)
    return (LazyPage(page, file, read) if page else None), problems
