"""The FAQ section: questions that open and close without JavaScript, each with an anchor."""

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
from .base import Section, start_section


@dataclass(frozen=True)
class FaqItem:
    """A question and its answer. `question_text` and `answer_text` are plain text, for structured data."""

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
    return Faq(*start_section(heading, blocks, context), tuple(_body(blocks, context)))


def _body(blocks: tuple[Block, ...], context: Context) -> Iterator[Component]:
    """Yield the section's components: lists of questions with their answers, and the text around these lists.

    An answer ends at the next question, at a heading that isn't a question, or at a call to action.
    """
    items: list[tuple[Inline, list[Block]]] = []
    pending: list[Block] = []

    def close() -> Iterator[Component]:
        if items:
            yield FaqList(tuple(_faq_item(question, answer, context) for question, answer in items))
            items.clear()
        yield from context.to_components(pending)
        pending.clear()

    for block in split_paragraphs(blocks, _starts_question):
        question, rest = _split_question(block)
        if question:
            if pending:
                yield from close()
            items.append((question, rest))
        elif isinstance(block, Heading) or (isinstance(block, Paragraph) and parse_calls(block.inline)):
            yield from close()
            pending.append(block)
        elif items and not pending:
            items[-1][1].append(block)
        else:
            pending.append(block)
    yield from close()


def _split_question(block: Block) -> tuple[Inline, list[Block]]:
    """Split a block into its question and the rest. If there is no question, return two empty values.

    A heading that ends with a question mark is a question. So are the bold lines at the start of a paragraph, up to the
    first line that ends with a question mark.
    """
    if isinstance(block, Heading) and _is_question(block.inline):
        return block.inline, []
    if not isinstance(block, Paragraph):
        return Inline(), []
    lines = block.inline.lines()
    count = 0
    while count < len(lines) and lines[count].is_strong:
        count += 1
        if _is_question(lines[count - 1]):
            rest = join(lines[count:])
            return join(lines[:count]), [Paragraph(lines[count].line, rest)] if rest else []
    return Inline(), []


def _starts_question(line: Inline, previous: Inline) -> bool:
    """Return whether `line` starts a question: it is bold and ends with “?”, and the line above isn't bold."""
    return line.is_strong and _is_question(line) and not previous.is_strong


def _is_question(line: Inline) -> bool:
    return line.text.rstrip(" \u00a0\"'”’)").endswith("?")


def _faq_item(question: Inline, answer: list[Block], context: Context) -> FaqItem:
    title = context.outline.to_sentence_case(question.strip())
    anchor = context.outline.unique_anchor(question.text)
    context.outline.record_heading(3)
    return FaqItem(
        markup.render_text(title.without_mark_links()),
        anchor,
        context.to_components(answer),
        " ".join(title.text.split()),
        plain_text(answer),
    )
