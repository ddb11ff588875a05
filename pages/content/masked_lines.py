"""Source lines without the parts that aren't Markdown, such as code spans and URLs. Columns stay the same."""

from __future__ import annotations

import re

_BACKTICKS = re.compile(r"`+")
# Text that isn't Markdown: an escaped character, a link's target, a URL, an email address, or a comment.
#
# The search takes linear time. If an alternative of this expression fails, it hasn't read past the next place where it
# could start. For example, an address in angle brackets starts with “<”, so its alternative stops at the next “<”.
_LITERAL = re.compile(
    r"\\[!-/:-@\[-`{-~]|(?<=\]\()[^()\s]*|<[^<>\s:@]+[:@][^<>\s]+>|<!--(?:(?!<!--).)*?-->|\b(?:https?|ftp)://\S+"
    r"|\b(?:mailto|tel):\S+|(?<!\S)[^\s@]+@\S+"
)
# Each match of _LITERAL contains one of these signs. Searching for a sign first saves time.
_LITERAL_SIGN = re.compile(r"[\\<:@]|\]\(")


def blank_code_spans(line: str) -> str:
    """Return `line` with spaces in place of its code spans.

    A code span starts and ends with the same number of backticks. Unlike a regular expression, this function takes
    linear time.
    """
    if "`" not in line:
        return line
    runs = list(_BACKTICKS.finditer(line))
    closing: list[int | None] = [None] * len(runs)
    next_by_length: dict[int, int] = {}
    for index in reversed(range(len(runs))):
        length = len(runs[index][0])
        closing[index], next_by_length[length] = next_by_length.get(length), index
    parts, position, index = list[str](), 0, 0
    while index < len(runs):
        last = closing[index]
        if last is not None:
            start, end = runs[index].start(), runs[last].end()
            parts += line[position:start], " " * (end - start)
            position, index = end, last
        index += 1
    return "".join([*parts, line[position:]])


def blank_literals(line: str) -> str:
    """Return `line` with spaces in place of escaped characters, URLs, email addresses and comments."""
    if not _LITERAL_SIGN.search(line):
        return line
    return _LITERAL.sub(lambda literal: " " * len(literal[0]), line)
