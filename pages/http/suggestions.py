"""Suggestions on the 404 page: the pages whose URLs are most similar to the requested path."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from heapq import nlargest

from ..content.document import Page
from ..content.url_paths import normalize_path

SUGGESTIONS = 3

# Comparing letters is slow, so only this many pages and this many characters of each URL are compared.
MAX_PAGES_COMPARED = 50
MAX_LENGTH_COMPARED = 60

_WORD = re.compile(r"[^\W_]+")


def nearest_pages(path: str, pages: Sequence[Page]) -> list[Page]:
    """Return the pages whose URLs are most similar to `path`, best match first.

    Selects the URLs that share the most words with `path`, then compares those letter by letter.
    """
    requested = normalize_path(path)[-MAX_LENGTH_COMPARED:]
    words = _words(requested)
    candidates = nlargest(MAX_PAGES_COMPARED, pages, key=lambda page: len(words & _words(page.url)))
    matcher = SequenceMatcher(b=requested)

    def similarity(page: Page) -> float:
        matcher.set_seq1(page.url[-MAX_LENGTH_COMPARED:])
        return matcher.ratio()

    return nlargest(SUGGESTIONS, candidates, key=similarity)


@lru_cache(100_000)
def _words(path: str) -> frozenset[str]:
    return frozenset(_WORD.findall(path))
