"""The search over what is published at this moment: the one cache of its index."""

from __future__ import annotations

from operator import is_not
from threading import Lock

from .content.document import Page
from .site import Visible
from .tools.search import Index, Results

_lock = Lock()
_current = Index(())


def search(found: Visible, query: str, number: int) -> Results:
    """Page `number` of what `query` finds among the visible pages."""
    return _index(found.pages()).search(query, number)


def _index(pages: list[Page]) -> Index:
    """The index of `pages`. Made when it is first asked for, and anew when the pages are others: because a document
    changed, or because the time of one has come."""
    global _current
    with _lock:
        if len(pages) != len(_current.pages) or any(map(is_not, pages, _current.pages)):
            _current = Index(pages)
        return _current
