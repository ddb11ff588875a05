"""The closing section: the final call to action and the contact details."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..blocks import Block, Heading
from ..components import Context
from .base import Section, start_section


@dataclass(frozen=True)
class Closing(Section):
    kind: ClassVar[str] = "closing"


def matches(name: str) -> bool:
    return name.startswith("READY TO ")


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Closing:
    return Closing(*start_section(heading, blocks, context), context.to_components(blocks))
