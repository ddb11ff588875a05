"""The Markdown parser as this site sets it: CommonMark with tables, strikethrough, and no word dropped.

Where markdown-it leaves text out (cells beyond a table's header, nesting past `maxNesting`, definitions that nothing
refers to), a rule here keeps it. Three habits of writers are read as they are meant: `---` right under a paragraph is a
rule between sections, bold that ends in a full stop or a colon needs no space behind it, and HTML is text, but for
`<br>` and comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, lheading, reference, table
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_inline import StateInline, emphasis
from markdown_it.token import Token

# A list takes two levels for each level that a reader sees; forty of those are kept as lists, deeper ones as lines.
MAX_NESTING = 80

# Addresses are looked for in paragraphs up to this long: past it the search takes more than its share of time.
LINKIFIED = 8_000

_LINE_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LABEL = re.compile(r"\*\*[^*]+\*\*\s*$")
_MARKERS = re.compile(r"(?:[-*+>]|\d{1,9}[.)])(?=\s|>|$)\s*")
_DEFINITION = re.compile(r"\[[^\]]*\]:\s*<?(?:/|#|\.|[A-Za-z][A-Za-z0-9+.\-]*:|[^\s]+\.[^\s]|$)")


class References(dict[str, Any]):
    """The link definitions of one document, and which of them a link used."""

    def __init__(self) -> None:
        super().__init__()
        self.used: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        if key in self:
            self.used.add(key)
        return super().get(key, default)


def tokenize(text: str) -> tuple[Sequence[Token], References]:
    """markdown-it's tokens of `text`; never raises. With them, its link definitions."""
    references = References()
    return _parser().parse(text, {"references": references}), references


@cache
def _parser() -> MarkdownIt:
    options = {"html": False, "linkify": True, "inline_definitions": True, "maxNesting": MAX_NESTING}
    parser = MarkdownIt("js-default", options)
    # Which links are alive is decided where runs are made, so that a dead one keeps its words and loses its brackets.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    if parser.linkify is not None:
        parser.linkify.set({"fuzzy_link": False})
        parser.linkify.add("ftp:", None)
        # Its twin within lines reads on from every "://", however long the line.
        parser.inline.ruler.disable("linkify")
        parser.linkify.add("//", None)
        parser.linkify.pretest = _may_hold_addresses
    block, inline = parser.block.ruler, parser.inline.ruler
    block.disable("html_block")
    inline.disable("html_inline")
    block.before("table", "deep", _deep)
    block.after("deep", "label", _label_after_list, {"alt": ["paragraph"]})
    block.before("reference", "comment", _block_comment, {"alt": ["paragraph", "reference", "blockquote"]})
    block.at("table", _whole_table, {"alt": ["paragraph", "reference"]})
    block.at("reference", _reference)
    block.at("lheading", _underlined_heading)
    inline.at("emphasis", _emphasis)
    inline.before("autolink", "comment", _inline_comment)
    inline.before("autolink", "line_break_tag", _line_break_tag)
    return parser


def _may_hold_addresses(text: str) -> bool:
    return len(text) <= LINKIFIED and ("@" in text or "://" in text or "mailto:" in text)


def _deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """At the last level that the parser would read, all that is left there becomes one paragraph, a line a line."""
    if state.level < MAX_NESTING - 2:
        return False
    if not silent:
        lines = [state.src[state.bMarks[n] + state.tShift[n] : state.eMarks[n]] for n in range(start, end)]
        state.line = end
        state.push("paragraph_open", "p", 1).map = [start, end]
        text = state.push("inline", "", 0)
        text.map, text.children = [start, end], []
        text.content = "  \n".join(stripped for line in lines if (stripped := _without_markers(line)))
        state.push("paragraph_close", "p", -1)
    return True


