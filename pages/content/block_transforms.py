"""Functions that change the inline content of blocks. Other modules import them from `blocks`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from .block_types import (
    Block,
    Callout,
    Definition,
    DefinitionList,
    Footnote,
    Heading,
    Item,
    List,
    Paragraph,
    Quote,
    Row,
    Table,
    inlines_of,
)
from .inlines import Inline


def map_inlines(blocks: Iterable[Block], transform: Callable[[Inline], Inline]) -> tuple[Block, ...]:
    """Return `blocks` with `transform` applied to all inline content.

    Code blocks and `Heading.raw_text` stay the same. Unchanged blocks are returned as they are, not copied.
    `transform_inlines` is faster if `transform` changes few inlines.
    """

    def map_row(old: Row) -> Row:
        cells = tuple(transform(cell) for cell in old.cells)
        return old if _all_identical(cells, old.cells) else replace(old, cells=cells)

    def map_item(old: Item) -> Item:
        inner = map_inlines(old.blocks, transform)
        return old if _all_identical(inner, old.blocks) else replace(old, blocks=inner)

    def map_definition(old: Definition) -> Definition:
        return replace(old, term=transform(old.term), details=tuple(map(map_item, old.details)))

    def map_block(block: Block) -> Block:
        match block:
            case Paragraph() | Heading():
                inline = transform(block.inline)
                return block if inline is block.inline else replace(block, inline=inline)
            case List():
                items = tuple(map_item(old) for old in block.items)
                return block if _all_identical(items, block.items) else replace(block, items=items)
            case Quote():
                inner = map_inlines(block.blocks, transform)
                return replace(block, blocks=inner, attribution=transform(block.attribution))
            case Callout() | Footnote():
                return replace(block, blocks=map_inlines(block.blocks, transform))
            case DefinitionList():
                return replace(block, definitions=tuple(map(map_definition, block.definitions)))
            case Table():
                return replace(block, head=map_row(block.head), rows=tuple(map_row(old) for old in block.rows))
        return block

    return tuple(map_block(block) for block in blocks)


def transform_inlines(
    blocks: Iterable[Block], transform: Callable[[Inline], Inline], may_change: Callable[[Inline], bool]
) -> tuple[Block, ...]:
    """Return `blocks` with `transform` applied to all inline content. Skip blocks that `transform` can't change.

    `may_change` returns whether `transform` may change the given content. It must be faster than `transform`.
    """
    return tuple(
        [map_inlines([block], transform)[0] if any(map(may_change, inlines_of([block]))) else block for block in blocks]
    )


def _all_identical(left: Iterable[object], right: Iterable[object]) -> bool:
    return all(one is other for one, other in zip(left, right, strict=True))
