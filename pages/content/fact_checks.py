"""Compare the figures of a document with the facts in `facts.toml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from .claims import find_vague_claims, is_claim
from .fact_statements import FactFinder, Statement, finder_of, sentences
from .facts import Fact, Facts
from .figures import Figure, find_figures, to_figure
from .passages import Passage
from .problems import Problem, Source
from .sums import find_equations

_HELP = (
    "Correct or remove it. If it is true, add it to facts.toml. "
    "If it is part of an example, write in this section that the figures are made up."
)


def check_facts(source: Source, passages: Iterable[Passage], facts: Facts, url: str) -> Iterator[Problem]:
    """Yield a problem for each statement that disagrees with a fact, and for each figure that is no fact.

    `url` is the page's URL. A fact with pages holds only for them. Without any facts, nothing is checked.
    """
    if not facts.facts:
        return
    finder = finder_of(tuple(facts.facts.values()))
    checker = _Checker(source, finder, url)
    found = [(passage, list(find_figures(passage.text))) for passage in passages]
    for passage, figures in found:
        checker.collect_amounts(passage, figures)
    for passage, figures in found:
        yield from checker.check(passage, figures)


class _Checker:
    """Checks the passages of one document. `amounts` are the amounts of money that the document may contain."""

    def __init__(self, source: Source, finder: FactFinder, url: str) -> None:
        self.source, self.finder, self.url = source, finder, url
        self.amounts = {(price.low, price.unit) for price in finder.money}

    def collect_amounts(self, passage: Passage, figures: Sequence[Figure]) -> None:
        """Remember the inputs of a calculator, the results of shown arithmetic, and products of prices."""
        money = [figure for figure in figures if figure.kind == "money"]
        if not money:
            return
        if passage.is_input:
            self.amounts |= {(figure.low, figure.unit) for figure in self._whole_cells(passage, money)}
        results = {equation.result.low for equation in find_equations(passage.text)}
        counts = _counts(figures)
        for figure in money:
            if figure.low in results or self.finder.is_product(figure, counts):
                self.amounts.add((figure.low, figure.unit))

    def check(self, passage: Passage, figures: Sequence[Figure]) -> Iterator[Problem]:
        results = {equation.result.low for equation in find_equations(passage.text)} if "=" in passage.text else set()
        statements = {statement.start: statement for statement in self.finder.find(passage, figures, results)}
        for statement in statements.values():
            yield from self._check_statement(passage, statement)
        if passage.is_made_up:
            return
        for figure in figures:
            if figure.start not in statements and self._is_unknown(passage, figure, figures):
                yield from self._unknown(passage, figure)
        for start, end in find_vague_claims(passage.text):
            yield self._problem(passage, start, end)

    def _check_statement(self, passage: Passage, statement: Statement) -> Iterator[Problem]:
        ...
