"""The last call: one sentence, a call to action, and how to ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..blocks import Block, Heading
from ..parts import Context
from .section import Section, opening


@dataclass(frozen=True)
class Closing(Section):
    kind: ClassVar[str] = "closing"


def matches(name: str) -> bool:
    return name.startswith("READY TO ")


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Closing:
    return Closing(*opening(heading, blocks, context), context.flow(blocks))
