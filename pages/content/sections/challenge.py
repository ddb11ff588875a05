"""The challenge section: why the role is hard to hire for, and a list of the usual mistakes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from .. import markup
from ..blocks import Block, Heading, Item, List, Paragraph
from ..components import Component, Context
from ..inlines import Inline
from ..markup import Html
from .base import Section, start_section

# The first sentence of a challenge, up to the punctuation at its end and any quotation marks after it.
_SENTENCE = re.compile(r".+?[.!?…][\"'”’)]*(?=\s|$)", re.DOTALL)
# A longer sentence takes more than two lines beside a bar in a chart.
MAX_OPENING = 90


@dataclass(frozen=True)
class Challenge(Section):
    """`opening` is the first sentence, or "" if it is longer than MAX_OPENING."""

    kind: ClassVar[str] = "challenge"
    opening: str


@dataclass(frozen=True)
class Statement:
    """A list item. `lead` is the bold text at its start."""

    lead: Html
    rest: Html


@dataclass(frozen=True)
class Statements(Component):
    template: ClassVar[str] = "components/statements.html"
    statements: tuple[Statement, ...]


def matches(name: str) -> bool:
    return name.endswith(("CHALLENGE", "CHALLENGES"))


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Challenge:
    start = start_section(heading, blocks, context)
    body = context.build_body(blocks, lambda block: _statements(block, context))
    return Challenge(*start, body, _opening(blocks))


def _opening(blocks: Iterable[Block]) -> str:
    text = next((block.inline.text for block in blocks if isinstance(block, Paragraph)), "")
    match = _SENTENCE.match(" ".join(text.split()))
    return match[0] if match and len(match[0]) <= MAX_OPENING else ""


def _statements(block: Block, context: Context) -> Statements | None:
    if isinstance(block, List) and not block.is_ordered and all(_lead(item) for item in block.items):
        return Statements(tuple(_statement(item, context) for item in block.items))
    return None


def _lead(item: Item) -> Inline:
    first = item.blocks[0] if item.blocks else None
    return first.inline.split_lead()[0] if isinstance(first, Paragraph) else Inline()


def _statement(item: Item, context: Context) -> Statement:
    first = item.blocks[0]
    lead, rest = first.inline.split_lead() if isinstance(first, Paragraph) else (Inline(), Inline())
    html = markup.render_inline(rest.strip())
    more = context.render_prose(item.blocks[1:])
    return Statement(markup.render_text(lead), markup.join_html(html, more))
