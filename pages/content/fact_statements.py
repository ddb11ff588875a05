"""Find the places that state a fact of `facts.toml`, with the right value or a wrong value.

A statement is one of these:

- a figure or a name in one of the fact's phrases (“four free assessments”)
- an amount of money near one of the fact's names (“Growth costs ₹1,900”)
- a phone number or an email address
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from .fact_passages import Passage
from .fact_values import EMAIL
from .facts import VALUE_MARK, Fact
from .figures import Figure, to_figure
from .named_prices import NamedPrices, Statement

_WORD = re.compile(r"[^\W_]+")
MAX_PHRASE = 120  # Look for a phrase only in this many characters before and after the value.
MAX_EMAIL = 200
# A phone number as people in the same country write it, such as 089624 12726.
_NATIONAL = re.compile(r"(?<![\w+.,-])(?:(?:0?\d{3,5}[ -]|\(0?\d{3,5}\) ?)\d{3,4}[ -]?\d{2,4}|0?\d{9,10})(?![\w.,-]\d)")
MIN_NATIONAL_DIGITS = 9
MAX_WRONG_DIGITS = 2  # A number with at most this many wrong digits is probably the fact's phone number, mistyped.
_EXAMPLE = re.compile(r"\b(?:for example|e\.g\.|such as|like|example|format)\b", re.IGNORECASE)

_LEFT = re.compile(r"[^.!?]{0,40}\b(?:left|remain)")  # “Two free assessments are left” doesn't state the fact


class _Phrase(NamedTuple):
    """The words of a phrase before and after the value, in lower case."""

    fact: Fact
    before: tuple[str, ...]
    after: tuple[str, ...]


class FactFinder:
    """Finds the places in a text that state `facts`.

    `values` maps the names of facts to their figures. `of_pages` has the facts that hold only for some pages.
    """

    def __init__(self, facts: Sequence[Fact]) -> None:
        self.facts = facts
        self.values = {fact.name: figure for fact in facts if (figure := to_figure(fact.value))}
        self.money = [figure for figure in self.values.values() if figure.kind == "money"]
        self.of_pages = [fact for fact in facts if fact.pages and fact.name in self.values]
        self.prices = NamedPrices(facts, self.values)
        figures = [(fact, self.values[fact.name]) for fact in facts if fact.name in self.values]
        self._phones = {figure.unit: fact for fact, figure in figures if figure.kind == "phone"}
        self._emails = {fact.value.lower(): fact for fact in facts if EMAIL.fullmatch(fact.value)}
        self._phrases: dict[str, list[_Phrase]] = defaultdict(list)
        self._texts: list[tuple[Fact, str, re.Pattern[str]]] = []
        for fact in facts:
            self._add_phrases(fact)

    def find(self, passage: Passage) -> list[Statement]:
        """Return the places in a passage that state a fact, rightly or wrongly."""
        text = passage.text
        others = list(self._find_texts(text))
        if "@" in text:
            others = [*self._find_emails(text), *others]
        if not passage.figures:
            return others
        found: dict[int, Statement] = {}
        for figure in passage.figures:
            if statement := self._find_phrase(text, figure) or self._find_phone(text, figure):
                found[figure.start] = statement
        if not passage.is_made_up:
            for statement in self.prices.find(passage):
                found.setdefault(statement.start, statement)
        phones = [figure for figure in passage.figures if figure.kind == "phone"]
        others += self._find_national(text)
        others = [each for each in others if not any(phone.start <= each.start < phone.end for phone in phones)]
        return [*found.values(), *others]

    def facts_of_page(self, url: str, words: str) -> list[Fact]:
        """Return the facts that hold only for some pages, and that a figure on the page at `url` may state.

        Such a fact holds for the page at `url`, or `words` contains one of the fact's names. `words` is the text near
        the figure, in lower case.
        """
        return [
            fact for fact in self.of_pages if url in fact.pages or any(name.lower() in words for name in fact.names)
        ]

    def _add_phrases(self, fact: Fact) -> None:
        figure = self.values.get(fact.name)
        for phrase in fact.phrases:
            before, _, after = (tuple(_WORD.findall(part)) for part in phrase.lower().partition(VALUE_MARK))
            if figure:
                self._phrases[figure.kind].append(_Phrase(fact, before, after))
            elif before:
                start = r"\W+".join(map(re.escape, before))
                longest = max(before, key=len)
                self._texts.append((fact, longest, re.compile(rf"\b(?i:{start})\W+([A-Z]\w*(?: [A-Z]\w*)*)")))

    def _find_phrase(self, text: str, figure: Figure) -> Statement | None:
        """Return which fact the figure states, if the words around it are one of the fact's phrases; otherwise None.

        If phrases of several facts match, prefer a fact that has the figure's value.
        """
        phrases = self._phrases.get(figure.kind)
        if not phrases or (figure.kind == "count" and _LEFT.match(text, figure.end)):
            return None
        before = _WORD.findall(text[max(figure.start - MAX_PHRASE, 0) : figure.start].lower())
        after = _WORD.findall(text[figure.end : figure.end + MAX_PHRASE].lower())
        fitting = [
            Statement(phrase.fact, figure.start, figure.end, self.values[phrase.fact.name].value == figure.value)
            for phrase in phrases
            if phrase.after == tuple(after[: len(phrase.after)])
            and phrase.before == tuple(before[max(len(before) - len(phrase.before), 0) :])
        ]
        return max(fitting, key=lambda statement: statement.agrees, default=None)

    def _find_phone(self, text: str, figure: Figure) -> Statement | None:
        if figure.kind != "phone" or not self._phones:
            return None
        if fact := self._phones.get(figure.unit):
            return Statement(fact, figure.start, figure.end, agrees=True)
        if _EXAMPLE.search(text, max(figure.start - MAX_PHRASE, 0), figure.start):
            return None
        meant = max(self._phones, key=lambda digits: _common_start(digits, figure.unit))
        return Statement(self._phones[meant], figure.start, figure.end, agrees=False)

    def _find_national(self, text: str) -> Iterator[Statement]:
        """Yield phone numbers without a country code, if they resemble the phone number of a fact."""
        for match in _NATIONAL.finditer(text):
            digits = re.sub(r"\D", "", match[0]).lstrip("0")
            for phone, fact in self._phones.items():
                wrong = sum(one != two for one, two in zip(reversed(digits), reversed(phone), strict=False))
                if MIN_NATIONAL_DIGITS <= len(digits) < len(phone) and wrong <= MAX_WRONG_DIGITS:
                    yield Statement(fact, *match.span(), wrong == 0)
                    break

    def _find_emails(self, text: str) -> Iterator[Statement]:
        """Yield email addresses with a fact's domain. The domain's ending may differ: example.org for example.com."""
        at = text.find("@")
        while at >= 0:
            start = at
            while start > max(at - 64, 0) and (text[start - 1].isalnum() or text[start - 1] in "_.+-"):
                start -= 1
            if match := EMAIL.match(text, start, at + MAX_EMAIL):
                yield from self._state_email(match)
            at = text.find("@", at + 1)

    def _state_email(self, match: re.Match[str]) -> Iterator[Statement]:
        address, domain = match[0].lower(), match[1].lower()
        if fact := self._emails.get(address):
            yield Statement(fact, *match.span(), agrees=True)
            return
        for known, fact in self._emails.items():
            if domain.split(".")[0] == known.partition("@")[2].split(".")[0]:
                yield Statement(fact, *match.span(), agrees=False)
                return

    def _find_texts(self, text: str) -> Iterator[Statement]:
        """Yield the values that are names and not figures, such as “Indore” in “headquarters are in Indore”."""
        lowered = text.lower()
        for fact, word, pattern in self._texts:
            for match in pattern.finditer(text) if word in lowered else ():
                agrees = any(text.startswith(part, match.start(1)) for part in fact.value.split(", "))
                yield Statement(fact, *match.span(1), agrees)


@lru_cache(maxsize=4)
def finder_of(facts: tuple[Fact, ...]) -> FactFinder:
    """Return a finder for `facts`. The finder is cached, because all documents of a library use the same finder."""
    return FactFinder(facts)


def _common_start(one: str, two: str) -> int:
    """Return how many characters are the same at the start of both texts."""
    return next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
