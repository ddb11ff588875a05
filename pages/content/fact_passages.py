"""The passages of a document that can state facts: paragraphs, headings, table rows and lines of META.

Leave out code and interview questions. An interview question may contain any figure.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import cast

from .blocks import Block, DefinitionList, Heading, Paragraph, Quote, Table, child_blocks
from .figures import Figure, find_figures
from .inlines import Inline
from .located_text import LocatedText, inline_text, line_text
from .sections import Kind, calculator, kind_of, questions, report
from .sums import find_equations

CELL_GAP = " | "  # This text separates two cells of a row.

# These limits keep the time of all checks linear in a document's length. Real documents stay below the limits. The
# checks read the first MAX_CELLS cells of a row, the first MAX_FIGURES figures of a passage, the last MAX_QUESTION
# characters of the question before an answer, and MAX_WORDS characters on each side of a figure.
MAX_CELLS = 50
MAX_FIGURES = 200
MAX_QUESTION = 300
MAX_WORDS = 270

# Readers see only the text of these keys of META.
_META_WITH_TEXT = re.compile(r"\s*(?:title|nav title|description|keywords)\s*:", re.IGNORECASE)
_NUMBERED = re.compile(r"\d{1,4}[.)]\s")

# A section with one of these words is a made-up example. The marketers' guide lists these words.
_MADE_UP = re.compile(
    r"(?<!not )(?<!n’t )(?<!n't )(?<!never )\bmade[ -]up\b(?! (?:of|for|by|their|his|her|your|my|our)\b)"
    r"|(?<!not )\b(?:invented|fictional|illustrative)\b|\bexample (?:figures|numbers|amounts)\b",
    re.IGNORECASE,
)
# Each match of _MADE_UP contains one of these words. Searching for these words first saves time.
_MADE_UP_HINTS = ("made", "invented", "fictional", "illustrative", "example ")
# Matches the end of a sentence, and the separator after a cell or another part of a line.
_SENTENCE_END = re.compile(r"(?<!\bRs)(?<!\be\.g)(?<!\bi\.e)(?<![.!?])[.!?]++[\"'”’)*]*+\s+|\s[|]\s")


@dataclass(frozen=True)
class Passage:
    """A paragraph, a heading, a table row or a line of META.

    A row's cells are separated by CELL_GAP. `columns` has the offset of each cell, and the heading of its column.
    `question` is the question before an answer, if any. `is_made_up` means that the passage's section says that its
    figures are made up. `is_input` is True for a row of a calculator's inputs.
    """

    located: LocatedText
    columns: tuple[tuple[int, str], ...] = ()
    question: str = ""
    is_made_up: bool = False
    is_input: bool = False

    @property
    def text(self) -> str:
        return self.located.text

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The first MAX_FIGURES figures."""
        return tuple(find_figures(self.text)[:MAX_FIGURES])

    @cached_property
    def results(self) -> frozenset[Decimal]:
        """The results of the calculations that the text shows."""
        return frozenset(equation.result.low for equation in find_equations(self.text))

    @cached_property
    def _sentence_ends(self) -> list[int]:
        return [*(match.end() for match in _SENTENCE_END.finditer(self.text)), len(self.text) + 1]

    def sentence_at(self, offset: int) -> tuple[int, int]:
        """Return the start and the end of the sentence at `offset`. No sentence goes beyond its table cell."""
        ends = self._sentence_ends
        index = bisect_right(ends, offset)
        return ends[index - 1] if index else 0, min(ends[index], len(self.text))

    def words_near(self, figure: Figure) -> str:
        """Return the sentence around a figure. Cut the sentence at MAX_WORDS characters on each side of the figure."""
        start, end = self.sentence_at(figure.start)
        return self.text[max(start, figure.start - MAX_WORDS) : min(end, figure.end + MAX_WORDS)]

    def question_before(self, figure: Figure) -> str:
        """Return the question before the sentence that contains `figure`, or ""."""
        start, _ = self.sentence_at(figure.start)
        before = self.text[max(start - MAX_QUESTION, 0) : start].rstrip()
        return (before if before.endswith("?") else "") if before else self.question

    def cells(self) -> Iterator[tuple[int, int, str]]:
        """If the passage is a table row, yield the start, the end and the column's heading of each cell."""
        starts = [*(start for start, _ in self.columns), len(self.text) + len(CELL_GAP)]
        for (start, heading), following in zip(self.columns, starts[1:], strict=True):
            yield start, following - len(CELL_GAP), heading


