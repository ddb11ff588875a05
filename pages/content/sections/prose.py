"""The prose section: any section that no other kind matches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..blocks import Block, Heading
from ..components import Context
from ..components import Prose as ProseText
from .base import Section, start_section


@dataclass(frozen=True)
class Prose(Section):
    kind: ClassVar[str] = "prose"

    @property
    def has_scores(self) -> bool:
        """Whether a table in the section has scores, which the page draws on an axis."""
        return any("data-scale=" in part.html for part in self.body if isinstance(part, ProseText))


def matches(name: str) -> bool:
    return True


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Prose:
    return Prose(*start_section(heading, blocks, context), context.to_components(blocks))
