"""The types of blocks that `blocks.parse` returns. Other modules import these types from `blocks`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from .inlines import Inline

Alignment = Literal["left", "right", "center", ""]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of `level` 1 to 6. `raw_text` is the text as written, before a change to sentence case."""

    line: int
    level: int
    inline: Inline
    raw_text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. `is_tight` means that it belongs to a tight list and has no space around it."""

    line: int
    inline: Inline
    is_tight: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    line: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class List:
    line: int
    is_ordered: bool
    start: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A table row. markdown-it pads `cells` to the header's length.

    `cell_count` excludes this padding.
    """

    line: int
    cells: tuple[Inline, ...]
    cell_count: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table. Rows may have more cells than `head`, the header row."""

    line: int
    head: Row
    rows: tuple[Row, ...]
    alignments: tuple[Alignment, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A code block. `info` is the text after the opening fence. `text_line` is the line number where the code starts.

    `is_closed` is False for a fenced block without a closing fence.
    """

    line: int
    text: str
    info: str
    text_line: int
    is_closed: bool = True


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation. `attribution` is its last line if this line begins with a long dash, such as “— Name, Role”."""

    line: int
    blocks: tuple[Block, ...]
    attribution: Inline = Inline()  # noqa: RUF009 - immutable


@dataclass(frozen=True, slots=True)
class Callout:
    """A quote whose first line is a mark such as `[!NOTE]`. `kind` is the word in the mark, such as `note`."""

    line: int
    kind: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """A term, and one or more explanations of it."""

    line: int
    term: Inline
    details: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class DefinitionList:
    line: int
    definitions: tuple[Definition, ...]


@dataclass(frozen=True, slots=True)
class Footnote:
    """The text of a footnote. `label` is “1” for `[^1]: …`."""

    line: int
    label: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    line: int


Block = Heading | Paragraph | List | Table | Code | Quote | Callout | DefinitionList | Footnote | Rule


# Most blocks are of these types, and contain no blocks. In `isinstance`, a tuple is faster than a union of types.
_WITHOUT_CHILDREN = (Paragraph, Heading, Table)


def child_blocks(block: Block) -> tuple[Block, ...]:
    """Return the blocks directly inside `block`, in order."""
    if isinstance(block, _WITHOUT_CHILDREN):
        return ()
    match block:
        case List():
            return tuple(child for item in block.items for child in item.blocks)
        case Quote() | Callout() | Footnote():
            return block.blocks
        case DefinitionList():
            details = (item for definition in block.definitions for item in definition.details)
            return tuple(child for item in details for child in item.blocks)
    return ()


def inlines_of(blocks: Iterable[Block]) -> Iterator[Inline]:
    """Yield all inline content of `blocks`, in order. Code blocks have none."""
    for block in blocks:
        match block:
            case Heading() | Paragraph():
                yield block.inline
            case Quote():
                yield from inlines_of(block.blocks)
                yield block.attribution
            case DefinitionList():
                for definition in block.definitions:
                    yield definition.term
                    yield from (inline for item in definition.details for inline in inlines_of(item.blocks))
            case Table():
                yield from (cell for row in (block.head, *block.rows) for cell in row.cells)
            case _:
                yield from inlines_of(child_blocks(block))
