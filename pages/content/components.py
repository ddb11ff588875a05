"""Components of a section's body. Each has a template of the same name in `templates/components/`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import ClassVar

from . import markup
from .blocks import Block, Item, List, Paragraph, Table, map_inlines, transform_inlines
from .calls_to_action import CallResolver, CallToAction, may_have_calls, split_calls
from .inlines import Inline, join
from .languages import ENGLISH, Language
from .markup import Html
from .outline import Outline
from .problems import Problem, Source

# The tone of a table column or a note, keyed by a word in its heading or label. The tone decides the mark on the page.
TONES = {"red flag": "flag", "weak": "flag", "poor": "flag", "great": "great", "strong": "great", "good": "great"}

# Outside a challenge section, a list becomes columns if it has at least this many items, each with a bold sentence.
MIN_STATEMENTS = 3
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)]*$")

# A blank for handwriting: at least three underscores. Two are not enough, because names in code can have two.
_BLANK = re.compile(r"_{3,}")


@dataclass(frozen=True)
class Component:
    """A part of a section.

    The part's `template` arranges the part's fields on the page, and contains no other logic.
    """

    template: ClassVar[str]


@dataclass(frozen=True)
class Prose(Component):
    template: ClassVar[str] = "components/prose.html"
    html: Html

    @property
    def has_table_series(self) -> bool:
        """Whether the text has three or more tables, as a scorecard does.

        The stylesheet then aligns the columns of these tables.
        """
        return self.html.count('<div class="table-scroll') >= 3


@dataclass(frozen=True)
class Actions(Component):
    template: ClassVar[str] = "components/actions.html"
    calls: tuple[CallToAction, ...]


@dataclass(frozen=True)
class Fact(Component):
    """A line such as `**Label:** value`. The page shows this line separately from the section's text."""

    template: ClassVar[str] = "components/fact.html"
    label: str
    value: Html


@dataclass(frozen=True)
class Statement:
    """A list item. `lead` is the bold text at its start."""

    lead: Html
    rest: Html


@dataclass(frozen=True)
class Statements(Component):
    """Statements in columns. In a challenge section, red lines mark them as mistakes. If `is_plain`, lines are gray."""

    template: ClassVar[str] = "components/statements.html"
    statements: tuple[Statement, ...]
    is_plain: bool = False


def _lead(item: Item) -> Inline:
    first = item.blocks[0] if item.blocks else None
    return first.inline.split_lead()[0] if isinstance(first, Paragraph) else Inline()


@dataclass(frozen=True)
class Cell:
    """A table cell.

    `heading` is its column's heading, which phones show beside each cell. `tone` depends on that heading: "great" for
    great answers, "flag" for red flags, otherwise "".
    """

    html: Html
    heading: str
    tone: str = ""


@dataclass(frozen=True)
class Grid:
    """A table, prepared for templates. The first cell of each row is the row's header."""

    columns: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


def build_grid(table: Table, tones: Mapping[str, str] | None = None) -> Grid:
    """Build a grid from a table.

    `tones` maps a lowercase word in a column's heading to the column's tone. The header is padded to the length of the
    longest row. Rows are not padded: otherwise, one long row and many short rows would make the grid grow
    quadratically.
    """
    width = max(len(row.cells) for row in (table.head, *table.rows))

    head = (*table.head.cells, *(Inline() for _ in range(width - len(table.head.cells))))
    columns = tuple(Cell(markup.render_text(cell), cell.text, tone_of(cell.text, tones or {})) for cell in head)
    return Grid(
        columns,
        tuple(
            tuple(
                Cell(markup.render_inline(cell) if index else markup.render_text(cell), column.heading, column.tone)
                for index, (column, cell) in enumerate(zip(columns, row.cells, strict=False))
            )
            for row in table.rows
        ),
    )


def tone_of(heading: str, tones: Mapping[str, str]) -> str:
    """Return the tone of the first word in `tones` that `heading` contains, or "" if it contains none of them."""
    return next((tone for word, tone in tones.items() if word in heading.lower()), "")


@dataclass(frozen=True)
class Worksheet(Component):
    """A table to fill in by hand. Cells of underscores become empty cells."""

    template: ClassVar[str] = "components/worksheet.html"
    grid: Grid


@dataclass(frozen=True)
class BlankLines(Component):
    """Lines to fill in by hand, such as `Name ______`. Each label has an empty line after it."""

    template: ClassVar[str] = "components/blank_lines.html"
    labels: tuple[Html, ...]


def build_worksheet(block: Block) -> Worksheet | BlankLines | None:
    """Return a component for a table or paragraph with blanks to fill in. Return None for any other block."""
    if isinstance(block, Table) and any(_BLANK.search(cell.text) for row in block.rows for cell in row.cells):
        (table,) = map_inlines([block], _without_blanks)
        return Worksheet(build_grid(table)) if isinstance(table, Table) else None
    lines = block.inline.lines() if isinstance(block, Paragraph) else ()
    if lines and all(re.search(r"\S _{3,}$", line.text.strip()) for line in lines):
        return BlankLines(tuple(markup.render_inline(_without_blanks(line).strip()) for line in lines))
    return None


