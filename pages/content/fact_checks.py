"""Compare the figures of a document with the facts in `facts.toml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from .blocks import parse
from .claims import find_vague_claims, is_claim
from .contact_links import find_contacts
from .document_links import links_of
from .fact_passages import Passage, passages_of
from .fact_statements import FactFinder, finder_of
from .facts import Fact, Facts
from .figures import Figure
from .located_text import line_text
from .named_prices import Statement, counts_in
from .problems import Problem, Source
from .sum_checks import check_sums, sums_of_blocks, sums_of_text
from .table_sums import is_total_label
from .written_figures import write_like

_HELP = (
    "Correct or remove it. If it is true, add it to facts.toml. "
    "If it belongs to an example, say in this section that its figures are made up."
)

MAX_CELL_WORDS = 4  # A cell with more words than this counts as a sentence.


class _Read(NamedTuple):
    """A passage, and its numbers that may multiply a price, such as 10 in “10 assessments cost ₹18,000”.

    `counts` are these numbers. If the passage has no amounts of money, `counts` is empty.
    """

    passage: Passage
    counts: tuple[Decimal, ...]


def check_facts(source: Source, passages: Iterable[Passage], facts: Facts, url: str) -> Iterator[Problem]:
    """Yield a problem for each statement that disagrees with a fact, and for each figure without a fact.

    `url` is the page's URL: some facts hold only for some pages. Without any facts, nothing is checked.
    """
    if facts.facts:
        reads = list(map(_read, passages))
        checker = _Checker(source, finder_of(tuple(facts.facts.values())), url)
        checker.collect_amounts(reads)
        for read in reads:
            yield from checker.check(read)


def check_settings(source: Source, facts: Facts) -> Iterator[Problem]:
    """Yield the problems with facts and sums in `site.toml`, except in its comments."""
    lines = [line_text(number, line) for number, line in enumerate(source.lines, start=1) if not line.startswith("#")]
    yield from check_facts(source, map(Passage, lines), facts, url="")
    yield from check_sums(source, (found for line in lines for found in sums_of_text(line)))


def check_kit(source: Source, facts: Facts) -> Iterator[Problem]:
    """Yield the problems with facts and sums in `kit.md`."""
    blocks = parse(source.text)
    passages = [*passages_of(blocks), *find_contacts(source, links_of(blocks))]
    yield from check_facts(source, passages, facts, url="")
    yield from check_sums(source, sums_of_blocks(blocks))


def _read(passage: Passage) -> _Read:
    has_money = any(figure.kind == "money" for figure in passage.figures)
    return _Read(passage, tuple(counts_in(passage)) if has_money else ())


class _Checker:
    """Checks the passages of one document.

    `amounts` are the amounts of money that the document may state, such as prices and results of calculations.
    """

    def __init__(self, source: Source, finder: FactFinder, url: str) -> None:
        self.source, self.finder, self.url = source, finder, url
        self.amounts = {(price.low, price.unit) for price in finder.money}

    def collect_amounts(self, reads: Iterable[_Read]) -> None:
        """Add to `amounts` all amounts of money that the document may state, although they aren't in facts.toml.

        These are a calculator's inputs, results of calculations, totals, and prices times a number.
        """
        for read in reads:
            for figure in read.passage.figures:
                if figure.kind == "money" and (
                    (read.passage.is_input and _is_whole_cell(read.passage, figure))
                    or figure.low in read.passage.results
                    or _is_total(read.passage, figure)
                    or self.finder.prices.is_product(figure, read.counts)
                ):
                    self.amounts.add((figure.low, figure.unit))

    def check(self, read: _Read) -> Iterator[Problem]:
        passage = read.passage
        stated = {each.start: each for each in self.finder.find(passage)}
        for statement in stated.values():
            yield from self._check_statement(read, statement)
        if passage.is_made_up:
            return
        for figure in passage.figures:
            if figure.start not in stated:
                yield from self._check_figure(read, figure)
        for start, end in find_vague_claims(passage.text):
            yield self._claim(passage, start, end)

    def _check_statement(self, read: _Read, statement: Statement) -> Iterator[Problem]:
        passage, (fact, start, end, agrees) = read.passage, statement
        if fact.pages and self.url not in fact.pages:
            message = f"“{passage.text[start:end]}” is a fact of other pages only: {', '.join(fact.pages)}."
            yield self._problem("unknown-figure", passage, start, end, message, _HELP)
        elif not agrees:
            yield self._drift(passage, start, end, fact, self._product(read, start, fact))

    def _check_figure(self, read: _Read, figure: Figure) -> Iterator[Problem]:
        passage, (start, end) = read.passage, (figure.start, figure.end)
        if figure.kind == "money":
            if not (self._is_known(figure, read.counts) or (passage.is_input and _is_whole_cell(passage, figure))):
                message = f"“{passage.text[start:end]}” is not in facts.toml, and not the result of a calculation."
                yield self._problem("unknown-figure", passage, start, end, message, _HELP)
        elif fact := self._page_fact(passage, figure):
            if self.finder.values[fact.name].value != figure.value and self._is_claim(passage, figure):
                yield self._drift(passage, start, end, fact)
        elif self._is_claim(passage, figure):
            yield self._claim(passage, start, end)

    def _page_fact(self, passage: Passage, figure: Figure) -> Fact | None:
        """Return a fact that holds only for some pages, and that the figure may state. If there is none, return None.

        The fact's value must be of the figure's kind. Also, the fact must hold for this page, or the text near the
        figure must contain one of the fact's names.
        """
        facts = self.finder.facts_of_page(self.url, passage.words_near(figure).lower())
        return next((fact for fact in facts if self.finder.values[fact.name].kind == figure.kind), None)

    def _is_claim(self, passage: Passage, figure: Figure) -> bool:
        """Return whether readers could take `figure` for a claim.

        Also return True if `figure` has the value of a fact that holds only for some pages, and a word such as
        “assessment” is near `figure`: the figure then seems to state this fact.
        """
        if is_claim(figure, passage, _column(passage, figure)):
            return True
        is_of_page = any(self.finder.values[fact.name].value == figure.value for fact in self.finder.of_pages)
        words = f"{passage.question_before(figure)} {passage.words_near(figure)}"
        return is_of_page and "assess" in words.lower()

    def _is_known(self, figure: Figure, counts: Iterable[Decimal]) -> bool:
        """Return True if the document may contain this amount of money. Both ends of a range must be allowed.

        These amounts are allowed: zero, each of `amounts`, and each of them divided by one of `counts` (₹18,000 / 10).
        """
        return all(
            low == 0
            or (low, figure.unit) in self.amounts
            or any(count > 1 and (low * count, figure.unit) in self.amounts for count in counts)
            for low in {figure.low, figure.high}
        )

    def _product(self, read: _Read, start: int, fact: Fact) -> str:
        """If the amount at `start` seems to be a wrong multiple of a price, return the right one. Otherwise, return "".

        `fact` is the price. The number of assessments must be in the amount's sentence or table row. For example, with
        the price ₹1,800, the right amount in “10 assessments cost ₹19,000” is ₹18,000.
        """
        passage, price = read.passage, self.finder.values.get(fact.name)
        amount = next((figure for figure in passage.figures if figure.start == start), None)
        if not price or not amount or price.kind != "money" or price.unit != amount.unit:
            return ""
        counts = read.counts if passage.columns else counts_in(passage, *passage.sentence_at(start))
        nearest = min([Decimal(1), *counts], key=lambda count: abs(price.low * count - amount.low))
        return (write_like(passage.text, amount, price.low * nearest) or "") if nearest != 1 else ""

    def _drift(self, passage: Passage, start: int, end: int, fact: Fact, meant: str = "") -> Problem:
        message = f"“{passage.text[start:end]}” disagrees with facts.toml. The fact “{fact.name}”: {fact.what}."
        return self._problem("fact-drift", passage, start, end, message, f"Did you mean {meant or fact.value}?")

    def _claim(self, passage: Passage, start: int, end: int) -> Problem:
        written = passage.text[start:end]
        message = f"Readers could take “{written}” for a claim about the company, but facts.toml has no such fact."
        return self._problem("unknown-figure", passage, start, end, message, _HELP)

    def _problem(self, rule: str, passage: Passage, start: int, end: int, message: str, help: str) -> Problem:
        line, column, length = passage.located.span(start, end)
        return self.source.problem(rule, message, help, line=line, column=column, length=length)


def _is_total(passage: Passage, figure: Figure) -> bool:
    """Return whether the amount is in a table's row or column of totals. The rule wrong-sum checks totals."""
    cells = list(passage.cells())
    headings = [heading for start, end, heading in cells if start <= figure.start < end]
    return bool(cells) and any(map(is_total_label, (passage.text[slice(*cells[0][:2])], *headings)))


def _is_whole_cell(passage: Passage, figure: Figure) -> bool:
    written = passage.text[figure.start : figure.end]
    return any(
        start <= figure.start < end and passage.text[start:end].strip() == written for start, end, _ in passage.cells()
    )


def _column(passage: Passage, figure: Figure) -> str:
    """Return the heading of the figure's column if the figure begins a short cell, otherwise "".

    Also return "" if the cell has “±”: then the figure is a score, not a claim.
    """
    for start, end, heading in passage.cells():
        if start <= figure.start < end:
            cell = passage.text[start:end]
            is_first = not passage.text[start : figure.start].strip()
            return heading if is_first and len(cell.split()) <= MAX_CELL_WORDS and "±" not in cell else ""
    return ""
