"""Check that each page answers the query that its first keyword names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from itertools import accumulate

from .document import Page
from .markdown_checks import TODO
from .problems import Problem

# Readers and search engines expect the query among the first words of a page.
FIRST_WORDS = 100

# Matches a heading, or a question of an FAQ section, which the page shows as a heading.
_HEADING = re.compile(r"^(?:#{1,6}[ \t]+(.+)|\*\*(.+\?)\*\*)", re.MULTILINE)

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_POSSESSIVE = re.compile(r"['’]s?$")
_PLURALS = ("ses", "xes", "zes", "ches", "shes")
_ARTICLES = frozenset({"a", "an", "the"})


def check_intent(pages: Mapping[str, Page], now: datetime) -> Iterator[Problem]:
    """Yield a problem for each page that doesn't contain its first keyword, or shares the keyword with another page.

    Leave out drafts, and pages that search engines leave out.
    """
    first: dict[tuple[str, str], Page] = {}
    # Check published pages first. If a published and an unpublished page share a keyword, the unpublished page has the
    # problem.
    for page in sorted(pages.values(), key=lambda page: not page.meta.is_published(now)):
        keyword = page.meta.keywords.partition(",")[0].strip()
        query = _comparable_words(keyword)
        if not query or TODO in keyword or page.meta.draft or page.meta.keeps_out_search_engines:
            continue
        if not _says(page, query):
            message = (
                f"The first keyword, “{keyword}”, is not in the title, a heading or the first {FIRST_WORDS} words."
            )
            help = "Use this keyword in the title or a heading. Or begin “Keywords” with a query that the page answers."
            yield _problem(page, message, help, keyword)
        other = first.setdefault((page.meta.language, "".join(query)), page)
        if other is not page:
            message = f"This page has the same first keyword as {other.path}, so the two compete in search results."
            yield _problem(page, message, "Begin “Keywords” with a query that only this page answers.", keyword)


def _says(page: Page, query: list[str]) -> bool:
    if any(_contains(_comparable_words(text), query) for text in (page.meta.title, page.name)):
        return True
    headings = (heading or question for heading, question in _HEADING.findall(page.source.text))
    opening = " ".join(page.plain_text.split(maxsplit=FIRST_WORDS)[:FIRST_WORDS])
    return any(_contains(_comparable_words(text), query) for text in (opening, *headings))


def _contains(words: list[str], query: list[str]) -> bool:
    """Return whether `words` contain `query`. “Back-end”, “back end” and “backend” are the same."""
    wanted = "".join(query)
    if wanted not in "".join(words):  # this quick check is enough for most texts
        return False
    return any(wanted in _joined(words[start:], len(wanted)) for start in range(len(words)))


def _joined(words: Iterable[str], length: int) -> list[str]:
    """Return the first word, the first two words joined, and so on, up to `length` characters."""
    texts = []
    for text in accumulate(words):
        if len(text) > length:
            break
        texts.append(text)
    return texts


def _comparable_words(text: str) -> list[str]:
    """Return the words of `text` in lowercase and in the singular, without articles."""
    return list(filter(None, map(_comparable_word, _WORD.findall(text))))


@lru_cache(maxsize=10_000)
def _comparable_word(word: str) -> str:
    """Return `word` in lowercase and in the singular, or "" for an article.

    A word that isn't a plural may lose an “s”, too. Comparisons still work, because the word loses it in every text.
    """
    word = _POSSESSIVE.sub("", word.casefold())
    if word in _ARTICLES:
        return ""
    if len(word) > 4 and word.endswith("ies"):
        return word.removesuffix("ies") + "y"
    if word.endswith(_PLURALS):
        return word.removesuffix("es")
    return word.removesuffix("s") if len(word) > 3 and not word.endswith("ss") else word


def _problem(page: Page, message: str, help: str, keyword: str) -> Problem:
    return page.source.problem_at("intent", message, help, line=page.meta.lines["keywords"], text=keyword)
