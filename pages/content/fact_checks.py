"""Compare the figures of a document with the facts in `facts.toml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from .blocks import parse
from .claims import find_vague_claims, is_claim
from .fact_passages import Passage, passages_of, sentences
from .fact_statements import FactFinder, finder_of
from .facts import Fact, Facts
from .figures import Figure, find_figures
from .located_text import line_text
from .named_prices import Statement, counts_in
from .problems import Problem, Source
from .sum_checks import check_sums, sums_of_blocks, sums_of_text
from .sums import find_equations
from .table_sums import is_total_label

_HELP = (
    "Correct or remove it. If it is true, add it to facts.toml. "
    "If it belongs to an example, say in this section that its figures are made up."
)


class _Read(NamedTuple):
    """A passage with its figures, and the results of the arithmetic that it shows."""

    passage: Passage
    figures: Sequence[Figure]
    results: frozenset[Decimal]

    @property
    def counts(self) -> list[Decimal]:
        return counts_in(self.passage, self.figures)


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
    yield from check_facts(source, passages_of(blocks), facts, url="")
    yield from check_sums(source, sums_of_blocks(blocks))


def _read(passage: Passage) -> _Read:
    figures = list(find_figures(passage.text))
    has_money = any(figure.kind == "money" for figure in figures)
    equations = find_equations(passage.text) if has_money else ()
    return _Read(passage, figures, frozenset(equation.result.low for equation in equations))


class _Checker:
    """Checks the passages of one document. `amounts` are the amounts of money that the document may contain."""

    def __init__(self, source: Source, finder: FactFinder, url: str) -> None:
        self.source, self.finder, self.url = source, finder, url
        self.amounts = {(price.low, price.unit) for price in finder.money}

    def collect_amounts(self, reads: Iterable[_Read]) -> None:
        """Remember the inputs of a calculator, the results of shown arithmetic, and products of prices."""
        for read in reads:
            for figure in read.figures:
                if figure.kind == "money" and (
                    (read.passage.is_input and _is_whole_cell(read.passage, figure))
                    or figure.low in read.results
                    or _is_total(read.passage, figure)
                    or self.finder.prices.is_product(figure, read.counts)
                ):
                    self.amounts.add((figure.low, figure.unit))

    def check(self, read: _Read) -> Iterator[Problem]:
        passage = read.passage
        stated = {each.start: each for each in self.finder.find(passage, read.figures, read.results)}
        for statement in stated.values():
            yield from self._check_statement(passage, statement)
        parts = list(sentences(passage.text)) if read.figures else []
        for figure in read.figures:
            if figure.start not in stated and not passage.is_made_up:
                sentence = next(part for part in parts if figure.start < part[1])
                yield from self._check_figure(read, figure, sentence)
        if not passage.is_made_up:
            for start, end in find_vague_claims(passage.text):
                yield self._claim(passage, start, end)

    def _check_statement(self, passage: Passage, statement: Statement) -> Iterator[Problem]:
        fact, start, end, agrees = statement
        if fact.pages and self.url not in fact.pages:
            message = f"“{passage.text[start:end]}” is a fact of other pages only: {', '.join(fact.pages)}."
            yield self._problem("unknown-figure", passage, start, end, message, _HELP)
        elif not agrees:
            yield self._drift(passage, start, end, fact)

    def _check_figure(self, read: _Read, figure: Figure, sentence: tuple[int, int]) -> Iterator[Problem]:
        passage, (start, end) = read.passage, (figure.start, figure.end)
        column = _column(passage, figure)
        if figure.kind == "money":
            if not (self._is_known(figure, read.counts) or (passage.is_input and _is_whole_cell(passage, figure))):
                message = f"“{passage.text[start:end]}” is not in facts.toml, and not the result of a calculation."
                yield self._problem("unknown-figure", passage, start, end, message, _HELP)
            return
        words = passage.text[slice(*sentence)].lower()
        meant = self.finder.facts_of_page(self.url, words)
        values = [self.finder.values[fact.name] for fact in meant]
        if any(figure.value == value.value for value in values):
            return
        elsewhere = [self.finder.values[fact.name].value for fact in self.finder.of_pages if fact not in meant]
        around = (passage.question + passage.text).lower()
        is_of_other_page = figure.value in elsewhere and "assess" in around
        if is_of_other_page or is_claim(figure, passage.text, sentence, _question(passage, sentence), column):
            same_kind = [fact for fact, value in zip(meant, values, strict=True) if value.kind == figure.kind]
            if len(same_kind) == 1:
                yield self._drift(passage, start, end, same_kind[0])
            else:
                yield self._claim(passage, start, end)

    def _is_known(self, figure: Figure, counts: Iterable[Decimal]) -> bool:
        """Return whether an amount is in the document's amounts, or a multiple or a part of one of them."""
        return all(
            low == 0
            or (low, figure.unit) in self.amounts
            or any(count > 1 and (low * count, figure.unit) in self.amounts for count in counts)
            for low in {figure.low, figure.high}
        )

    def _drift(self, passage: Passage, start: int, end: int, fact: Fact) -> Problem:
        message = f"“{passage.text[start:end]}” disagrees with facts.toml. The fact “{fact.name}”: {fact.what}."
        return self._problem("fact-drift", passage, start, end, message, f"Did you mean {fact.value}?")

    def _claim(self, passage: Passage, start: int, end: int) -> Problem:
        written = passage.text[start:end]
        message = f"Readers could take “{written}” for a claim about the company, but facts.toml doesn’t have it."
        return self._problem("unknown-figure", passage, start, end, message, _HELP)

    def _problem(self, rule: str, passage: Passage, start: int, end: int, message: str, help: str) -> Problem:
        line, column, length = passage.located.span(start, end)
        return self.source.problem(rule, message, help, line=line, column=column, length=length)


def _question(passage: Passage, sentence: tuple[int, int]) -> str:
    """Return the question before a sentence, or ""."""
    before = passage.text[: sentence[0]].rstrip()
    return (before if before.endswith("?") else "") if before else passage.question


def _is_total(passage: Passage, figure: Figure) -> bool:
    """Return whether an amount is in a row or a column with totals, which the rule wrong-sum checks."""
    cells = list(passage.cells())
    headings = [heading for start, end, heading in cells if start <= figure.start < end]
    return bool(cells) and any(map(is_total_label, (passage.text[slice(*cells[0][:2])], *headings)))


def _is_whole_cell(passage: Passage, figure: Figure) -> bool:
    written = passage.text[figure.start : figure.end]
    return any(
        start <= figure.start < end and passage.text[start:end].strip() == written for start, end, _ in passage.cells()
    )


def _column(passage: Passage, figure: Figure) -> str:
    """Return the heading of the figure's column if the figure is a whole cell, otherwise ""."""
    if not _is_whole_cell(passage, figure):
        return ""
    return next(heading for start, end, heading in passage.cells() if start <= figure.start < end)
