"""Find the calculations in a document, and report wrong results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from .blocks import Block, Heading, Table, child_blocks, inlines_of
from .figures import Figure
from .located_text import LocatedText, inline_text, line_text
from .problems import Problem, Source, Span
from .sections import Kind, kind_of, questions
from .sums import Equation, find_equations, may_have_equation
from .table_sums import find_table_sums
from .written_figures import write_like

MAX_SHOWN_FIGURES = 6  # A message shows at most this many figures of a calculation.


@dataclass(frozen=True)
class ShownSum:
    """A calculation in a document. `parts` has each figure, and the text that contains the figure."""

    equation: Equation
    parts: tuple[tuple[LocatedText, Figure], ...]
    result_text: LocatedText

    @property
    def result_span(self) -> Span:
        return self.result_text.span(self.equation.result.start, self.equation.result.end)


def sums_of_text(text: LocatedText) -> Iterator[ShownSum]:
    """Yield the calculations in `text`."""
    for equation in find_equations(text.text):
        yield ShownSum(equation, tuple((text, figure) for figure in equation.calculation.figures), text)


def sums_of_blocks(blocks: Sequence[Block]) -> Iterator[ShownSum]:
    """Yield the calculations in the text and the tables of `blocks`."""
    for inline in inlines_of(blocks):
        if may_have_equation(inline.text):
            yield from sums_of_text(inline_text(inline))
    for table in _tables(blocks):
        for found in find_table_sums(table):
            parts = tuple((cell.text, cell.figure) for cell in found.parts)
            yield ShownSum(found.equation, parts, found.total.text)


def sums_of_sections(
    sections: Iterable[tuple[Heading | None, Sequence[Block]]],
    meta_lines: Mapping[int, str],
    headings: Mapping[str, str],
) -> Iterator[ShownSum]:
    """Yield the calculations in a document. Leave out interview questions, which may be wrong on purpose.

    `headings` are headings in other languages (see `translated_headings`).
    """
    for number, line in meta_lines.items():
        yield from sums_of_text(line_text(number, line))
    for heading, blocks in sections:
        if heading is None or kind_of(heading.raw_text, blocks, headings) is not cast(Kind, questions):
            yield from sums_of_blocks([heading, *blocks] if heading else blocks)


def check_sums(source: Source, sums: Iterable[ShownSum]) -> Iterator[Problem]:
    """Yield a problem for each calculation with a wrong result."""
    for shown in sums:
        equation = shown.equation
        if equation.is_clear and not equation.holds and equation.expected is not None:
            result, text = equation.result, shown.result_text.text
            right = write_like(text, result, equation.expected) or f"{equation.expected:f}"
            message = f"{_calculation(shown)} is {right}, not {text[result.start : result.end]}."
            help = f"Write {right}, or correct the other figures."
            yield source.problem("wrong-sum", message, help, **shown.result_span._asdict())


def _calculation(shown: ShownSum) -> str:
    texts = [text.text[figure.start : figure.end] for text, figure in shown.parts]
    if len(texts) > MAX_SHOWN_FIGURES:
        return f"The sum of these {len(texts)} figures"
    operators = (*shown.equation.calculation.operators, "")
    return " ".join(f"{text} {operator}" for text, operator in zip(texts, operators, strict=True)).rstrip()


def _tables(blocks: Iterable[Block]) -> Iterator[Table]:
    for block in blocks:
        if isinstance(block, Table):
            yield block
        yield from _tables(child_blocks(block))
