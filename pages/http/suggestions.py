"""Suggestions on the 404 page: the pages whose URLs are most similar to the requested path.

Visitors can request any path. So the work for each path is bounded, and no result is cached.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterable
from heapq import nlargest, nsmallest
from itertools import islice, pairwise
from weakref import ref

from ..content.document import Page
from ..content.library import Library
from ..content.url_paths import normalize_path
from ..repository.visible_pages import VisiblePages

SUGGESTIONS = 3

# Below this similarity, two paths have little more in common than two unrelated paths.
MIN_SIMILARITY = 0.5

# The pages to compare letter by letter: MAX_BY_WORDS pages that share the most words with the path, and MAX_NEIGHBORS
# pages that are next to the path in alphabetical order. After a typo, the right page is often among these.
MAX_BY_WORDS = 30
MAX_NEIGHBORS = 20

# Limits for one path: the characters and words that are compared, and the pages that are compared for each word. If a
# word is in more URLs than that, it says little about the right page.
MAX_LENGTH_COMPARED = 60
MAX_WORDS = 6
MAX_PAGES_PER_WORD = 100

_WORD = re.compile(r"[^\W_]+")


class _Index:
    """An index of a library's URLs, in alphabetical order and by word. The index doesn't keep the library in memory."""

    def __init__(self, library: Library) -> None:
        self.library = ref(library)
        self._urls = sorted(library.pages)
        self._by_word: dict[str, list[str]] = {}
        for url in self._urls:
            for word in set(_WORD.findall(url)):
                urls = self._by_word.setdefault(word, [])
                if len(urls) < MAX_PAGES_PER_WORD:
                    urls.append(url)

    def with_same_words(self, path: str) -> Iterable[str]:
        lists = [self._by_word[word] for word in set(_WORD.findall(path)) if word in self._by_word]
        shared = Counter(url for urls in nsmallest(MAX_WORDS, lists, key=len) for url in urls)
        return nlargest(MAX_BY_WORDS, shared, key=lambda url: shared[url])

    def neighbors(self, path: str) -> Iterable[str]:
        start = max(bisect(self._urls, path) - MAX_NEIGHBORS // 2, 0)
        return islice(self._urls, start, start + MAX_NEIGHBORS)


_index: _Index | None = None


def nearest_pages(path: str, visible: VisiblePages) -> list[Page]:
    """Return the visible pages whose URLs are most similar to `path`, best first, or none if no URL is similar."""
    global _index
    index = _index
    if index is None or index.library() is not visible.library:
        index = _index = _Index(visible.library)
    requested = normalize_path(path)[:MAX_LENGTH_COMPARED]
    candidates = dict.fromkeys((*index.with_same_words(requested), *index.neighbors(requested)))
    pairs = _pairs(requested)
    pages = filter(None, map(visible.page, candidates))
    similarities = ((_similarity(pairs, _pairs(page.url)), page) for page in pages)
    similar = (each for each in similarities if each[0] >= MIN_SIMILARITY)
    return [page for _, page in nlargest(SUGGESTIONS, similar, key=lambda each: each[0])]


def _pairs(path: str) -> set[tuple[str, str]]:
    return set(pairwise(path[:MAX_LENGTH_COMPARED]))


def _similarity(one: set[tuple[str, str]], other: set[tuple[str, str]]) -> float:
    """Return the similarity of two sets of letter pairs, 0 to 1 (the Sørensen–Dice coefficient)."""
    return 2 * len(one & other) / (len(one) + len(other) or 1)
