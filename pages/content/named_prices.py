"""Find the amounts of money near the name of a price, such as “Growth costs ₹1,900”."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from .fact_passages import Passage
from .facts import Fact
from .figures import Figure, find_figures

MAX_NAMES = 200  # Find each spelling of a name at most this many times, so that the search takes linear time.
MAX_HEADING = 100  # Search this many characters of a heading for numbers of people or assessments.
MAX_CLAUSE = 120  # The clause around an amount has at most this many characters on each side of it.
_CLAUSE_END = re.compile(r"[,;:()–—|]|\b(?:and|but|or|while|whereas|against|than)\b")
# The text after a number of people or assessments, as in “ten candidates on Growth”. An amount in the same text may be
# a price multiplied by this number.
_COUNTED = re.compile(
    r"\W{0,3}(?:[×x*]|(?:[\w-]+ )?(?:assess|candidat|applicant|hire|people|person|engineer|developer|manager|scientist"
    r"|designer|analyst|tester|team)|(?:on|at|for|of|to)\b|[,.;|]|$)",
    re.IGNORECASE,
)
_PRICE_QUESTION = re.compile(r"\b(?:how much|price|costs?|pay)\b", re.IGNORECASE)
_MINUS = re.compile(r"\W*(?:[−–-]|minus) *")
_COMPARED = re.compile(r" (?:less|cheaper|lower|more|dearer|higher)\b")  # “₹700 cheaper” is a difference, not a price.
_WORD = re.compile(r"[^\W_]+")
MIN_WORD = 6  # Ignore words of `Fact.what` with fewer letters than this: “one”, for example, is in too many labels.


class Statement(NamedTuple):
    """A figure, address or text from `start` to `end` that states `fact`. `agrees` is True if the value is right."""

    fact: Fact
    start: int
    end: int
    agrees: bool


class Name(NamedTuple):
    """The name of a price, from `start` to `end` in a text."""

    start: int
    end: int
    fact: Fact


class NamedPrices:
    """Finds statements of prices in texts. `values` maps the name of each fact (`Fact.name`) to its figure.

    A price is a fact that has names for use in texts (`Fact.names`) and an amount of money as its value. A fact with a
    text as its value, such as “Custom”, is also a price if another fact in the same group has an amount.
    """

    def __init__(self, facts: Sequence[Fact], values: Mapping[str, Figure]) -> None:
        self._values = {name: value for name, value in values.items() if value.kind == "money"}
        groups = {name.rpartition(".")[0] for name in self._values}
        self._names = [
            (name, fact)
            for fact in facts
            for name in fact.names
            if fact.name in self._values or (fact.name not in values and fact.name.rpartition(".")[0] in groups)
        ]

    def find(self, passage: Passage) -> Iterator[Statement]:
        """Yield the amounts in `passage` that state a price."""
        amounts = self._prices_in(passage)
        if not amounts:
            return
        names = self.names_in(passage.text)
        if passage.columns and not names:
            yield from self._find_in_columns(passage, amounts)
            return
        is_one_unit = passage.columns and not _has_sentence(passage, names, amounts)
        units = {
            (0, len(passage.text)) if is_one_unit else passage.sentence_at(amount.start): None for amount in amounts
        }
        for start, end in units:
            named = [name for name in names if start <= name.start < end]
            priced = [amount for amount in amounts if start <= amount.start < end]
            if not named and len(priced) == 1 and (fact := self._asked_price(passage, priced[0])):
                yield self._state(fact, priced[0])
            elif named:
                subtracted = {each.start: each for each in self._subtracted(passage.text, named, priced)}
                yield from subtracted.values()
                others = [amount for amount in priced if amount.start not in subtracted]
                yield from self._pair(passage.text, (start, end), named, others, counts_in(passage, start, end))

    def _prices_in(self, passage: Passage) -> list[Figure]:
        """Return the amounts of money that may be prices.

        Leave out differences, such as “₹700 cheaper”. Also leave out the results of calculations in the text, unless a
        result equals a price.
        """
        known = {price.low for price in self._values.values()}
        return [
            each
            for each in passage.figures
            if each.kind == "money"
            and (each.low in known or each.low not in passage.results)
            and not _COMPARED.match(passage.text, each.end)
        ]

    def _subtracted(self, text: str, names: Sequence[Name], amounts: Sequence[Figure]) -> Iterator[Statement]:
        """Yield both prices in each subtraction, such as “₹2,000 − ₹1,500”. The order of `names` doesn't matter."""
        facts = {name.fact.name: name.fact for name in names if name.fact.name in self._values}
        by_value = {self._values[name].value: fact for name, fact in facts.items()}
        if len(by_value) < len(facts):
            return
        for one, two in pairwise(amounts):
            if {one.value, two.value} <= by_value.keys() and _MINUS.fullmatch(text, one.end, two.start):
                yield from (Statement(by_value[each.value], each.start, each.end, agrees=True) for each in (one, two))

    def _asked_price(self, passage: Passage, amount: Figure) -> Fact | None:
        """Return the price if `amount` answers a question about one price (“How much is Growth?”), otherwise None."""
        question = passage.question_before(amount)
        facts = {name.fact.name: name.fact for name in self.names_in(question)}
        is_one = len(facts) == 1 and _PRICE_QUESTION.search(question) and not counts_in(passage)
        return next(iter(facts.values())) if is_one else None

    def is_product(self, amount: Figure, counts: Iterable[Decimal]) -> bool:
        """Return whether an amount is a price times one of `counts`, such as ₹18,000 for 10 assessments."""
        prices = [price.low for price in self._values.values() if price.unit == amount.unit]
        return any(count > 1 and price * count == amount.low for count in counts for price in prices)

    def names_in(self, text: str) -> list[Name]:
        """Return the names of prices in `text`, sorted by position. Return at most MAX_NAMES matches of each spelling.

        Find only names spelled as in `facts.toml` or in capitals. A lowercase “growth” may be an ordinary word.
        """
        found = list[Name]()
        for name, fact in self._names:
            for written in {name, name.upper()}:
                start, limit = text.find(written), len(found) + MAX_NAMES
                while start >= 0 and len(found) < limit:
                    end = start + len(written)
                    if not (text[max(start - 1, 0) : start].isalnum() or text[end : end + 1].isalnum()):
                        found.append(Name(start, end, fact))
                    start = text.find(written, end)
        return sorted(found, key=lambda name: name.start)

    def _pair(
        self,
        text: str,
        sentence: tuple[int, int],
        names: Sequence[Name],
        amounts: Sequence[Figure],
        counts: Sequence[Decimal],
    ) -> Iterator[Statement]:
        """Yield the amounts of one sentence or row with the facts that they state.

        If there are as many amounts as names, match them in their order. Otherwise, match an amount with a name if they
        are the only amount and the only name in a clause.
        """
        values = [self._values[name.fact.name].value for name in names if name.fact.name in self._values]
        unnamed = [amount for amount in amounts if amount.value not in values]
        products = {amount.start for amount in unnamed if self.is_product(amount, counts)}
        others = [amount for amount in amounts if amount.start not in products]
        if len({name.fact.name for name in names}) == 1:
            yield from self._state_one(names[0], others, has_products=bool(products))
            return
        words = text[slice(*sentence)].lower()
        with_amount = [name for name in names if not self._has_price_in_words(name.fact, words)]
        if len(with_amount) == len(others):
            for name, amount in zip(with_amount, others, strict=True):
                yield self._state(name.fact, amount)
            return
        for amount in others:
            start, end = _clause(text, amount)
            named = [name for name in names if start <= name.start < end]
            if len(named) == 1 and sum(start <= other.start < end for other in others) == 1:
                yield self._state(named[0].fact, amount)

    def _state_one(self, name: Name, amounts: Sequence[Figure], *, has_products: bool) -> Iterator[Statement]:
        """Yield the amounts that state the price `name`, in a sentence or row that names no other price.

        If any amounts equal the price, yield all of these. Otherwise, yield the amount nearest to the name: it is
        probably meant as the price, but wrong.

        `has_products` says that the text also has a price times a count, such as ₹18,000 for 10 assessments. Such a
        text need not state the price itself. So if no amount equals the price, yield nothing.
        """
        statements = [self._state(name.fact, amount) for amount in amounts]
        right = [statement for statement in statements if statement.agrees]
        if right or has_products:
            yield from right
        elif statements:
            yield min(statements, key=lambda each: max(each.start - name.end, name.start - each.end))

    def _state(self, fact: Fact, amount: Figure) -> Statement:
        value = self._values.get(fact.name)
        return Statement(fact, amount.start, amount.end, bool(value and value.value == amount.value))

    def _has_price_in_words(self, fact: Fact, words: str) -> bool:
        return fact.name not in self._values and fact.value.lower() in words

    def _find_in_columns(self, passage: Passage, amounts: Sequence[Figure]) -> Iterator[Statement]:
        """Yield the amount of each cell that has only one amount, if the column's heading names only one price.

        If the amount doesn't equal the price, it may be something else, such as a discount. Yield such an amount only
        if the row's label contains “price”, “cost” or a word of `Fact.what`, and the row has no counts.
        """
        has_counts = any(figure.kind == "count" for figure in passage.figures)
        cells = list(passage.cells())
        label = set(_WORD.findall(passage.text[: cells[0][1]].lower()))
        for start, end, heading in cells:
            facts = {name.fact.name: name.fact for name in self.names_in(heading)}
            inside = [amount for amount in amounts if start <= amount.start < end]
            if len(facts) == len(inside) == 1:
                (fact,) = facts.values()
                words = {word for word in _WORD.findall(fact.what.lower()) if len(word) >= MIN_WORD} | {"price", "cost"}
                statement = self._state(fact, inside[0])
                if statement.agrees or (label & words and not has_counts):
                    yield statement