def find_passages(
    sections: Iterable[tuple[Heading | None, Sequence[Block]]],
    meta_lines: Mapping[int, str],
    headings: Mapping[str, str],
) -> Iterator[Passage]:
    """Yield the passages of META and of all sections. `headings` are translated headings (`translated_headings`)."""
    for number, line in meta_lines.items():
        if _META_WITH_TEXT.match(line):
            yield Passage(line_text(number, line))
    for heading, blocks in sections:
        kind = kind_of(heading.raw_text if heading else "", blocks, headings)
        if kind is cast(Kind, questions):
            blocks = list(_without_questions(blocks))
        is_input = kind is cast(Kind, calculator)
        found = list(passages_of([heading, *blocks] if heading else blocks, is_input=is_input))
        if kind is cast(Kind, report) or _say_made_up(found):
            found = [replace(passage, is_made_up=True) for passage in found]
        yield from found


def passages_of(blocks: Iterable[Block], *, is_input: bool = False) -> Iterator[Passage]:
    """Yield the passages of `blocks`. `is_input` means that the tables have the inputs of a calculator."""
    question = ""
    for block in blocks:
        if isinstance(block, Table):
            yield from _rows(block, is_input=is_input)
        for inline in _own_inlines(block):
            passage = Passage(inline_text(inline), question=question)
            yield passage
            text = passage.text.rstrip()
            question = text[-MAX_QUESTION:] if text.endswith("?") else ""
        yield from passages_of(child_blocks(block), is_input=is_input)


def _own_inlines(block: Block) -> Iterator[Inline]:
    match block:
        case Heading() | Paragraph():
            yield block.inline
        case Quote():
            yield block.attribution
        case DefinitionList():
            yield from (definition.term for definition in block.definitions)


def _rows(table: Table, *, is_input: bool) -> Iterator[Passage]:
    headings = [cell.text for cell in table.head.cells]
    yield _row(table.head.cells, [])
    for row in table.rows:
        yield replace(_row(row.cells, headings), is_input=is_input)


def _row(cells: Sequence[Inline], headings: Sequence[str]) -> Passage:
    texts, columns, starts, places, offset = list[str](), [], list[int](), list[tuple[int, int]](), 0
    for index, cell in enumerate(cells[:MAX_CELLS]):
        located = inline_text(cell)
        columns.append((offset, headings[index] if index < len(headings) else ""))
        texts.append(located.text)
        starts += [offset + start for start in located.starts]
        places += located.places
        offset += len(located.text) + len(CELL_GAP)
    return Passage(LocatedText(CELL_GAP.join(texts), tuple(starts or [0]), tuple(places or [(1, 1)])), tuple(columns))


def _without_questions(blocks: Iterable[Block]) -> Iterator[Block]:
    """Leave out interview questions, and everything below them up to the next heading or call to action."""
    in_question = False
    for block in blocks:
        if isinstance(block, Heading) or (
            isinstance(block, Paragraph) and any(run.is_call for run in block.inline.runs)
        ):
            in_question = False
        elif isinstance(block, Paragraph) and block.inline.runs:
            in_question = in_question or bool(block.inline.runs[0].strong and _NUMBERED.match(block.inline.text))
        if not in_question:
            yield block


def _say_made_up(passages: Iterable[Passage]) -> bool:
    texts = [passage.text.lower() for passage in passages]
    whole = "\n".join(texts)
    return any(hint in whole for hint in _MADE_UP_HINTS) and any(map(_MADE_UP.search, texts))
