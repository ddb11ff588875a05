"""Split addresses and names of pages into words, and recognize plurals, abbreviations and typos."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

_WORD = re.compile(r"[^\W_]+")

# These words say nothing about a page: short common words, the file name “index”, and file extensions.
_SMALL_WORDS = ("a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "us", "with")
_IGNORED = frozenset((*_SMALL_WORDS, "index", "asp", "aspx", "htm", "html", "jsp", "pdf", "php"))

# A phrase with more words than this has no common abbreviation.
MAX_RUN = 4

# Look for typos only in words of at least this many letters. A shorter word is similar to too many other words.
MIN_CORRECTED = 4


def words_of(text: str) -> list[str]:
    """Return the words of `text` in lowercase and in the singular, without words such as “the”."""
    return [_singular(word) for word in _WORD.findall(text.lower()) if word not in _IGNORED]


def _singular(word: str) -> str:
    """Return `word` without an English plural ending. The result may be a word that doesn't exist."""
    if len(word) < 4 or word.endswith(("ss", "us", "is")):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")


def abbreviations(words: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Yield the abbreviations of adjacent words, and the indexes where these words start and end.

    “Site Reliability Engineer” has “sre”, “sr” and “re”. Two words written as one, such as “fullstack”, also count as
    an abbreviation.
    """
    for start in range(len(words) - 1):
        yield _singular(words[start] + words[start + 1]), start, start + 2
        for end in range(start + 2, min(start + MAX_RUN, len(words)) + 1):
            yield "".join(word[0] for word in words[start:end]), start, end


def is_typo(written: str, word: str) -> bool:
    """Return whether `written` is `word` with one letter missing, added or wrong, or with two letters swapped."""
    if abs(len(written) - len(word)) > 1:
        return False
    start = _common(written, word)
    rest, other = written[start:], word[start:]
    if sorted(rest[:2]) == sorted(other[:2]) and rest[2:] == other[2:]:
        return True
    if len(word) == len(written) == MIN_CORRECTED:  # otherwise, “here” would be a typo of “hire”
        return False
    end = _common(rest[::-1], other[::-1])
    return max(len(rest), len(other)) - end <= 1


def _common(one: str, other: str) -> int:
    """Return how many letters at the start of both words are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
