"""Add two plugins to the Markdown parser: footnotes and definition lists.

This module changes the plugins in three ways: only `:` marks a definition, a footnote's label has at most MAX_LABEL
characters, and tokens have the positions that messages need.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote.index import footnote_def, footnote_ref

from .token_positions import with_end

MAX_LABEL = 100

_FOOTNOTE = re.compile(rf"\[\^[^\[\]\s]{{1,{MAX_LABEL}}}\]")
_TILDE = re.compile(r"[ \t>]*~[ \t]")
_EXPLANATION = re.compile(r"^[ \t>]*:[ \t]", re.MULTILINE)

BlockRule = Callable[[StateBlock, int, int, bool], bool]


def add_rules(parser: MarkdownIt) -> None:
    """Add the rules for footnotes and definition lists to `parser`."""
    parser.block.ruler.before("reference", "footnote_def", _footnote, {"alt": ["paragraph", "reference"]})
    parser.inline.ruler.after("image", "footnote_ref", with_end(_footnote_mark))
    deflist_plugin(parser)
    [plugin_rule] = [rule.fn for rule in parser.block.ruler.__rules__ if rule.name == "deflist"]
    parser.block.ruler.at("deflist", _definition_list(plugin_rule), {"alt": ["paragraph", "reference", "blockquote"]})


def _footnote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    begin = state.bMarks[start] + state.tShift[start]
    return bool(_FOOTNOTE.match(state.src, begin, state.eMarks[start])) and footnote_def(state, start, end, silent)


def _footnote_mark(state: StateInline, silent: bool) -> bool:
    """Parse `[^1]` if the document has a footnote with this label."""
    return bool(_FOOTNOTE.match(state.src, state.pos, state.posMax)) and footnote_ref(state, silent)


def _definition_list(rule: BlockRule) -> BlockRule:
    """Wrap the plugin's rule, so that a line that begins with `~`, such as “~ 5 minutes”, ends the list.

    The plugin would show this line as an explanation of the term above it.
    """

    def parse(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if not has_match(state, _EXPLANATION):  # no line can explain a term
            return False
        if silent:
            return rule(state, start, end, silent)
        first = len(state.tokens)
        tildes = _tilde_lines(state)
        following = bisect_right(tildes, start)
        if not rule(state, start, min([end, *tildes[following : following + 1]]), silent):
            return False
        # The plugin gives a term's text an empty range of lines, so set the range to the term's one line.
        for token, content in zip(state.tokens[first:], state.tokens[first + 1 :], strict=False):
            if token.type == "dt_open" and content.map:
                content.map[1] = content.map[0] + 1
        return True

    return parse


def has_match(state: StateBlock, pattern: re.Pattern[str]) -> bool:
    """Return whether `pattern` matches anywhere in the document. The result is cached for each document."""
    text, found = state.env.get(pattern.pattern, (None, False))
    if text is not state.src:
        found = bool(pattern.search(state.src))
        state.env[pattern.pattern] = (state.src, found)
    return bool(found)


def _tilde_lines(state: StateBlock) -> list[int]:
    """Return the numbers (from 0) of the lines that begin with `~`. The result is cached for each document."""
    lines: list[int]
    text, lines = state.env.get("tilde_lines", (None, []))
    if text is not state.src:
        lines = [number for number, line in enumerate(state.src.split("\n")) if _TILDE.match(line)]
        state.env["tilde_lines"] = (state.src, lines)
    return lines
