"""Check that a page contains its first keyword: the search query that the page is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate

from .markdown_checks import TODO
from .meta import Meta
from .problems import Problem, Source

# Readers and search engines expect the query among the first words of a page.
FIRST_WORDS = 100

# Matches a heading, or a question of an FAQ section, which the page shows as a heading.
_HEADING = re.compile(r"^(?:#{1,6}[ \t]+(.+)|\*\*(.+\?)\*\*)", re.MULTILINE)

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_POSSESSIVE = re.compile(r"['’]s?$")
_PLURALS = ("ses", "xes", "zes", "ches", "shes")
_ARTICLES = frozenset({"a", "an", "the"})


def first_keyword(meta: Meta) -> str:
    """Return the first keyword in META, which is the search query that the page is about.

    Return "" for a draft, and for a page that search engines leave out. These pages need no keyword.
    """
    keyword = meta.keywords.partition(",")[0].strip()
    return "" if TODO in keyword or meta.draft or meta.keeps_out_search_engines else keyword


def check_first_keyword(source: Source, meta: Meta, name: str, text: str) -> Iterator[Problem]:
    """Yield a problem if the page doesn't say its first keyword. `name` is the page's name, and `text` its text."""
    keyword = first_keyword(meta)
    query = comparable_words(keyword)
    if query and not _says(source, meta, name, text, query):
        message = f"The first keyword, “{keyword}”, is not in the title, a heading or the first {FIRST_WORDS} words."
        help = "Use this keyword in the title or a heading. Or begin “Keywords” with a query that the page answers."
        yield keyword_problem(source, meta, message, help)


def keyword_problem(source: Source, meta: Meta, message: str, help: str) -> Problem:
    """Return a problem that marks the first keyword."""
    return source.problem_at("intent", message, help, line=meta.lines["keywords"], text=first_keyword(meta))


def _says(source: Source, meta: Meta, name: str, text: str, query: list[str]) -> bool:
    if any(_contains(comparable_words(title), query) for title in (meta.title, name)):
        return True
    headings = (heading or question for heading, question in _HEADING.findall(source.text))
    opening = " ".join(text.split(maxsplit=FIRST_WORDS)[:FIRST_WORDS])
    return any(_contains(comparable_words(each), query) for each in (opening, *headings))


def _contains(words: list[str], query: list[str]) -> bool:
    """Return whether `words` contain `query`. “Back-end”, “back end” and “backend” are the same."""
    wanted = "".join(query)
    if wanted not in "".join(words):  # this quick check is enough for most texts
        return False
    return any(wanted in _joined(words[start:], len(wanted)) for start in range(len(words)))


def _joined(words: Iterable[str], length: int) -> list[str]:
    """Return the first word, the first two words joined, and so on. Leave out texts longer than `length`.

    For example, “back end developer” gives “back” and “backend” if `length` is 7.
    """
    texts = []
    for text in accumulate(words):
        if len(text) > length:
            break
        texts.append(text)
    return texts


def comparable_words(text: str) -> list[str]:
    """Return the words of `text` in lowercase and in the singular, without articles."""
    return list(filter(None, map(_comparable_word, _WORD.findall(text))))


@lru_cache(maxsize=10_000)
def _comparable_word(word: str) -> str:
    """Return `word` in lowercase and in the singular, or "" for an article.

    A word that isn't a plural may lose an “s”, too. Comparisons still work, because the word loses this “s” in every
    text.
    """
    word = _POSSESSIVE.sub("", word.casefold())
    if word in _ARTICLES:
        return ""
    if len(word) > 4 and word.endswith("ies"):
        return word.removesuffix("ies") + "y"
    if word.endswith(_PLURALS):
        return word.removesuffix("es")
    return word.removesuffix("s") if len(word) > 3 and not word.endswith("ss") else word