def counts_in(passage: Passage, start: int = 0, end: int | None = None) -> list[Decimal]:
    """Return the numbers that may multiply a price, such as 10 in “10 assessments cost ₹18,000”.

    Search the text between `start` and `end` for numbers that are alone in their cells, and for numbers of people or
    assessments. Also search the column headings for numbers of people or assessments.
    """
    cells = {passage.text[first:last].strip() for first, last, _ in passage.cells()}
    counts = [
        figure.low
        for figure in passage.figures
        if figure.kind == "count"
        and start <= figure.start
        and (end is None or figure.start < end)
        and (passage.text[figure.start : figure.end] in cells or _COUNTED.match(passage.text, figure.end))
    ]
    return [*counts, *(count for _, _, heading in passage.cells() for count in _counts_in_heading(heading))]


@lru_cache(maxsize=256)
def _counts_in_heading(heading: str) -> tuple[Decimal, ...]:
    figures = (figure for figure in find_figures(heading[:MAX_HEADING]) if figure.kind == "count")
    return tuple(figure.low for figure in figures if _COUNTED.match(heading, figure.end))


def _has_sentence(passage: Passage, names: Sequence[Name], amounts: Sequence[Figure]) -> bool:
    """Return whether a cell of the row has both the name of a price and an amount."""
    return any(
        any(start <= name.start < end for name in names) and any(start <= amount.start < end for amount in amounts)
        for start, end, _ in passage.cells()
    )


def _clause(text: str, amount: Figure) -> tuple[int, int]:
    """Return the start and the end of the clause around an amount."""
    first, last = max(amount.start - MAX_CLAUSE, 0), min(amount.end + MAX_CLAUSE, len(text))
    starts = [match.end() for match in _CLAUSE_END.finditer(text, first, amount.start)]
    end = _CLAUSE_END.search(text, amount.end, last)
    return starts[-1] if starts else first, end.start() if end else last
