"""Parse Markdown text into blocks with line numbers. This module knows nothing about pages and sections."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from markdown_it.token import Token

from . import inlines, markdown
from .inlines import Inline, Run

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
    line: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    line: int


Block = Heading | Paragraph | List | Table | Code | Quote | Rule


def inlines_of(blocks: Iterable[Block]) -> Iterator[Inline]:
    """Yield all inline content of `blocks`, in order. Code blocks have none."""
    for block in blocks:
        match block:
            case Heading() | Paragraph():
                yield block.inline
            case List():
                for item in block.items:
                    yield from inlines_of(item.blocks)
            case Quote():
                yield from inlines_of(block.blocks)
            case Table():
                yield from (cell for row in (block.head, *block.rows) for cell in row.cells)


def plain_text(blocks: Iterable[Block]) -> str:
    """Return all text of `blocks`, including code, as one line without markup."""
    return " ".join(" ".join(_texts(blocks)).split())


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case List():
                yield from (text for item in block.items for text in _texts(item.blocks))
            case Quote():
                yield from _texts(block.blocks)
            case Code():
                yield block.text
            case _:
                yield from (content.text for content in inlines_of([block]))


def map_inlines(blocks: Iterable[Block], transform: Callable[[Inline], Inline]) -> tuple[Block, ...]:
    """Return `blocks` with `transform` applied to all inline content.

    Code blocks and `Heading.raw_text` stay the same. Unchanged blocks are returned as they are, not copied.
    """

    def map_row(old: Row) -> Row:
        cells = tuple(transform(cell) for cell in old.cells)
        return old if _all_identical(cells, old.cells) else replace(old, cells=cells)

    def map_item(old: Item) -> Item:
        inner = map_inlines(old.blocks, transform)
        return old if _all_identical(inner, old.blocks) else replace(old, blocks=inner)

    def map_block(block: Block) -> Block:
        match block:
            case Paragraph() | Heading():
                inline = transform(block.inline)
                return block if inline is block.inline else replace(block, inline=inline)
            case List():
                items = tuple(map_item(old) for old in block.items)
                return block if _all_identical(items, block.items) else replace(block, items=items)
            case Quote():
                return replace(block, blocks=map_inlines(block.blocks, transform))
            case Table():
                return replace(block, head=map_row(block.head), rows=tuple(map_row(old) for old in block.rows))
        return block

    return tuple(map_block(block) for block in blocks)


def _all_identical(left: Iterable[object], right: Iterable[object]) -> bool:
    return all(one is other for one, other in zip(left, right, strict=True))


def parse(text: str) -> tuple[Block, ...]:
    """Return the blocks of `text`, without HTML comments. Never raises."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    tokens, references = markdown.tokenize(text)
    return _Reader(text.split("\n"), tokens, references).read()


class _Reader:
    """Builds blocks from markdown-it's flat list of tokens.

    Nested blocks are read recursively; `markdown.MAX_NESTING` limits the depth.
    """

    def __init__(self, lines: list[str], tokens: Sequence[Token], references: markdown.References) -> None:
        self.lines = lines
        self.tokens = tokens
        self.references = references
        self.defined_labels: set[str] = set()
        self.index = 0

    def read(self) -> tuple[Block, ...]:
        return tuple(self._read_blocks(until=""))

    def _read_blocks(self, until: str) -> Iterator[Block]:
        while self.index < len(self.tokens):
            token = self.tokens[self.index]
            self.index += 1
            if token.type == until:
                return
            block = self._read_block(token)
            if block is not None:
                yield block

    def _read_block(self, token: Token) -> Block | None:
        line = token.map[0] + 1 if token.map else 1
        match token.type:
            case "heading_open":
                inline = self._read_inline("heading_close")
                return Heading(line, int(token.tag[1]), inline, inline.text)
            case "paragraph_open":
                inline = self._read_inline("paragraph_close")
                return Paragraph(line, inline, is_tight=token.hidden) if inline else None
            case "bullet_list_open" | "ordered_list_open":
                ordered = token.type == "ordered_list_open"
                items = tuple(self._read_items(token.type.replace("open", "close")))
                start = token.attrGet("start")
                return List(line, ordered, 1 if start is None else int(start), items)
            case "table_open":
                return self._read_table(line)
            case "fence":
                last = token.map[1] if token.map else line
                closed = last > line and self.lines[last - 1].lstrip(" >").startswith(token.markup)
                return Code(line, token.content, token.info.strip(), line + 1, closed)
            case "code_block":
                return Code(line, token.content, "", line)
            case "blockquote_open":
                return Quote(line, tuple(self._read_blocks(until="blockquote_close")))
            case "hr":
                return Rule(line)
            case "definition":
                return self._read_definition(token, line)
        return None

    def _read_definition(self, token: Token, line: int) -> Paragraph | None:
        """Return None for a link definition that a link uses.

        Return any other definition, or a repeated definition, as a paragraph.
        """
        label = token.meta["id"]
        if label in self.references.used and label not in self.defined_labels:
            self.defined_labels.add(label)
            return None
        href, rejected = inlines.split_rejected(token.meta["url"])
        text = f"{token.meta['label']}: {token.meta['url']} {token.meta['title']}".strip()
        return Paragraph(line, Inline((Run(text, line, href=href, rejected=rejected),)))

    def _read_items(self, until: str) -> Iterator[Item]:
        while self.index < len(self.tokens):
            token = self.tokens[self.index]
            self.index += 1
            if token.type == until:
                return
            yield Item(token.map[0] + 1 if token.map else 1, tuple(self._read_blocks(until="list_item_close")))

    def _read_table(self, line: int) -> Table:
        rows: list[Row] = []
        alignments: list[Alignment] = []
        cells: list[Inline] = []
        cell_count, number = 0, line
        while self.index < len(self.tokens):
            token = self.tokens[self.index]
            self.index += 1
            match token.type:
                case "table_close":
                    break
                case "tr_open":
                    cell_count = token.meta["cell_count"]
                    cells, number = [], token.map[0] + 1 if token.map else line
                case "th_open":
                    alignments.append(_parse_alignment(token))
                case "inline":
                    cells.append(inlines.read(token, self.lines, number))
                case "tr_close":
                    rows.append(Row(number, tuple(cells), cell_count))
        return Table(line, rows[0], tuple(rows[1:]), tuple(alignments))

    def _read_inline(self, close: str) -> Inline:
        inline = Inline()
        while self.index < len(self.tokens):
            token = self.tokens[self.index]
            self.index += 1
            if token.type == close:
                break
            inline = inlines.read(token, self.lines, token.map[0] + 1 if token.map else 1)
        return inline


def _parse_alignment(token: Token) -> Alignment:
    match str(token.attrGet("style") or "").removeprefix("text-align:"):
        case "left":
            return "left"
        case "right":
            return "right"
        case "center":
            return "center"
    return ""
