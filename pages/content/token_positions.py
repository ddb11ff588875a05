"""Record where inline tokens are in the text, because markdown-it doesn't record this.

`meta["end"]` is the offset after a token's markup, so the next token starts there. `meta["target"]` says where the
target of a link or an image starts and ends. A token has no `meta["target"]` if the target comes from a link
definition, or if the target contains escapes or entities.
"""

from __future__ import annotations

from collections.abc import Callable

from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

InlineRule = Callable[[StateInline, bool], bool]


def with_end(rule: InlineRule) -> InlineRule:
    """Wrap a parser rule, so that it stores the end of its token in `meta["end"]`.

    `rule` must make at most one token, not counting text tokens.
    """

    def parse(state: StateInline, silent: bool) -> bool:
        first = len(state.tokens)
        if not rule(state, silent):
            return False
        if len(state.tokens) > first:
            state.tokens[-1].meta["end"] = state.pos
        return True

    return parse


def record_delimiters(state: StateInline, start: int) -> None:
    """Set `meta["end"]` of each emphasis token between `start` and `state.pos`. Each token is one character."""
    count = state.pos - start
    for index, token in enumerate(state.tokens[-count:], start=1):
        token.meta["end"] = start + index


def record_link(state: StateInline, start: int, first: int) -> None:
    """Set the positions of the link or image at `start`. Its tokens begin at the index `first` of `state.tokens`."""
    token = state.tokens[-1]
    token.meta["end"] = state.pos
    is_image = token.type == "image"
    if not is_image:
        token = next(token for token in state.tokens[first:] if token.type == "link_open")
        token.meta["end"] = start + 1
    if target := _find_target(state, token, start + is_image, is_image):
        token.meta["target"] = target


def _find_target(state: StateInline, token: Token, bracket: int, is_image: bool) -> tuple[int, int] | None:
    """Return where a link's target starts and ends. The link's text starts at `bracket`."""
    helpers, text = state.md.helpers, state.src
    start = helpers.parseLinkLabel(state, bracket, not is_image) + 1
    if text[start : start + 1] != "(" or text[state.pos - 1] != ")":  # the target is in a link definition
        return None
    start += 1
    while text[start : start + 1] in (" ", "\t", "\n"):
        start += 1
    parsed = helpers.parseLinkDestination(text, start, state.posMax)
    end = parsed.pos
    if text[start : start + 1] == "<":
        start, end = start + 1, end - 1
    is_verbatim = parsed.ok and text[start:end] == parsed.str
    href = token.attrGet("src" if is_image else "href")
    return (start, end) if is_verbatim and href == state.md.normalizeLink(parsed.str) else None
