"""Suggestions on the 404 page: the pages that the visitor is most likely looking for.

The words of the requested path are compared with the words of each page's URL, name, aliases, title and keywords.
Visitors can request any path. So the work for each path is bounded, and no result is cached.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest
from itertools import islice
from math import log
from typing import NamedTuple
from weakref import ref

from ..content.document import Page
from ..content.library import Library
from ..content.url_paths import normalize_path, parent_url
from ..repository.visible_pages import VisiblePages
from .address_words import MIN_CORRECTED, abbreviations, is_typo, words_of
from .nearest_language import language_at

SUGGESTIONS = 3

# Leave out a page with a lower score: it matches the path hardly better than a random page does.
MIN_SCORE = 0.5

# Leave out a page that matches much worse than the best match. For example, if “Machine Learning Engineer” is the best
# match, leave out “QA Engineer”.
MIN_SHARE_OF_BEST = 0.75

# The score of a match is multiplied by TITLE_WEIGHT if a title or a keyword matches, by ABBREVIATION_WEIGHT if an
# abbreviation matches, by TYPO_WEIGHT if a corrected typo matches, and by SEGMENT_WEIGHT for each segment of the path
# after the matching segment.
TITLE_WEIGHT = ABBREVIATION_WEIGHT = TYPO_WEIGHT = SEGMENT_WEIGHT = 0.9

# Only a phrase of at most this many words has abbreviations. A longer phrase is a sentence, which nobody abbreviates.
MAX_ABBREVIATED = 5

# Limits for one path.
MAX_LENGTH_COMPARED = 120  # In characters.
MAX_SEGMENTS = 3
MAX_WORDS = 6  # Words in one segment of the path.
MAX_SPELLINGS = 20  # Known words that may be the correct spelling of one word.
MAX_RUNS = 3  # Phrases that one abbreviation may stand for.
MAX_QUERIES = 20

# Compare the path only with MAX_PAGES pages: the pages that have the most words in common with the path. Of the path's
# words, count only the MAX_WORDS_COUNTED rarest.
MAX_PAGES = 20
MAX_WORDS_COUNTED = 10

# If more pages than this have a word, the word says little about which page is right. So keep only this many pages for
# each word: the pages with the shortest URLs.
MAX_PAGES_PER_WORD = 100

# Paths that only vulnerability scanners request: hidden files, WordPress and CGI.
_SCANNED = re.compile(r"/\.|/wp-|/cgi-bin(?:/|$)")


class _Query(NamedTuple):
    """Words to look for, and the weight of their matches."""

    words: list[str]
    weight: float


class _Index:
    """An index of a library's pages by word. The index doesn't keep the library in memory."""

    def __init__(self, library: Library) -> None:
        self.library = ref(library)
        self._by_word: dict[str, list[str]] = {}
        self._runs: dict[str, list[list[str]]] = {}
        counts: dict[str, int] = defaultdict(int)
        for page in sorted(library.pages.values(), key=lambda page: len(page.url)):
            for word in self._words(page):
                counts[word] += 1
                urls = self._by_word.setdefault(word, [])
                if len(urls) < MAX_PAGES_PER_WORD:
                    urls.append(page.url)
        # The less frequent a word is, the more it says about a page.
        pages = len(library.pages) + 1
        self._weights = {word: log(1 + pages / count) for word, count in counts.items()}
        self._unknown_weight = log(1 + pages**0.5)
        words = [word for word in counts if len(word) >= MIN_CORRECTED]
        self._by_start, self._by_end = sorted(words), sorted(word[::-1] for word in words)

    def _words(self, page: Page) -> set[str]:
        slug, name = _words_of_url(page.url), words_of(page.name)
        for phrase in (slug, name) if slug != name else (slug,):
            if len(phrase) <= MAX_ABBREVIATED:
                for short, start, end in abbreviations(phrase):
                    runs = self._runs.setdefault(short, [])
                    if len(runs) < MAX_RUNS and phrase[start:end] not in runs:
                        runs.append(phrase[start:end])
        aliases = (word for alias in page.meta.aliases for word in _words_of_url(alias))
        return {*slug, *name, *aliases, *words_of(f"{_title(page)} {page.meta.keywords}")}

    def queries(self, path: str) -> Iterator[_Query]:
        """Yield queries for the last MAX_SEGMENTS segments of `path`.

        Begin with the last segment, then take the segment before it, and so on. At the end, yield queries for all of
        these segments together. If words of a segment may be typos, also yield queries with the corrected words.
        """
        segments = [words for segment in path.split("/") if (words := words_of(segment)[:MAX_WORDS])][-MAX_SEGMENTS:]
        whole = [word for words in segments for word in words][-MAX_WORDS:]
        lists = [*reversed(segments), whole] if len(segments) > 1 else segments
        for number, words in enumerate(lists):
            weight = 1.0 if words is whole else SEGMENT_WEIGHT**number
            yield from self._spellings(words, weight)
            corrected = [self._correct(word) for word in words]
            if corrected != words:
                yield from self._spellings(corrected, weight * TYPO_WEIGHT)

    def weight(self, word: str) -> float:
        return self._weights.get(word, self._unknown_weight)

    def pages_with(self, words: Iterable[str]) -> list[str]:
        """Return the URLs of the pages that have the most in common with `words`."""
        shared: dict[str, float] = defaultdict(float)
        known = (word for word in words if word in self._by_word)
        for word in nlargest(MAX_WORDS_COUNTED, known, key=self.weight):
            for url in self._by_word[word]:
                shared[url] += self.weight(word)
        return nlargest(MAX_PAGES, shared, key=lambda url: shared[url])

    def _correct(self, word: str) -> str:
        """Return the known word that `word` may be a typo of, or `word` itself.

        A typo leaves either the start or the end of a word intact. So the right word is near `word` in one of two lists
        of the known words: in alphabetical order, or in alphabetical order of the reversed words.
        """
        if word in self._by_word or word in self._runs or len(word) < MIN_CORRECTED:
            return word
        by_end = (each[::-1] for each in _neighbors(self._by_end, word[::-1]))
        known = (each for each in (*_neighbors(self._by_start, word), *by_end) if is_typo(word, each))
        return next(known, word)

    def _spellings(self, words: list[str], weight: float) -> Iterator[_Query]:
        """Yield a query with `words`. Then yield the same query with one abbreviation written out or added.

        For example, “sre salary” also gives “site reliability engineer salary”. In the same way, “site reliability
        engineer salary” also gives “sre salary”. Only words that the site's pages use are added.
        """
        yield _Query(words, weight)
        weight *= ABBREVIATION_WEIGHT
        for number, word in enumerate(words):
            for run in self._runs.get(word, ()):
                yield _Query([*words[:number], *run, *words[number + 1 :]], weight)
        for short, start, end in abbreviations(words):
            if short in self._by_word:
                yield _Query([*words[:start], short, *words[end:]], weight)


def _neighbors(words: Sequence[str], word: str) -> Sequence[str]:
    start = max(bisect(words, word) - MAX_SPELLINGS // 2, 0)
    return words[start : start + MAX_SPELLINGS]


def _words_of_url(url: str) -> list[str]:
    return words_of(url.rpartition("/")[2])


def _title(page: Page) -> str:
    return page.meta.title.partition("|")[0]


_index: _Index | None = None


def nearest_pages(path: str, visible: VisiblePages) -> list[Page]:
    """Return the visible pages that best match `path`, best first, in the language of `path`.

    If fewer than SUGGESTIONS pages match well, add the nearest page above `path`, because a page such as /hire lists
    similar pages.
    """
    global _index
    index = _index
    if index is None or index.library() is not visible.library:
        index = _index = _Index(visible.library)
    requested = normalize_path(path)[:MAX_LENGTH_COMPARED]
    if _SCANNED.search(requested):
        return []
    queries = list(islice(index.queries(requested), MAX_QUERIES))
    language = language_at(visible, requested)
    found = filter(None, map(visible.page, index.pages_with({word for query in queries for word in query.words})))
    above = _page_above(requested, visible)
    pages = [page for page in found if visible.language_of(page) == language and not _is_hub(page, above, visible)]
    scores = list(zip(_scores(pages, queries, index), pages, strict=True))
    min_score = max([MIN_SCORE, *(score * MIN_SHARE_OF_BEST for score, _ in scores)])
    similar = (each for each in scores if each[0] >= min_score)
    nearest = [page for _, page in nlargest(SUGGESTIONS, similar, key=lambda each: each[0])]
    return [*nearest, above] if above and above not in nearest and len(nearest) < SUGGESTIONS else nearest


def _scores(pages: Sequence[Page], queries: Sequence[_Query], index: _Index) -> Iterator[float]:
    """Yield the score of each page, 0 to 1.

    Each query is compared with each phrase that describes the page, and the best score becomes the score of the page.
    The score of a query and a phrase is the Sørensen–Dice coefficient of their words, in which rare words weigh more.
    This score is multiplied by the weights of the query and the phrase.
    """
    known = [(set(query.words), query.weight, sum(map(index.weight, query.words))) for query in queries]
    for page in pages:
        best = 0.0
        for phrase, phrase_weight in _phrases(page):
            weights = {word: index.weight(word) for word in phrase}
            total = sum(weights.values())
            for words, weight, query_total in known:
                shared = sum(weights[word] for word in weights.keys() & words)
                if shared:
                    best = max(best, 2 * shared / (total + query_total) * weight * phrase_weight)
        yield best


def _phrases(page: Page) -> Iterator[tuple[list[str], float]]:
    """Yield each phrase that describes `page`, as a list of words, and the phrase's weight.

    The phrases are the page's URL, name, aliases, title and keywords.
    """
    yield _words_of_url(page.url), 1
    yield words_of(page.name), 1
    for alias in page.meta.aliases:
        yield _words_of_url(alias), 1
    for text in (_title(page), *page.meta.keywords.split(",")):
        yield words_of(text), TITLE_WEIGHT


def _is_hub(page: Page, above: Page | None, visible: VisiblePages) -> bool:
    """Return whether `page` is the nearest page above the path, and has pages under it. Suggest such a page last."""
    return page is above and page.url in visible.library.children


def _page_above(path: str, visible: VisiblePages) -> Page | None:
    """Return the nearest page above `path`, but not the home page."""
    while len(path := parent_url(path)) > 1:
        if page := visible.page(path):
            return page
    return None
