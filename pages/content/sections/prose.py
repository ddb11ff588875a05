"""The prose section: any section that no other kind matches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..blocks import Block, Heading
from ..components import Actions, Context, Worksheet
from ..components import Prose as Text
from .base import Section, start_section

# Characters of HTML that fill about a screen of a phone: 20 lines of 35 characters.
LONG = 700


@dataclass(frozen=True)
class Prose(Section):
    kind: ClassVar[str] = "prose"

    @property
    def needs_call(self) -> bool:
        """Whether the section takes about a screen of a phone or more, and has no call to action."""
        length = sum(len(part.html) for part in self.body if isinstance(part, Text))
        is_long = length > LONG or any(isinstance(part, Worksheet) for part in self.body)
        return is_long and not any(isinstance(part, Actions) for part in self.body)


def matches(name: str) -> bool:
    return True


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Prose:
    return Prose(*start_section(heading, blocks, context), context.to_components(blocks))
