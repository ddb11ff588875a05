"""The challenge section: why the role is hard to hire for, and a list of the usual mistakes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from ..blocks import Block, Heading, Paragraph
from ..components import Context
from .base import Section, start_section

# The first sentence of a challenge, up to the punctuation at its end and any quotation marks after it.
_SENTENCE = re.compile(r".+?[.!?…][\"'”’)]*(?=\s|$)", re.DOTALL)
# The maximum length of this sentence, in characters. A longer one takes more than two lines beside a bar in a chart.
MAX_OPENING = 90


@dataclass(frozen=True)
class Challenge(Section):
    """`opening` is the first sentence, or "" if it is longer than MAX_OPENING."""

    kind: ClassVar[str] = "challenge"
    opening: str


def matches(name: str) -> bool:
    return name.endswith(("CHALLENGE", "CHALLENGES"))


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Challenge:
    start = start_section(heading, blocks, context)
    body = context.build_body(blocks, context.build_statements)
    return Challenge(*start, body, _opening(blocks))


def _opening(blocks: Iterable[Block]) -> str:
    text = next((block.inline.text for block in blocks if isinstance(block, Paragraph)), "")
    match = _SENTENCE.match(" ".join(text.split()))
    return match[0] if match and len(match[0]) <= MAX_OPENING else ""
