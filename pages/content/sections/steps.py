"""The steps section: numbered steps and a highlighted fact."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from .. import markup
from ..blocks import Block, Heading, Item, List, Paragraph
from ..calls_to_action import is_call_label
from ..components import Component, Context, Fact
from ..inlines import Inline
from ..markup import Html
from .base import Section, start_section

_DASH = re.compile(r"(\s*[—–:-])\s+")

# On a page of 72rem, five columns are about 27 characters wide. A text of 140 characters then has about five lines.
_MOST_COLUMNS = 5
_LONGEST_COLUMN = 140


@dataclass(frozen=True)
class Step:
    """A step. `lead` is the bold text at its start.

    `separator` is the punctuation between `lead` and `detail` in the document, with any space before it.
    """

    lead: Html
    separator: str
    detail: Html


@dataclass(frozen=True)
class StepList(Component):
    template: ClassVar[str] = "components/step_list.html"
    start: int
    steps: tuple[Step, ...]

    @property
    def has_columns(self) -> bool:
        """Whether the steps are side by side on wide screens. Many or long steps are below each other."""
        return len(self.steps) <= _MOST_COLUMNS and all(
            len("".join(markup.text_segments(step.detail))) <= _LONGEST_COLUMN for step in self.steps
        )


@dataclass(frozen=True)
class Steps(Section):
    kind: ClassVar[str] = "steps"


def matches(name: str) -> bool:
    return bool(re.fullmatch(r"HOW (?:IT|[A-Z]+) WORKS", name))


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Steps:
    return Steps(
        *start_section(heading, blocks, context), context.build_body(blocks, lambda block: _part(block, context))
    )


def _part(block: Block, context: Context) -> Component | None:
    if isinstance(block, List) and block.is_ordered:
        return StepList(block.start, tuple(read_step(item, context) for item in block.items))
    if isinstance(block, Paragraph) and len(block.inline.lines()) == 1:
        label = block.inline.split_label()
        if label and label[1] and not is_call_label(label[0]):
            return Fact(label[0], markup.render_inline(label[1]))
    return None


def read_step(item: Item, context: Context) -> Step:
    first = item.blocks[0] if item.blocks else None
    if not isinstance(first, Paragraph):
        return Step(Html(), "", context.render_prose(item.blocks))
    lead, rest = first.inline.split_lead()
    separator = _DASH.match(rest.text) if lead else None
    detail = markup.render_inline((rest.drop(separator.end()) if separator else rest).strip())
    more = context.render_prose(item.blocks[1:])
    return Step(markup.render_text(lead or Inline()), separator[1] if separator else "", markup.join_html(detail, more))
