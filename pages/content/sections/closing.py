"""The last call: one sentence, a call to action, and how to ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..blocks import Block, Heading
from ..components import Context
from .base import Section, opening


@dataclass(frozen=True)
class Closing(Section):
    kind: ClassVar[str] = "closing"
    template: ClassVar[str] = "sections/stacked.html"


def matches(name: str) -> bool:
    return name.startswith("READY TO ")


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Closing:
    return Closing(*opening(heading, blocks, context), context.to_components(blocks))
