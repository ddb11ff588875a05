"""Questions that open and close without script, each with an anchor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from .. import markup
from ..blocks import Block, Heading, Paragraph, plain_text
from ..calls_to_action import parse_calls
from ..components import Component, Context, split_paragraphs
from ..inlines import Inline, join
from ..markup import Html
from .base import Section, opening


@dataclass(frozen=True)
class FaqItem:
    """A question and its answer; `question_text` and `answer_text` are the same in plain words, for machines."""

    question: Html
    anchor: str
    answer: tuple[Component, ...]
    question_text: str
    answer_text: str


@dataclass(frozen=True)
class FaqList(Component):
    template: ClassVar[str] = "components/faq_list.html"
    items: tuple[FaqItem, ...]


@dataclass(frozen=True)
class Faq(Section):
    kind: ClassVar[str] = "faq"

    @property
    def items(self) -> tuple[FaqItem, ...]:
        return tuple(item for part in self.body if isinstance(part, FaqList) for item in part.items)


def matches(name: str) -> bool:
    return name in ("FAQ", "FAQS") or name.startswith("FREQUENTLY ASKED QUESTIONS")


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Faq:
    return Faq(*opening(heading, blocks, context), tuple(_body(blocks, context)))


def _body(blocks: tuple[Block, ...], context: Context) -> Iterator[Component]:
    """A question takes all that follows it, until the next one, a heading that is none, or a call to action."""
    answered: list[tuple[Inline, list[Block]]] = []
    pending: list[Block] = []

    def close() -> Iterator[Component]:
        if answered:
            yield FaqList(tuple(_faq_item(question, answer, context) for question, answer in answered))
            answered.clear()
        yield from context.to_components(pending)
        pending.clear()

    for block in split_paragraphs(blocks, _begins):
        question, rest = _question(block)
        if question:
            if pending:
                yield from close()
            answered.append((question, rest))
        elif isinstance(block, Heading) or (isinstance(block, Paragraph) and parse_calls(block.inline)):
            yield from close()
            pending.append(block)
        elif answered and not pending:
            answered[-1][1].append(block)
        else:
            pending.append(block)
    yield from close()


def _question(block: Block) -> tuple[Inline, list[Block]]:
    """The question that a block begins with, and what else the block holds: bold lines up to a question mark."""
    if isinstance(block, Heading) and _asks(block.inline):
        return block.inline, []
    if not isinstance(block, Paragraph):
        return Inline(), []
    lines = block.inline.lines()
    count = 0
    while count < len(lines) and lines[count].is_strong:
        count += 1
        if _asks(lines[count - 1]):
            rest = join(lines[count:])
            return join(lines[:count]), [Paragraph(lines[count].line, rest)] if rest else []
    return Inline(), []


def _begins(line: Inline, before: Inline) -> bool:
    """Whether `line` is a question that follows an answer; bold lines together are one question."""
    return line.is_strong and _asks(line) and not before.is_strong


def _asks(line: Inline) -> bool:
    return line.text.rstrip(" \u00a0\"'”’)").endswith("?")


def _faq_item(question: Inline, answer: list[Block], context: Context) -> FaqItem:
    shown = context.outline.to_sentence_case(question.strip())
    anchor = context.outline.unique_anchor(question.text)
    context.outline.record_heading(3)
    return FaqItem(
        markup.render_text(shown),
        anchor,
        context.to_components(answer),
        " ".join(shown.text.split()),
        plain_text(answer),
    )
