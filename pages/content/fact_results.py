"""Find the amounts that follow from a fact: results of calculations, and a price times a number of assessments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from .fact_passages import Passage
from .fact_statements import FactFinder
from .facts import Fact
from .figures import Figure
from .located_text import LocatedText
from .named_prices import counts_in
from .problems import Span
from .sum_checks import ShownSum
from .sums import Calculation


class NewFigure(NamedTuple):
    """A figure in a text, with the figure's new value."""

    located: LocatedText
    figure: Figure
    low: Decimal
    high: Decimal

    @property
    def span(self) -> Span:
        return self.located.span(self.figure.start, self.figure.end)


Changes = dict[Span, NewFigure]


def add_results(sums: Sequence[ShownSum], changes: Changes) -> None:
    """If a calculation has a figure that changes, add the new result of the calculation to `changes`.

    The result can also be a figure in another calculation. So repeat this until no result changes anymore.
    """
    is_complete = False
    while not is_complete:
        is_complete = True
        for shown in sums:
            span = shown.result_span
            if span not in changes and (value := _new_result(shown, changes)) is not None:
                changes[span] = NewFigure(shown.result_text, shown.equation.result, value, value)
                is_complete = False


def _new_result(shown: ShownSum, changes: Changes) -> Decimal | None:
    """Calculate the result of `shown` again, with the new values in `changes`.

    Return None if no figure of the calculation changes, or if the result in the document is wrong or only approximate.
    """
    equation = shown.equation
    new = [changes.get(text.span(figure.start, figure.end)) for text, figure in shown.parts]
    if not any(new) or equation.is_about or not equation.holds:
        return None
    figures = tuple(
        figure._replace(low=change.low, high=change.high) if change else figure
        for (_, figure), change in zip(shown.parts, new, strict=True)
    )
    is_exact = equation.expected == equation.exact
    changed = replace(equation, calculation=Calculation(figures, equation.calculation.operators))
    return changed.exact if is_exact else changed.expected


def products(passage: Passage, fact: Fact, finder: FactFinder) -> Iterator[tuple[Figure, Decimal]]:
    """Find amounts such as ₹18,000 for 10 assessments: the price `fact`, multiplied by a number in the passage.

    Yield each amount with this number. Leave out amounts that may be calculated from another price:

    - If the sentence or table column of the amount names any price other than `fact`, leave out the amount.
    - If no price is named there, leave out an amount that equals another price multiplied by a number in the passage.
    """
    price = finder.values[fact.name]
    counts = {count for count in counts_in(passage) if count > 1}
    for amount in passage.figures:
        if amount.kind != "money" or amount.unit != price.unit or amount.low != amount.high or not price.low:
            continue
        count = amount.low / price.low
        if count in counts and _is_about(passage, amount, fact, finder, counts):
            yield amount, count


def _is_about(passage: Passage, amount: Figure, fact: Fact, finder: FactFinder, counts: Iterable[Decimal]) -> bool:
    named = _named_facts(passage, amount, finder)
    if named:
        return named == {fact.name}
    others = (each for name, each in finder.values.items() if each.kind == "money" and name != fact.name)
    return not any(amount.low == other.low * count for other in others for count in counts)


def _named_facts(passage: Passage, amount: Figure, finder: FactFinder) -> set[str]:
    """Return the names of the prices that are mentioned near an amount.

    In a table, look in the heading of the amount's column first, and then in the amount's row. Elsewhere, look in the
    amount's sentence.
    """
    for start, end, heading in passage.cells() if passage.columns else ():
        if start <= amount.start < end and (above := _names_in(heading, finder)):
            return above
    start, end = (0, len(passage.text)) if passage.columns else passage.sentence_at(amount.start)
    return _names_in(passage.text[start:end], finder)


def _names_in(text: str, finder: FactFinder) -> set[str]:
    """Return the names of the prices that `text` mentions."""
    return {name.fact.name for name in finder.prices.names_in(text)}


def repeated(passage: Passage, fact: Fact, finder: FactFinder, changes: Changes) -> Iterator[tuple[Figure, Decimal]]:
    """Find the amounts that repeat a changed amount in the same passage. Yield each with its new value.

    A changed amount divided by a count in the passage is a repetition, too. For example, if ₹18,000 changes, then
    ₹9,000 also changes in: “Two assessments cost ₹18,000, so each costs ₹9,000.”
    """
    price = finder.values[fact.name]
    others = {each.start for each in finder.find(passage) if each.fact.name != fact.name}
    money = [figure for figure in passage.figures if figure.kind == "money"]
    spans = {figure: passage.located.span(figure.start, figure.end) for figure in money}
    changed = {figure.low: changes[span].low for figure, span in spans.items() if span in changes}
    counts = [figure.low for figure in passage.figures if figure.kind == "count" and figure.low == figure.high > 1]
    for figure, span in spans.items():
        named = _named_facts(passage, figure, finder)
        is_other = figure.start in others or (named and fact.name not in named)
        if span in changes or is_other or figure.low != figure.high:
            continue
        for old, new in changed.items():
            divisors = (Decimal(1), *(counts if old != price.low else ()))
            divisor = next((count for count in divisors if figure.low * count == old), None)
            if divisor:
                yield figure, new / divisor
                break
