"""The site's Markdown parser: CommonMark with tables, strikethrough, callouts, footnotes and definition lists.

The parser never drops text.

markdown-it drops a row's cells beyond the header's last column, text nested deeper than `maxNesting`, and unused link
definitions. The rules in this module keep all of these. The rules also differ from CommonMark in three ways, to match
how writers use Markdown:

- `---` directly under a paragraph is a horizontal rule, not a heading.
- Bold text that ends in a period or a colon needs no space after it.
- HTML is text, except `<br>` and comments.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import MD_TRIM_CHARS, mdTrim
from markdown_it.rules_block import StateBlock, lheading, reference, table
from markdown_it.rules_block.table import getLine
from markdown_it.token import Token

from . import autolinks, block_plugins, inline_rules, rule_choice
from .inline_rules import find_comment_end

# markdown-it counts two levels per list level, so lists can be 40 levels deep. Deeper lists become lines of text.
MAX_NESTING = 80

_PIPE = re.compile(r"(?<!\\)\|")
_LABEL = re.compile(r"\*\*[^*]+\*\*\s*$")
_MARKERS = re.compile(r"(?:[-*+>]|\d{1,9}[.)])(?=\s|>|$)\s*")
# Matches the end of a line that ends with `=` or `-`, unless the line is `---`. Only such lines can underline headings.
_UNDERLINE = re.compile(r"[=-](?<!^---)[ \t]*$", re.MULTILINE)
_DEFINITION = re.compile(r"\[[^\]]*\]:\s*<?(?:/|#|\.|[A-Za-z][A-Za-z0-9+.\-]*:|[^\s]+\.[^\s]|$)")


class References(dict[str, Any]):
    """The link definitions of one document. `used` holds the labels that links refer to."""

    def __init__(self) -> None:
        super().__init__()
        self.used: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        if key in self:
            self.used.add(key)
        return super().get(key, default)


def tokenize(text: str) -> tuple[Sequence[Token], References]:
    """Return markdown-it's tokens for `text`, and its link definitions. Never raises."""
    references = References()
    return _PARSER.parse(text, {"references": references}), references


def _build_parser() -> MarkdownIt:
    """Return a parser that threads can share.

    markdown-it and mdurl fill caches at their first use. If one thread reads a cache while another thread is filling
    the cache, the reader misses rules, encodes URLs wrongly, or fails with an IndexError. So this function uses the
    parser once, to fill the caches.
    """
    options = {"html": False, "linkify": True, "inline_definitions": True, "maxNesting": MAX_NESTING}
    options["alerts"] = True  # GitHub's name for callouts
    parser = MarkdownIt("js-default", options)
    # Accept every URL, because `inlines` checks the scheme. Pages show the Markdown of a rejected link.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    if parser.linkify is not None:
        autolinks.configure(parser.linkify)
        # Disable the inline rule “linkify”. This rule takes quadratic time: after each "://", it scans the rest of the
        # line.
        parser.inline.ruler.disable("linkify")
    block = parser.block.ruler
    block.disable("html_block")
    block.before("table", "deep_nesting", _deep_nesting)
    block.after("deep_nesting", "label", _label_after_list, {"alt": ["paragraph"]})
    block.before("reference", "comment", _block_comment, {"alt": ["paragraph", "reference", "blockquote"]})
    block.at("table", _table_with_all_cells, {"alt": ["paragraph", "reference"]})
    block.at("reference", _reference)
    block_plugins.add_rules(parser)
    block.at("lheading", _underlined_heading)
    inline_rules.add_rules(parser)
    rule_choice.choose_by_character(parser)
    parser.parse("[encodes a URL](/a) <https://decodes.example>")
    return parser


def _deep_nesting(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """If blocks are too deeply nested for markdown-it, turn them into a single paragraph."""
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
    """End a list before an unindented line that is all bold, because such a line is a label for the following text.

    CommonMark would add the line to the last item.
    """
    if not silent or not 0 <= state.sCount[start] < state.blkIndent:
        return False
    return bool(_LABEL.match(state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]))


def _without_markers(line: str) -> str:
    position = 0
    while marker := _MARKERS.match(line, position):
        position = marker.end()
    return line[position:]


def _table_with_all_cells(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a table. If a row has more cells than the header, keep the extra cells, which markdown-it would drop."""
    # The second line of a table begins with one of these characters.
    if start + 1 >= end or not state.src.startswith(("|", "-", ":"), state.bMarks[start + 1] + state.tShift[start + 1]):
        return False
    first = len(state.tokens)
    if not table(state, start, end, silent):
        return False
    if silent:
        return True
    rows, columns, index, cells = state.tokens[first:], 0, 0, list[Token]()
    del state.tokens[first:]
    for token in rows:
        if token.type == "tr_open" and token.map:
            index, cells = 0, _cells(state, token.map[0])
            token.meta["cell_count"] = len(cells)
        elif token.type == "th_open":
            columns += 1
        elif token.type == "inline":
            token.meta = cells[index].meta if index < len(cells) else {}
            index += 1
        elif token.type == "tr_close" and cells[columns:]:
            state.tokens.extend(_cell_tokens(cells[columns:], token.level + 1))
        state.tokens.append(token)
    return True


def _cells(state: StateBlock, line: int) -> list[Token]:
    """Return the inline tokens of a row's cells. Each token's `meta["column"]` is the column (from 0) of its text."""
    start, written = state.bMarks[line] + state.tShift[line], getLine(state, line)
    row = mdTrim(written)
    column = start - (state.src.rfind("\n", 0, start) + 1) + written.find(row)
    parts = _PIPE.split(row)
    tokens = []
    for part in parts:
        token = Token("inline", "", 0, content=mdTrim(part).replace("\\|", "|"), map=[line, line + 1], children=[])
        token.meta["column"] = column + len(part) - len(part.lstrip(MD_TRIM_CHARS))
        tokens.append(token)
        column += len(part) + 1
    tokens = tokens if parts[0] else tokens[1:]
    return tokens if parts[-1] else tokens[:-1]


def _cell_tokens(cells: list[Token], level: int) -> Iterator[Token]:
    for cell in cells:
        cell.level = level + 1
        yield Token("td_open", "td", 1, level=level)
        yield cell
        yield Token("td_close", "td", -1, level=level)


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a link definition if its target looks like a URL. For example, `[Starter]: ₹2,500` stays text."""
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    return bool(_DEFINITION.match(line)) and reference(state, start, end, silent)


def _underlined_heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a heading underlined with `===` or `----`. Exactly three hyphens are a horizontal rule."""
    if not block_plugins.has_match(state, _UNDERLINE):
        return False
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
    """Parse a comment on lines of its own, even if the comment contains blank lines. An unclosed comment is text."""
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("<!--", begin):
        return False
    close = find_comment_end(state, begin + 4)
    if close < 0:
        return False
    last = bisect_left(state.eMarks, close + 3, lo=start, hi=end)
    if last >= end or state.src[close + 3 : state.eMarks[last]].strip():
        return False
    if not silent:
        state.line = last + 1
        state.push("comment", "", 0).map = [start, state.line]
    return True


_PARSER = _build_parser()  # runs during the import, so in a single thread
