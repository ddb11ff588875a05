"""The challenge section: why the role is hard to hire for, and a list of the usual mistakes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from .. import markup
from ..blocks import Block, Heading, Item, List, Paragraph
from ..components import Component, Context
from ..inlines import Inline
from ..markup import Html
from .base import Section, start_section


@dataclass(frozen=True)
class Challenge(Section):
    kind: ClassVar[str] = "challenge"


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
    return Challenge(*start, context.build_body(blocks, lambda block: _statements(block, context)))


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
