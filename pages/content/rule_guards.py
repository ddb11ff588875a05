"""Call the rules of the Markdown parser only for lines and texts that they can match. This halves the parser's time."""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

BlockRule = Callable[[StateBlock, int, int, bool], bool]

# A block can begin only with one of these characters, after the indentation.
_FIRST_CHARACTERS = {
    "fence": tuple("`~"),
    "blockquote": (">",),
    "hr": tuple("*-_"),
    "list": tuple("*+-0123456789"),
    "reference": ("[",),
    "footnote_def": ("[",),
    "heading": ("#",),
}
# The second line of a table.
_DELIMITERS = tuple("|-:")
_DEFINITION = re.compile(r"^[ \t>]*:[ \t]", re.MULTILINE)
# The inline rules need one of these characters.
_MARKUP = re.compile(r"[\n\\`~*_\[<&]")


def add_guards(parser: MarkdownIt) -> None:
    """Add a condition to the parser's slow rules."""
    for rule in parser.block.ruler.__rules__:
        if characters := _FIRST_CHARACTERS.get(rule.name):
            rule.fn = _for_first_characters(characters, rule.fn)
        elif rule.name == "table":
            rule.fn = _for_tables(rule.fn)
        elif rule.name == "deflist":
            rule.fn = _for_definitions(rule.fn)
    parser.core.ruler.at("inline", _parse_inlines)


def _for_first_characters(characters: tuple[str, ...], rule: BlockRule) -> BlockRule:
    def parse(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        first = state.bMarks[start] + state.tShift[start]
        return state.src.startswith(characters, first) and rule(state, start, end, silent)

    return parse


def _for_tables(rule: BlockRule) -> BlockRule:
    def parse(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if start + 2 > end:
            return False
        first = state.bMarks[start + 1] + state.tShift[start + 1]
        return state.src.startswith(_DELIMITERS, first) and rule(state, start, end, silent)

    return parse


def _for_definitions(rule: BlockRule) -> BlockRule:
    """Call `rule` only in documents in which a line begins with a colon. The answer is cached for each document."""

    def parse(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        text, has_definitions = state.env.get("has_definitions", (None, False))
        if text is not state.src:
            has_definitions = _DEFINITION.search(state.src) is not None
            state.env["has_definitions"] = state.src, has_definitions
        return has_definitions and rule(state, start, end, silent)

    return parse


def _parse_inlines(state: StateCore) -> None:
    """Parse the content of paragraphs, headings and cells. Content without markup becomes one text token at once."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        token.children = token.children or []
        if _MARKUP.search(token.content):
            state.md.inline.parse(token.content, state.md, state.env, token.children)
        elif token.content:
            token.children.append(Token("text", "", 0, content=token.content))
