"""The parser's rules for text inside a line: emphasis, links, images, comments and line breaks."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore, linkify, text_join
from markdown_it.rules_inline import StateInline, backtick, emphasis, escape, image, link, newline

from . import autolinks, simple_inlines
from .token_positions import InlineRule, record_delimiters, record_link, with_end

_LINE_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)


def add_rules(parser: MarkdownIt) -> None:
    """Replace the inline rules of `parser`, and add rules for comments and for the tag `<br>`."""
    parser.core.ruler.at("inline", _parse_inlines)
    parser.core.ruler.at("linkify", _find_links)
    parser.core.ruler.at("text_join", _join_texts)
    parser.inline.terminator_re = simple_inlines.MARK
    ruler = parser.inline.ruler
    ruler.disable("html_inline")
    ruler.at("newline", with_end(newline))
    ruler.at("escape", with_end(escape))
    ruler.at("backticks", with_end(backtick))
    ruler.at("emphasis", _emphasis)
    ruler.at("link", _bracket(link))
    ruler.at("image", _bracket(image))
    ruler.before("autolink", "comment", _inline_comment)
    ruler.before("autolink", "line_break_tag", with_end(_line_break_tag))


def _parse_inlines(state: StateCore) -> None:
    """Parse the text of each inline token. Most of these texts are simple, and need no rules."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        token.children = simple_inlines.parse(token.content)
        if token.children is None:
            token.children = []
            state.md.inline.parse(token.content, state.md, state.env, token.children)


def _find_links(state: StateCore) -> None:
    """Turn URLs and email addresses into links. Skip the slow search if the text can't contain any."""
    if autolinks.has_sign(state.src):
        linkify(state)


def _join_texts(state: StateCore) -> None:
    """Join escaped characters, such as `\\*`, and entities, such as `&amp;`, with the text around them."""
    if "\\" in state.src or "&" in state.src:
        text_join(state)


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Parse emphasis. Accept `**Headline:**Find …`, although CommonMark requires a space before “Find”."""
    first, start = len(state.delimiters), state.pos
    if not emphasis.tokenize(state, silent):
        return False
    before = state.src[start - 1] if start else ""
    record_delimiters(state, start)
    added = state.delimiters[first:]
    if before and before in (".:?!…" if len(added) > 1 else ":"):
        for delimiter in added:
            delimiter.close = True
    return True


def _inline_comment(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("<!--", state.pos):
        return False
    close = find_comment_end(state, state.pos + 4)
    if close < 0:
        return False
    state.pos = close + 3
    return True


def find_comment_end(state: StateBlock | StateInline, start: int) -> int:
    """Return the index of the first `-->` at or after `start`, or -1.

    The last result is cached. Otherwise, a text full of `<!--` would take quadratic time.
    """
    text, searched, found = state.env.get("comment_end", (None, 0, 0))
    if text is not state.src or not searched <= start or 0 <= found < start:
        searched, found = start, state.src.find("-->", start)
        state.env["comment_end"] = (state.src, searched, found)
    return int(found)


def _bracket(rule: InlineRule) -> InlineRule:
    """Wrap `rule`, which parses links or images. The wrapper records their positions.

    After the text's last `]`, no link or image can begin, so the wrapper doesn't call the rule. Otherwise, each
    unclosed bracket would take as much time as MAX_NESTING nested brackets.
    """

    def parse(state: StateInline, silent: bool) -> bool:
        text, last = state.env.get("last_bracket", (None, -1))
        if text is not state.src:
            last = state.src.rfind("]")
            state.env["last_bracket"] = (state.src, last)
        start, first = state.pos, len(state.tokens)
        if start >= last or not rule(state, silent):
            return False
        if not silent:
            record_link(state, start, first)
        return True

    return parse


def _line_break_tag(state: StateInline, silent: bool) -> bool:
    tag = _LINE_BREAK_TAG.match(state.src, state.pos)
    if not tag:
        return False
    if not silent:
        state.push("hardbreak", "br", 0).markup = "br"
    state.pos = tag.end()
    return True