def _label_after_list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Ends a list's last item before a line that is all bold and begins at the margin: a label of what follows, which
    CommonMark would take for more of the item."""
    if not silent or not 0 <= state.sCount[start] < state.blkIndent:
        return False
    return bool(_LABEL.match(state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]))


def _without_markers(line: str) -> str:
    position = 0
    while marker := _MARKERS.match(line, position):
        position = marker.end()
    return line[position:]


def _whole_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """markdown-it's table, with the cells that its rows hold beyond the header."""
    first = len(state.tokens)
    if not table(state, start, end, silent):
        return False
    if silent:
        return True
    rows, columns, cells = state.tokens[first:], 0, list[str]()
    del state.tokens[first:]
    for token in rows:
        if token.type == "tr_open" and token.map:
            cells = _cells(state, token.map[0])
            token.meta["cell_count"] = len(cells)
        elif token.type == "th_open":
            columns += 1
        elif token.type == "tr_close" and cells[columns:]:
            line = state.tokens[-1].map or [start, start]
            state.tokens.extend(_cell_tokens(cells[columns:], line, token.level + 1))
        state.tokens.append(token)
    return True


def _cells(state: StateBlock, line: int) -> list[str]:
    cells = escapedSplit(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip())
    cells = cells[1:] if cells and not cells[0] else cells
    return cells[:-1] if cells and not cells[-1] else cells


def _cell_tokens(cells: list[str], lines: list[int], level: int) -> Iterator[Token]:
    for cell in cells:
        yield Token("td_open", "td", 1, level=level)
        yield Token("inline", "", 0, level=level + 1, content=cell.strip(), map=lines, children=[])
        yield Token("td_close", "td", -1, level=level)


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A link definition, if what it defines could be a target: `[Starter]: ₹2,500` is a line of text."""
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    return bool(_DEFINITION.match(line)) and reference(state, start, end, silent)


def _underlined_heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A heading underlined with `===` or `----`; three hyphens are a rule between sections, whatever stands above."""
    first, level = len(state.tokens), state.level
    if not lheading(state, start, end, silent):
        return False
    line = state.line - 1
    if state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip() != "---":
        return True
    del state.tokens[first:]
    state.line, state.level = start, level
    return False


def _block_comment(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`<!-- … -->` on lines of its own, blank lines within included. One that never closes is text."""
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("<!--", begin):
        return False
    close = state.src.find("-->", begin + 4)
    if close < 0 or state.src[close + 3 :].partition("\n")[0].strip():
        return False
    last = start
    while last < end and state.eMarks[last] < close + 3:
        last += 1
    if last >= end:
        return False
    if not silent:
        state.line = last + 1
        state.push("comment", "", 0).map = [start, state.line]
    return True


def _emphasis(state: StateInline, silent: bool) -> bool:
    """CommonMark's emphasis, which also closes in `**Headline:**Find …`: there, for want of a space, it would not."""
    first, begin = len(state.delimiters), state.pos
    if not emphasis.tokenize(state, silent):
        return False
    before = state.src[begin - 1] if begin else ""
    added = state.delimiters[first:]
    if before and before in (".:?!…" if len(added) > 1 else ":"):
        for delimiter in added:
            delimiter.close = True
    return True


def _inline_comment(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("<!--", state.pos) or state.pos > _last_comment_end(state):
        return False
    close = state.src.find("-->", state.pos + 4)
    if close < 0:
        return False
    state.pos = close + 3
    return True


def _last_comment_end(state: StateInline) -> int:
    """Where the text's last comment closes, looked up once a text, so that a text of openings is not searched over."""
    text, end = state.env.get("comment_end", (None, -1))
    if text is not state.src:
        end = state.src.rfind("-->")
        state.env["comment_end"] = (state.src, end)
    return int(end)


def _line_break_tag(state: StateInline, silent: bool) -> bool:
    tag = _LINE_BREAK_TAG.match(state.src, state.pos)
    if not tag:
        return False
    if not silent:
        state.push("hardbreak", "br", 0).markup = "br"
    state.pos = tag.end()
    return True
