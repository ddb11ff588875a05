"""The excerpts in search results.

An excerpt starts at the beginning of a sentence. If the match is far into a long sentence, the excerpt starts shortly
before the match.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

SNIPPET_WORDS, WORDS_BEFORE_MATCH = 36, 6
SHORTEST_SNIPPET = 12  # A snippet with fewer words continues in the next paragraph or list item.
SHORTEST_BLOCK = 8  # A text with fewer words is shown only if it is a sentence, unlike most table cells.

# A sentence ends with these marks if whitespace follows, and then anything except a lowercase letter.
_SENTENCE_END = re.compile(r"[.?!]['\"’”)]*\s*$")
_SENTENCE_START = re.compile(r"\s+[^\sa-z]")


class Fragment(NamedTuple):
    """A part of a text. The part is highlighted if `is_match` is True."""

    text: str
    is_match: bool


Fragments = tuple[Fragment, ...]


@dataclass(frozen=True)
class _Sentence:
    """The words of a sentence, or of a block that has no sentences. `block` is the number of its block."""

    words: tuple[Fragment, ...]
    block: int

    @property
    def is_complete(self) -> bool:
        return bool(_SENTENCE_END.search(self.words[-1].text))

    @property
    def has_match(self) -> bool:
        return any(word.is_match for word in self.words)


def _sentences(text: Fragments) -> list[_Sentence]:
    """Split a passage's text into sentences. A line break also ends a sentence (see `passages`)."""
    sentences: list[_Sentence] = []
    words: list[Fragment] = []
    block = 0

    def end_sentence() -> None:
        if words and words[-1].text.strip() == "·":  # `passages` adds this dot between texts
            words.pop()
        if words:
            sentences.append(_Sentence(tuple(words), block))
        words.clear()

    for fragment in text:
        for word in re.findall(r"\s*\S+|\s+$", fragment.text):
            is_new_block = "\n" in word
            if is_new_block or (words and _SENTENCE_END.search(words[-1].text) and _SENTENCE_START.match(word)):
                end_sentence()
            block += is_new_block
            words.append(Fragment(word, fragment.is_match))
    end_sentence()
    return sentences


def _prose(sentences: list[_Sentence]) -> list[_Sentence]:
    """Return only complete sentences and long texts. Leave out short texts such as labels and table cells."""
    return [each for each in sentences if each.is_complete or len(each.words) >= SHORTEST_BLOCK]


def snippet(text: Fragments, description: Fragments) -> Fragments:
    """Return an extract for a search result: one or more sentences with up to SNIPPET_WORDS words.

    The sentences are from the page's `description` or from the passage `text`. Choose the sentences with the largest
    number of distinct matches. In a tie, choose the description.
    """
    everything = _sentences(text)
    prose = _prose(everything)
    about = _window(_sentences(description), 0)
    candidates = [about, *(_window(prose, start) for start, each in enumerate(prose) if each.has_match)]
    best = max(candidates, key=_distinct_matches)
    if not _distinct_matches(best):
        best = _window(prose, 0) or about or _window(everything, 0)
    return tuple(_merge(best))


def _distinct_matches(words: Iterable[Fragment]) -> int:
    return len({word.text.lower().strip() for word in words if word.is_match})


def _window(sentences: list[_Sentence], start: int) -> list[Fragment]:
    """Return the words of the sentence at index `start`. Then add the next sentences of the same block while they fit.

    While there are fewer than SHORTEST_SNIPPET words, add the next sentence even if it is in another block or has to be
    cut. Add nothing after a text that doesn't end like a sentence, such as a label. An ellipsis marks where a sentence
    is cut.
    """
    if not sentences:
        return []
    first = sentences[start]
    position = next((number for number, word in enumerate(first.words) if word.is_match), 0)
    begin = position - WORDS_BEFORE_MATCH if position >= SNIPPET_WORDS else 0
    shown = list(first.words[begin : begin + SNIPPET_WORDS])
    is_cut = begin + SNIPPET_WORDS < len(first.words)
    previous = first
    for sentence in sentences[start + 1 :]:
        is_short = len(shown) < SHORTEST_SNIPPET
        fits = len(shown) + len(sentence.words) <= SNIPPET_WORDS
        if is_cut or not previous.is_complete or not (is_short or (fits and sentence.block == first.block)):
            break
        shown += sentence.words[: SNIPPET_WORDS - len(shown)]
        is_cut = not fits
        previous = sentence
    shown[0] = shown[0]._replace(text=("… " if begin else "") + shown[0].text.lstrip())
    return [*shown, Fragment(" …", False)] if is_cut else shown


def _merge(words: Iterable[Fragment]) -> Iterator[Fragment]:
    for is_match, group in groupby(words, key=lambda word: word.is_match):
        yield Fragment("".join(word.text for word in group).replace("\n", " "), is_match)
