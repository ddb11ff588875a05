"""Let markdown-it try only the rules that can match at a character.

markdown-it tries its rules one after another at each block and at each mark of a text. Most of these calls fail: a
heading, for example, begins only with `#`. So one rule takes the place of all others. It looks up the character, and
calls only the rules that can match there, in their usual order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

# The characters at which a block of each type can begin, after the indentation. Other types can begin at any character.
_BLOCK_MARKS = {
    "fence": "`~",
    "blockquote": ">",
    "hr": "*-_",
    "list": "*+-0123456789",
    "comment": "<",
    "footnote_def": "[",
    "reference": "[",
    "heading": "#",
}
# The characters at which the inline rules match. The rule “text” matches at all other characters. So each other rule
# needs an entry: without one, a rule would be called at these characters, but not at others.
_INLINE_MARKS = {
    "newline": "\n",
    "escape": "\\",
    "backticks": "`",
    "strikethrough": "~",
    "emphasis": "*_",
    "link": "[",
    "image": "!",
    "footnote_ref": "[",
    "comment": "<",
    "line_break_tag": "<",
    "autolink": "<",
    "entity": "&",
}


def choose_by_character(parser: MarkdownIt) -> None:
    """Make `parser` call only the rules that can match at the current character.

    Add all rules to `parser` before you call this function.
    """
    _choose_block_rules(parser.block.ruler)
    _choose_inline_rules(parser.inline.ruler)


def _choose_block_rules(ruler: Ruler[Any]) -> None:
    """Add one rule that parses any block, and rules that find the end of a block.

    For example, a heading ends the paragraph above it. To find the end of a paragraph, markdown-it calls all rules that
    have “paragraph” in `alt`. The rule `end_of_paragraph` takes the place of these rules, and calls only those that can
    match at the line's first character.
    """
    rules = [rule for rule in ruler.__rules__ if rule.enabled]
    chains = {chain: [rule for rule in rules if chain in rule.alt] for rule in rules for chain in rule.alt}
    for rule in rules:
        # Remove the rule from the chains in `alt`. Don't disable it: markdown-it recognizes indented code only if the
        # rule “code” is enabled.
        ruler.at(rule.name, rule.fn)
    ruler.before(rules[0].name, "any", _block_rule(rules))
    for chain, ending in chains.items():
        ruler.push(f"end_of_{chain}", _block_rule(ending), {"alt": [chain]})


def _choose_inline_rules(ruler: Ruler[Any]) -> None:
    rules = [rule for rule in ruler.__rules__ if rule.enabled]
    [text] = [rule.fn for rule in rules if rule.name == "text"]
    # A rule without marks raises a KeyError.
    by_mark = _rules_by_mark([(rule.fn, _INLINE_MARKS[rule.name]) for rule in rules if rule.fn is not text])
    ruler.push("any", _inline_rule({**by_mark, "": [text]}))
    ruler.enableOnly("any")


def _rules_by_mark(rules: Sequence[tuple[Any, str | None]]) -> dict[str, list[Any]]:
    """Map each mark to the rules that can match there. The key "" stands for all other characters.

    `rules` are functions with their marks. A function with None instead of marks can match at any character.
    """
    return {
        character: [rule for rule, own in rules if own is None or (character and character in own)]
        for character in ("", *sorted({mark for _, own in rules for mark in own or ""}))
    }


def _block_rule(rules: Sequence[Any]) -> Any:
    by_mark = _rules_by_mark([(rule.fn, _BLOCK_MARKS.get(rule.name)) for rule in rules])
    others = by_mark[""]

    def parse(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        position = state.bMarks[start] + state.tShift[start]
        for rule in by_mark.get(state.src[position : position + 1], others):  # noqa: SIM110  faster than a generator
            if rule(state, start, end, silent):
                return True
        return False

    return parse


def _inline_rule(by_mark: Mapping[str, Sequence[Any]]) -> Any:
    others = by_mark[""]

    def parse(state: StateInline, silent: bool) -> bool:
        for rule in by_mark.get(state.src[state.pos], others):  # noqa: SIM110  faster than a generator
            if rule(state, silent):
                return True
        return False

    return parse