def _without_blanks(content: Inline) -> Inline:
    return Inline(tuple(run._replace(text=_BLANK.sub("", run.text)) for run in content.runs))


def split_paragraphs(blocks: Iterable[Block], starts_part: Callable[[Inline, Inline], bool]) -> Iterator[Block]:
    """Yield `blocks`, with paragraphs split before each line for which `starts_part(line, previous_line)` is true.

    Writers often leave out the blank line before such a line.
    """
    for block in blocks:
        lines = block.inline.lines() if isinstance(block, Paragraph) else ()
        cuts = [number for number in range(1, len(lines)) if starts_part(lines[number], lines[number - 1])]
        if not cuts:
            yield block
            continue
        for start, end in pairwise([0, *cuts, len(lines)]):
            yield Paragraph(lines[start].line, join(lines[start:end]))


@dataclass
class Context:
    """State shared by the sections of one document during parsing."""

    source: Source
    outline: Outline
    call_resolver: CallResolver
    problems: list[Problem]
    language: Language = ENGLISH

    def mark_calls(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        return transform_inlines(blocks, self.call_resolver.mark, may_have_calls)

    def render_prose(self, blocks: Iterable[Block]) -> Html:
        return markup.render_blocks(blocks, self.outline)

    def to_components(self, blocks: Iterable[Block]) -> tuple[Component, ...]:
        """Convert blocks in order.

        Calls to action become buttons, blocks with blanks become worksheets, lists of statements become columns, and
        everything else becomes prose.
        """
        components: list[Component] = []
        pending: list[Block] = []

        def flush() -> None:
            html = self.render_prose(pending)
            pending.clear()
            if html:
                components.append(Prose(html))

        for block in blocks:
            for calls, rest in self._split_calls(block):
                if calls:
                    flush()
                    components.append(Actions(calls))
                elif part := build_worksheet(rest) or self._plain_statements(rest):
                    flush()
                    components.append(part)
                else:
                    pending.append(rest)
        flush()
        return tuple(components)

    def build_body(
        self, blocks: Iterable[Block], convert: Callable[[Block], Component | None]
    ) -> tuple[Component, ...]:
        """Convert blocks in order with `convert`, or with `to_components` where `convert` returns None."""
        components: list[Component] = []
        pending: list[Block] = []
        for block in blocks:
            if component := convert(block):
                components += [*self.to_components(pending), component]
                pending.clear()
            else:
                pending.append(block)
        return (*components, *self.to_components(pending))

    def build_statements(self, block: Block) -> Statements | None:
        """Return the statements in a list whose items all begin with bold text. Return None for any other block."""
        if isinstance(block, List) and not block.is_ordered and all(_lead(item) for item in block.items):
            return Statements(tuple(self._statement(item) for item in block.items))
        return None

    def _plain_statements(self, block: Block) -> Statements | None:
        """Return a list as statements if it has MIN_STATEMENTS items or more, and all begin with a bold sentence."""
        if not isinstance(block, List) or len(block.items) < MIN_STATEMENTS:
            return None
        if not all(_SENTENCE_END.search(_lead(item).text) for item in block.items):
            return None
        statements = self.build_statements(block)
        return statements and replace(statements, is_plain=True)

    def _statement(self, item: Item) -> Statement:
        first = item.blocks[0]
        lead, rest = first.inline.split_lead() if isinstance(first, Paragraph) else (Inline(), Inline())
        html = markup.render_inline(rest.strip())
        more = self.render_prose(item.blocks[1:])
        return Statement(markup.render_text(lead), markup.join_html(html, more))

    def _split_calls(self, block: Block) -> Iterator[tuple[tuple[CallToAction, ...], Block]]:
        if isinstance(block, Paragraph):
            parts = list(split_calls(block.inline.lines(), self.call_resolver))
            if not any(calls for calls, _ in parts):
                yield (), block
                return
            for calls, rest in parts:
                yield calls, Paragraph(rest.line, rest, block.is_tight)
        elif isinstance(block, List) and (calls := self._calls_in_list(block)):
            yield calls, block
        else:
            yield (), block

    def _calls_in_list(self, block: List) -> tuple[CallToAction, ...]:
        list_calls: list[CallToAction] = []
        for item in block.items:
            only = item.blocks[0] if len(item.blocks) == 1 else None
            lines = only.inline.lines() if isinstance(only, Paragraph) else ()
            parts = list(split_calls(lines, self.call_resolver))
            if len(parts) != 1 or not parts[0][0]:
                return ()
            list_calls += parts[0][0]
        return tuple(list_calls)
