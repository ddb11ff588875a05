"""Find the places of a passage that state a fact of `facts.toml`, whether they state it right or wrong.

There are three kinds of statements: a figure in one of the fact's phrases (“four free assessments”), an amount of money
near one of the fact's names (“Growth costs ₹1,900”), and phone numbers and email addresses.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from .facts import VALUE_MARK, Fact
from .figures import Figure, to_figure
from .passages import Passage

_WORD = re.compile(r"[^\W_]+")
MAX_PHRASE = 120  # A phrase is searched in at most this many characters before or after its value.
_SENTENCE_END = re.compile(r"(?<!\bRs)(?<!\be\.g)(?<!\bi\.e)[.!?]+[\"'”’)*]*\s+")
_CLAUSE_END = re.compile(r"[,;:()–—|]|\b(?:and|but|or|while|whereas|against|than)\b")
_EMAIL = re.compile(r"([\w.+-]{1,64})@((?:[\w-]{1,63}\.){1,4}[A-Za-z]{2,24})\b")
# A phone number as people in the same country write it, such as 089624 12726.
_NATIONAL = re.compile(r"(?<![\w+.,-])0?\d{3,5}[ -]\d{3,4}[ -]?\d{2,4}(?![\w.,-]\d)")
MAX_WRONG_DIGITS = 2  # A national number with at most this many other digits is meant as the same number.
_EXAMPLE = re.compile(r"\b(?:for example|e\.g\.|such as|like|example|format)\b", re.IGNORECASE)


class Statement(NamedTuple):
    """A figure, address or text from `start` to `end` that states `fact`. `agrees` if it states the fact's value."""

    fact: Fact
    start: int
    end: int
    agrees: bool


class _Phrase(NamedTuple):
    """The words of a phrase before and after the value, in lower case."""

    fact: Fact
    before: tuple[str, ...]
    after: tuple[str, ...]


