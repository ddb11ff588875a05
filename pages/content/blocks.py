"""Parse Markdown text into blocks with line numbers. This module knows nothing about pages and sections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from markdown_it.token import Token

from . import inline_reader, markdown
from .block_transforms import map_inlines, transform_inlines
from .block_types import (
    Alignment,
    Block,
    Callout,
    Code,
    Definition,
    DefinitionList,
    Footnote,
    Heading,
    Item,
    List,
    Paragraph,
    Quote,
    Row,
    Rule,
    Table,
    child_blocks,
    inlines_of,
)
from .inlines import Inline, Run

__all__ = [
    "Alignment",
    "Block",
    "Callout",
    "Code",
    "Definition",
    "DefinitionList",
    "Footnote",
    "Heading",
    "Item",
    "List",
    "Paragraph",
    "Quote",
    "Row",
    "Rule",
    "Table",
    "child_blocks",
    "inlines_of",
    "map_inlines",
    "parse",
    "plain_text",
    "transform_inlines",
]

# A last line that names the speaker of a quotation, such as “— Priya Sharma, Head of Data, Example Ltd”.
_ATTRIBUTION = re.compile(r"—\s*\S")


def plain_text(blocks: Iterable[Block]) -> str:
    """Return all text of `blocks`, including code, as one line without markup."""
    return " ".join(" ".join(_texts(blocks)).split())


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Code():
                yield block.text
            case Quote():
                yield from (*_texts(block.blocks), block.attribution.text)
            case DefinitionList():
                for definition in block.definitions:
                    yield definition.term.text
                    yield from (text for item in definition.details for text in _texts(item.blocks))
            case List() | Callout() | Footnote():
                yield from _texts(child_blocks(block))
            case _:
                yield from (content.text for content in inlines_of([block]))


@lru_cache(maxsize=4)  # the publisher needs the same blocks for the page, then for its Markdown version
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
                return _split_attribution(Quote(line, tuple(self._read_blocks(until="blockquote_close"))))
            case "alert_open":
                list(self._read_blocks(until="alert_title_close"))
                return Callout(line, token.meta["kind"].lower(), tuple(self._read_blocks(until="alert_close")))
            case "dl_open":
                return DefinitionList(line, tuple(self._read_definitions()))
            case "footnote_reference_open":
                inner = tuple(self._read_blocks(until="footnote_reference_close"))
                return Footnote(line, token.meta["label"], inner)
            case "hr":
                return Rule(line)
            case "definition":
                return self._read_link_definition(token, line)
        return None

    def _read_link_definition(self, token: Token, line: int) -> Paragraph | None:
        """Return None if a link uses the definition. The page shows only the link.

        Return an unused or repeated definition as a paragraph, so that no text is lost.
        """
        label = token.meta["id"]
        if label in self.references.used and label not in self.defined_labels:
            self.defined_labels.add(label)
            return None
        href, rejected = inline_reader.split_rejected(token.meta["url"])
        text = f"{token.meta['label']}: {token.meta['url']} {token.meta['title']}".strip()
        return Paragraph(line, Inline((Run(text, line, href=href, rejected=rejected),)))

    def _read_items(self, until: str) -> Iterator[Item]:
        while self.index < len(self.tokens):
            token = self.tokens[self.index]
            self.index += 1
            if token.type == until:
                return
            yield self._read_item(token, until="list_item_close")

    def _read_item(self, token: Token, until: str) -> Item:
        return Item(token.map[0] + 1 if token.map else 1, tuple(self._read_blocks(until)))

    def _read_definitions(self) -> Iterator[Definition]:
        """Read a definition list to its end, and yield each term that has an explanation."""
        term, details = Inline(), list[Item]()
        line = 1
        while self.index < len(self.tokens):
            token = self.tokens[self.index]
            self.index += 1
            match token.type:
                case "dt_open" | "dl_close":
                    if details:
                        yield Definition(line, term, tuple(details))
                        details.clear()
                    if token.type == "dl_close":
                        return
                    line = token.map[0] + 1 if token.map else 1
                    term = self._read_inline("dt_close")
                case "dd_open":
                    details.append(self._read_item(token, until="dd_close"))

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
                    cells.append(inline_reader.read(token, self.lines, number))
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
            inline = inline_reader.read(token, self.lines, token.map[0] + 1 if token.map else 1)
        return inline


def _split_attribution(quote: Quote) -> Quote:
    """Split off the quote's last line if it begins with a long dash and has text above it."""
    last = quote.blocks[-1] if quote.blocks else None
    if not isinstance(last, Paragraph):
        return quote
    runs = last.inline.runs
    start = next((index + 1 for index in reversed(range(len(runs))) if runs[index].is_break), 0)
    attribution = Inline(runs[start:]).strip()
    if not _ATTRIBUTION.match(attribution.text) or (not start and len(quote.blocks) == 1):
        return quote
    rest = [replace(last, inline=Inline(runs[: start - 1]))] if start else []
    return Quote(quote.line, (*quote.blocks[:-1], *rest), attribution)


def _parse_alignment(token: Token) -> Alignment:
    match str(token.attrGet("style") or "").removeprefix("text-align:"):
        case "left":
            return "left"
        case "right":
            return "right"
        case "center":
            return "center"
    return ""
