"""What a section's body is made of. Each part is printed by the template of its name in `templates/parts/`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from . import markup
from .blocks import Block, List, Paragraph, Table, map_inlines
from .calls_to_action import CallResolver, CallToAction, split_calls
from .inlines import Inline, join
from .markup import Html, Outline
from .problems import Problem, Source


@dataclass(frozen=True)
class Component:
    """A stretch of a section. `template` is its own; templates read its fields and decide nothing but layout."""

    template: ClassVar[str]


@dataclass(frozen=True)
class Prose(Component):
    template: ClassVar[str] = "components/prose.html"
    html: Html


@dataclass(frozen=True)
class Actions(Component):
    template: ClassVar[str] = "components/actions.html"
    calls: tuple[CallToAction, ...]


@dataclass(frozen=True)
class Fact(Component):
    """A `**Label:** value` line that a section's kind sets apart."""

    template: ClassVar[str] = "components/fact.html"
    label: str
    value: Html


@dataclass(frozen=True)
class Cell:
    """A table's cell with the words of its column's head, which it carries along where a phone sets rows as blocks.

    `tone` is what the column says by its heading: "great", "flag", or nothing."""

    html: Html
    heading: str
    tone: str = ""


@dataclass(frozen=True)
class Grid:
    """A table as templates read it; the first cell of a row is its head."""

    columns: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


def build_grid(table: Table, tones: Mapping[str, str] | None = None) -> Grid:
    """`tones` maps a word of a column's heading, in lower case, to the column's tone. The head is filled up to the
    longest row; rows are not, or a table of one long row and many short ones would grow with the square of its size."""
    width = max(len(row.cells) for row in (table.head, *table.rows))

    head = (*table.head.cells, *(Inline() for _ in range(width - len(table.head.cells))))
    columns = tuple(Cell(markup.render_text(cell), cell.text, _tone(cell.text, tones or {})) for cell in head)
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


def _tone(heading: str, tones: Mapping[str, str]) -> str:
    return next((tone for word, tone in tones.items() if word in heading.lower()), "")


def split_paragraphs(blocks: Iterable[Block], begins: Callable[[Inline, Inline], bool]) -> Iterator[Block]:
    """`blocks`, each paragraph cut before the lines that begin something of their own, as `begins(line, line before)`
    says: writers leave out the empty line between."""
    for block in blocks:
        lines = block.inline.lines() if isinstance(block, Paragraph) else ()
        cuts = [number for number in range(1, len(lines)) if begins(lines[number], lines[number - 1])]
        if not cuts:
            yield block
            continue
        for start, end in pairwise([0, *cuts, len(lines)]):
            yield Paragraph(lines[start].line, join(lines[start:end]))


@dataclass
class Context:
    """What the sections of one document share while it is read."""

    source: Source
    outline: Outline
    call_resolver: CallResolver
    problems: list[Problem]

    def mark_calls(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        return map_inlines(blocks, self.call_resolver.mark)

    def render_prose(self, blocks: Iterable[Block]) -> Html:
        return markup.render_blocks(blocks, self.outline)

    def to_components(self, blocks: Iterable[Block]) -> tuple[Component, ...]:
        """Blocks that no kind knows: calls to action as buttons, all the rest as prose, in the order written."""
        parts: list[Component] = []
        pending: list[Block] = []

        def close() -> None:
            html = self.render_prose(pending)
            pending.clear()
            if html:
                parts.append(Prose(html))

        for block in blocks:
            for calls, rest in self._actions(block):
                if calls:
                    close()
                    parts.append(Actions(calls))
                else:
                    pending.append(rest)
        close()
        return tuple(parts)

    def build_body(
        self, blocks: Iterable[Block], part_of: Callable[[Block], Component | None]
    ) -> tuple[Component, ...]:
        """Blocks of which a kind knows some, by `part_of`; the others flow between them."""
        parts: list[Component] = []
        pending: list[Block] = []
        for block in blocks:
            if part := part_of(block):
                parts += [*self.to_components(pending), part]
                pending.clear()
            else:
                pending.append(block)
        return (*parts, *self.to_components(pending))

    def _actions(self, block: Block) -> Iterator[tuple[tuple[CallToAction, ...], Block]]:
        if isinstance(block, Paragraph):
            stretches = list(split_calls(block.inline.lines(), self.call_resolver))
            if not any(calls for calls, _ in stretches):
                yield (), block
                return
            for calls, rest in stretches:
                yield calls, Paragraph(rest.line, rest, block.tight)
        elif isinstance(block, List) and (calls := self._list_of_calls(block)):
            yield calls, block
        else:
            yield (), block

    def _list_of_calls(self, block: List) -> tuple[CallToAction, ...]:
        found: list[CallToAction] = []
        for item in block.items:
            only = item.blocks[0] if len(item.blocks) == 1 else None
            lines = only.inline.lines() if isinstance(only, Paragraph) else ()
            stretches = list(split_calls(lines, self.call_resolver))
            if len(stretches) != 1 or not stretches[0][0]:
                return ()
            found += stretches[0][0]
        return tuple(found)