class FactFinder:
    """Finds the statements of some facts."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self.values: dict[str, Figure] = {}
        self.texts: list[tuple[Fact, re.Pattern[str]]] = []
        self.phones: dict[str, Fact] = {}
        self.emails: dict[str, Fact] = {}
        self.named: list[tuple[str, Fact]] = []
        self._phrases: dict[str, list[_Phrase]] = defaultdict(list)
        for fact in facts:
            figure = to_figure(fact.value)
            if figure:
                self.values[fact.name] = figure
            if figure and figure.kind == "phone":
                self.phones[figure.unit] = fact
            elif _EMAIL.fullmatch(fact.value):
                self.emails[fact.value.lower()] = fact
            self._add_phrases(fact, figure)
        self.money = [figure for figure in self.values.values() if figure.kind == "money"]
        self.of_pages = [fact for fact in facts if fact.pages and fact.name in self.values]
        self._add_names(facts)

    def _add_phrases(self, fact: Fact, figure: Figure | None) -> None:
        for phrase in fact.phrases:
            before, _, after = phrase.lower().partition(VALUE_MARK)
            words = tuple(_WORD.findall(before)), tuple(_WORD.findall(after))
            if figure and any(words):
                self._phrases[figure.kind].append(_Phrase(fact, *words))
            elif before.strip() and not figure:
                start = r"\W+".join(map(re.escape, words[0]))
                self.texts.append((fact, re.compile(rf"\b{start}\W+(?=[A-Z])(\w+(?: [A-Z]\w+)*)", re.IGNORECASE)))

    def _add_names(self, facts: Sequence[Fact]) -> None:
        """Collect the names of prices. The price of a plan may be a text, such as “Custom”, beside amounts of others."""
        priced = {name.rpartition(".")[0] for name, figure in self.values.items() if figure.kind == "money"}
        for fact in facts:
            figure = self.values.get(fact.name)
            if fact.names and (figure.kind == "money" if figure else fact.name.rpartition(".")[0] in priced):
                self.named += ((name, fact) for name in fact.names)

    def find(self, passage: Passage, figures: Sequence[Figure], results: Collection[Decimal] = ()) -> list[Statement]:
        """Return the statements in `passage`. `figures` are its figures, and `results` the results of its arithmetic."""
        found: dict[int, Statement] = {}
        for figure in figures:
            statement = self._find_phrase(passage.text, figure) or self._find_phone(passage.text, figure)
            if statement:
                found[figure.start] = statement
        amounts = [
            figure
            for figure in figures
            if figure.kind == "money" and figure.start not in found and figure.low not in results
        ]
        if amounts and not passage.is_made_up:
            for statement in self._find_prices(passage, amounts, figures):
                found.setdefault(statement.start, statement)
        phones = [figure for figure in figures if figure.kind == "phone"]
        others = self._find_others(passage.text, has_digits=bool(figures))
        return [
            *found.values(),
            *(each for each in others if not any(phone.start <= each.start < phone.end for phone in phones)),
        ]

    def _find_others(self, text: str, *, has_digits: bool) -> Iterator[Statement]:
        """Yield the statements that aren't figures: email addresses, national phone numbers and texts."""
        if "@" in text and self.emails:
            yield from self._find_emails(text)
        for fact, pattern in self.texts:
            for match in pattern.finditer(text):
                value = fact.value.split(",")[0]
                yield Statement(fact, *match.span(1), text.startswith(value, match.start(1)))
        if has_digits and self.phones:
            yield from self._find_national(text)

    def _find_phrase(self, text: str, figure: Figure) -> Statement | None:
        phrases = self._phrases.get(figure.kind)
        if not phrases:
            return None
        before = _WORD.findall(text[max(figure.start - MAX_PHRASE, 0) : figure.start].lower())
        after = _WORD.findall(text[figure.end : figure.end + MAX_PHRASE].lower())
        best = None
        for phrase in phrases:
            fits = phrase.before == tuple(before[len(before) - len(phrase.before) :]) if phrase.before else True
            if fits and phrase.after == tuple(after[: len(phrase.after)]):
                statement = self._statement(phrase.fact, figure)
                if statement.agrees:
                    return statement
                best = best or statement
        return best

    def _statement(self, fact: Fact, figure: Figure) -> Statement:
        value = self.values.get(fact.name)
        return Statement(fact, figure.start, figure.end, bool(value and value.value == figure.value))

    def _find_phone(self, text: str, figure: Figure) -> Statement | None:
        if figure.kind != "phone" or not self.phones:
            return None
        if fact := self.phones.get(figure.unit):
            return Statement(fact, figure.start, figure.end, agrees=True)
        if _EXAMPLE.search(text, max(figure.start - MAX_PHRASE, 0), figure.start):
            return None
        meant = max(self.phones, key=lambda digits: _common_start(digits, figure.unit))
        return Statement(self.phones[meant], figure.start, figure.end, agrees=False)

    def _find_national(self, text: str) -> Iterator[Statement]:
        for match in _NATIONAL.finditer(text):
            digits = re.sub(r"\D", "", match[0]).lstrip("0")
            for phone, fact in self.phones.items():
                if len(digits) >= 9 and len(digits) < len(phone):
                    wrong = sum(one != two for one, two in zip(digits, phone[-len(digits) :], strict=True))
                    if wrong <= MAX_WRONG_DIGITS:
                        yield Statement(fact, match.start(), match.end(), wrong == 0)
                        break

    def _find_emails(self, text: str) -> Iterator[Statement]:
        position = 0
        while (at := text.find("@", position)) >= 0:
            position = at + 1
            match = next((m for m in _EMAIL.finditer(text, max(at - 64, 0), at + 200) if m.end(1) == at), None)
            if match is None:
                continue
            domain = match[2].lower()
            for email, fact in self.emails.items():
                known = email.partition("@")[2]
                if match[0].lower() == email:
                    yield Statement(fact, match.start(), match.end(), agrees=True)
                    break
                if domain == known or domain.split(".")[0] == known.split(".")[0]:
                    yield Statement(fact, match.start(), match.end(), agrees=False)
                    break

    def _find_prices(
        self, passage: Passage, amounts: Sequence[Figure], figures: Sequence[Figure]
    ) -> Iterator[Statement]:
        """Yield the amounts that are near the name of a price."""
        text = passage.text
        names = sorted(self._names_in(text))
        if passage.columns and not _has_sentence(passage, names, amounts):
            if not any(fact for _, _, fact in names):
                yield from self._find_in_columns(passage, amounts, figures)
                return
            units = [(0, len(text))]
        else:
            units = list(_units(passage))
        for start, end in units:
            inside = [name for name in names if start <= name[0] < end]
            money = [amount for amount in amounts if start <= amount.start < end]
            counts = [figure.low for figure in figures if start <= figure.start < end and figure.kind == "count"]
            if inside and money:
                yield from self._pair(text, inside, money, counts)

    def _names_in(self, text: str) -> Iterator[tuple[int, int, Fact]]:
        for name, fact in self.named:
            for written in {name, name.upper()}:
                position = text.find(written)
                while position >= 0:
                    end = position + len(written)
                    if not (text[position - 1 : position].isalnum() or text[end : end + 1].isalnum()):
                        yield position, end, fact
                    position = text.find(written, end)

    def _pair(
        self, text: str, names: Sequence[tuple[int, int, Fact]], amounts: Sequence[Figure], counts: Sequence[Decimal]
    ) -> Iterator[Statement]:
        """Yield the amounts of one sentence or row with the facts that they state."""
        products = {amount.start for amount in amounts if self.is_product(amount, counts)}
        priced = [name for name in names if not self._is_priced_in_words(name[2], text)]
        if len({fact.name for _, _, fact in names}) == 1:
            yield from self._nearest(names[0], amounts, products)
            return
        amounts = [amount for amount in amounts if amount.start not in products]
        if len(priced) == len(amounts):
            for (_, _, fact), amount in zip(priced, amounts, strict=True):
                yield self._statement(fact, amount)
            return
        for amount in amounts:
            clause = _clause(text, amount)
            inside = [fact for start, _, fact in names if clause[0] <= start < clause[1]]
            others = [other for other in amounts if clause[0] <= other.start < clause[1]]
            if len(inside) == len(others) == 1:
                yield self._statement(inside[0], amount)

    def _is_priced_in_words(self, fact: Fact, text: str) -> bool:
        return fact.name not in self.values and fact.value.lower() in text.lower()

    def _nearest(
        self, name: tuple[int, int, Fact], amounts: Sequence[Figure], products: Collection[int]
    ) -> Iterator[Statement]:
        """Yield the amounts that state the only named fact: those with its value, otherwise the nearest amount."""
        start, end, fact = name
        statements = [self._statement(fact, amount) for amount in amounts if amount.start not in products]
        right = [statement for statement in statements if statement.agrees]
        if right or products:
            yield from right
        elif statements:
            yield min(statements, key=lambda each: max(each.start - end, start - each.end))

    def _find_in_columns(
        self, passage: Passage, amounts: Sequence[Figure], figures: Sequence[Figure]
    ) -> Iterator[Statement]:
        """Yield the amounts in columns with the name of a price, in a row about this price."""
        cells = list(passage.cells())
        counts = [figure.low for figure in figures if figure.kind == "count"]
        label = set(_WORD.findall(passage.text[: cells[0][1]].lower()))
        for start, end, heading in cells:
            facts = {fact.name: fact for _, _, fact in self._names_in(heading)}
            inside = [amount for amount in amounts if start <= amount.start < end]
            if len(facts) != 1 or len(inside) != 1:
                continue
            (fact,) = facts.values()
            words = {word for word in _WORD.findall(fact.what.lower()) if len(word) > 5} | {"price", "cost"}
            statement = self._statement(fact, inside[0])
            is_priced = label & words and not self.is_product(inside[0], counts)
            if statement.agrees or (is_priced and not counts):
                yield statement

    def is_product(self, amount: Figure, counts: Iterable[Decimal]) -> bool:
        """Return whether an amount is a price times one of `counts`, such as ₹18,000 for 10 assessments."""
        return any(
            amount.low == price.low * count and amount.unit == price.unit
            for price in self.money
            for count in counts
            if count > 1
        )


