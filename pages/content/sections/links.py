"""The links section: related pages as cards."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from .. import markup
from ..blocks import Block, Heading, Item, List, Paragraph
from ..components import Component, Context
from ..inlines import Inline
from ..markup import Html
from .base import Section, start_section

_DASH = re.compile(r"(\s*[—–:-])\s+")


@dataclass(frozen=True)
class Card:
    """A link and its note. `separator` is the punctuation between them in the document, with any space before it."""

    label: Html
    href: str
    note: Html
    separator: str = ""


@dataclass(frozen=True)
class Cards(Component):
    template: ClassVar[str] = "components/cards.html"
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Links(Section):
    kind: ClassVar[str] = "links"


def matches(name: str) -> bool:
    return name.startswith("RELATED ")


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Links:
    return Links(
        *start_section(heading, blocks, context), context.build_body(blocks, lambda block: _cards(block, context))
    )


def _cards(block: Block, context: Context) -> Cards | None:
    """Return a list's cards, or None if an item doesn't begin with a link."""
    cards = [_card(item, context) for item in block.items] if isinstance(block, List) else []
    return Cards(tuple(card for card in cards if card)) if cards and all(cards) else None


def _card(item: Item, context: Context) -> Card | None:
    first = item.blocks[0] if item.blocks else None
    runs = first.inline.strip().runs if isinstance(first, Paragraph) else ()
    if not runs or not runs[0].href or runs[0].image:
        return None
    href = runs[0].href
    count = 0
    while count < len(runs) and runs[count].href == href:
        count += 1
    label = markup.without_links(Inline(runs[:count]))
    rest = Inline(runs[count:])
    separator = _DASH.match(rest.text)
    note = markup.render_inline((rest.drop(separator.end()) if separator else rest).strip())
    more = context.render_prose(item.blocks[1:])
    return Card(markup.render_text(label), href, markup.join_html(note, more), separator[1] if separator else "")
