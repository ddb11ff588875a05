"""Markdown text → blocks with line and column. Knows Markdown, and nothing of what a page is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from markdown_it.token import Token

from . import inlines, markdown, url_paths
from .inlines import Inline, Run, SourcePosition

Alignment = Literal["left", "right", "center", ""]


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` as written (1 to 6); `raw_text` is its text before the page changed its casing."""

    line: int
    level: int
    inline: Inline
    raw_text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`tight`: the only text of a list item, set without space around it."""

    line: int
    inline: Inline
    tight: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    line: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class List:
    line: int
    ordered: bool
    start: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """`cell_count` is how many cells the line holds; `cells` are filled up to the header's."""

    line: int
    cells: tuple[Inline, ...]
    cell_count: int


@dataclass(frozen=True, slots=True)
class Table:
    """`head` may have fewer cells than the longest of `rows`."""

    line: int
    head: Row
    rows: tuple[Row, ...]
    alignments: tuple[Alignment, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """`info` is what stands behind the opening fence; `text_line` where the text begins; `closed` whether it ends."""

    line: int
    text: str
    info: str
    text_line: int
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Quote:
    line: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    line: int


Block = Heading | Paragraph | List | Table | Code | Quote | Rule


def inlines_of(blocks: Iterable[Block]) -> Iterator[Inline]:
    """All texts of `blocks`, in order; code has none."""
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
    """All text of `blocks`, code too, as one line of plain words."""
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


def map_inlines(blocks: Iterable[Block], change: Callable[[Inline], Inline]) -> tuple[Block, ...]:
    """`blocks` with `change` made to each text but code; of headings, what was written stays known. What `change` gives
    back as it was is not made anew."""

    def row(old: Row) -> Row:
        cells = tuple(change(cell) for cell in old.cells)
        return old if _same(cells, old.cells) else replace(old, cells=cells)

    def item(old: Item) -> Item:
        inner = map_inlines(old.blocks, change)
        return old if _same(inner, old.blocks) else replace(old, blocks=inner)

    def changed(block: Block) -> Block:
        match block:
            case Paragraph() | Heading():
                inline = change(block.inline)
                return block if inline is block.inline else replace(block, inline=inline)
            case List():
                items = tuple(item(old) for old in block.items)
                return block if _same(items, block.items) else replace(block, items=items)
            case Quote():
                return replace(block, blocks=map_inlines(block.blocks, change))
            case Table():
                return replace(block, head=row(block.head), rows=tuple(row(old) for old in block.rows))
        return block

    return tuple(changed(block) for block in blocks)


def _same(some: Iterable[object], others: Iterable[object]) -> bool:
    return all(one is other for one, other in zip(some, others, strict=True))


def parse(text: str) -> tuple[Block, ...]:
    """All blocks of `text`, in order. Takes any text and never raises. HTML comments are left out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    tokens, references = markdown.tokenize(text)
    return _Reader(text.split("\n"), tokens, references).read()


class _Reader:
    """Walks markdown-it's flat tokens once; nesting is bounded by `markdown.MAX_NESTING`."""

    def __init__(self, lines: list[str], tokens: Sequence[Token], references: markdown.References) -> None:
        self.lines = lines
        self.tokens = tokens
        self.references = references
        self.defined: set[str] = set()
        self.position = 0

    def read(self) -> tuple[Block, ...]:
        return tuple(self._blocks(until=""))

    def _blocks(self, until: str) -> Iterator[Block]:
        while self.position < len(self.tokens):
            token = self.tokens[self.position]
            self.position += 1
            if token.type == until:
                return
            block = self._block(token)
            if block is not None:
                yield block

    def _block(self, token: Token) -> Block | None:
        line = token.map[0] + 1 if token.map else 1
        match token.type:
            case "heading_open":
                inline = self._inline_until("heading_close")
                return Heading(line, int(token.tag[1]), inline, inline.text)
            case "paragraph_open":
                inline = self._inline_until("paragraph_close")
                return Paragraph(line, inline, tight=token.hidden) if inline else None
            case "bullet_list_open" | "ordered_list_open":
                ordered = token.type == "ordered_list_open"
                items = tuple(self._items(token.type.replace("open", "close")))
                start = token.attrGet("start")
                return List(line, ordered, 1 if start is None else int(start), items)
            case "table_open":
                return self._table(line)
            case "fence":
                last = token.map[1] if token.map else line
                closed = last > line and self.lines[last - 1].lstrip(" >").startswith(token.markup)
                return Code(line, token.content, token.info.strip(), line + 1, closed)
            case "code_block":
                return Code(line, token.content, "", line)
            case "blockquote_open":
                return Quote(line, tuple(self._blocks(until="blockquote_close")))
            case "hr":
                return Rule(line)
            case "definition":
                return self._definition(token, line)
        return None

    def _definition(self, token: Token, line: int) -> Paragraph | None:
        """A definition that links use is no copy; one that none uses, or that says a label again, is shown."""
        label = token.meta["id"]
        if label in self.references.used and label not in self.defined:
            self.defined.add(label)
            return None
        href = token.meta["url"] if url_paths.is_allowed_url(token.meta["url"]) else ""
        words = f"{token.meta['label']}: {token.meta['url']} {token.meta['title']}".strip()
        return Paragraph(line, Inline((Run(words, line, href=href),)))

    def _items(self, until: str) -> Iterator[Item]:
        while self.position < len(self.tokens):
            token = self.tokens[self.position]
            self.position += 1
            if token.type == until:
                return
            yield Item(token.map[0] + 1 if token.map else 1, tuple(self._blocks(until="list_item_close")))

    def _table(self, line: int) -> Table:
        rows: list[Row] = []
        alignments: list[Alignment] = []
        cells: list[Inline] = []
        cell_count = 0
        place = SourcePosition(self.lines, line)
        while self.position < len(self.tokens):
            token = self.tokens[self.position]
            self.position += 1
            match token.type:
                case "table_close":
                    break
                case "tr_open":
                    cell_count = token.meta["cell_count"]
                    cells, place = [], SourcePosition(self.lines, token.map[0] + 1 if token.map else line)
                case "th_open":
                    alignments.append(_alignment(token))
                case "inline":
                    cells.append(inlines.read(token, place))
                case "tr_close":
                    rows.append(Row(place.line, tuple(cells), cell_count))
        return Table(line, rows[0], tuple(rows[1:]), tuple(alignments))

    def _inline_until(self, close: str) -> Inline:
        inline = Inline()
        while self.position < len(self.tokens):
            token = self.tokens[self.position]
            self.position += 1
            if token.type == close:
                break
            inline = inlines.read(token, SourcePosition(self.lines, token.map[0] + 1 if token.map else 1))
        return inline


def _alignment(token: Token) -> Alignment:
    match str(token.attrGet("style") or "").removeprefix("text-align:"):
        case "left":
            return "left"
        case "right":
            return "right"
        case "center":
            return "center"
    return ""