@lru_cache(maxsize=4)
def finder_of(facts: tuple[Fact, ...]) -> FactFinder:
    """Return the finder of some facts. All documents of a library share one finder."""
    return FactFinder(facts)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each sentence."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        yield start, match.end()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def _units(passage: Passage) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a passage, in a table of each of its cells."""
    parts = [(start, end) for start, end, _ in passage.cells()] if passage.columns else [(0, len(passage.text))]
    for start, end in parts:
        yield from ((start + first, start + last) for first, last in sentences(passage.text[start:end]))


def _has_sentence(passage: Passage, names: Sequence[tuple[int, int, Fact]], amounts: Sequence[Figure]) -> bool:
    """Return whether a cell of the row has both a name and an amount."""
    return any(
        any(start <= name[0] < end for name in names) and any(start <= amount.start < end for amount in amounts)
        for start, end, _ in passage.cells()
    )


def _clause(text: str, amount: Figure) -> tuple[int, int]:
    """Return the start and the end of the clause around an amount."""
    start = max(amount.start - MAX_PHRASE, 0)
    before = [match.end() for match in _CLAUSE_END.finditer(text, start, amount.start)]
    after = _CLAUSE_END.search(text, amount.end, amount.end + MAX_PHRASE)
    return (before[-1] if before else start), (after.start() if after else min(amount.end + MAX_PHRASE, len(text)))


def _common_start(one: str, two: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
