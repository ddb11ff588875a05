"""Sample questions in groups, numbered as written, each with what it reveals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from .. import markup
from ..blocks import Block, Heading, Paragraph
from ..calls_to_action import is_call_label, parse_calls
from ..components import Component, Context, split_paragraphs
from ..inlines import Inline, join
from ..markup import Html
from ..problems import Edit, Problem, Source
from .base import Section, opening

# How many groups of questions make a bank.
FEWEST_GROUPS = 5

_NUMBERED = re.compile(r"(\d{1,4})[.)]\s+")


@dataclass(frozen=True)
class Note:
    """`*What this reveals:* …`, and other lines of its shape; `label` without its colon."""

    label: str
    text: Html
    plain: str


@dataclass(frozen=True)
class Question:
    """`number` as written; `plain` is its text for machines, as a note's is."""

    number: str
    text: Html
    plain: str
    anchor: str
    notes: tuple[Note, ...]
    body: tuple[Component, ...]
    line: int


@dataclass(frozen=True)
class QuestionGroup(Component):
    """Questions under one heading; the first of a section may have none."""

    template: ClassVar[str] = "components/question_group.html"
    heading: Html
    anchor: str
    questions: tuple[Question, ...]
    name: str


@dataclass(frozen=True)
class Questions(Section):
    """One that asks nothing ("4. Questions" of a policy) looks like prose. One of many groups is a bank: it has an
    index of them, shows one alone when it is chosen there, and can be taken along as a table."""

    kind: ClassVar[str] = "questions"
    template: ClassVar[str] = "sections/questions.html"

    @property
    def groups(self) -> tuple[QuestionGroup, ...]:
        return tuple(part for part in self.body if isinstance(part, QuestionGroup))

    @property
    def asks(self) -> bool:
        return bool(self.groups)

    @property
    def count(self) -> int:
        return sum(len(group.questions) for group in self.groups)

    @property
    def is_bank(self) -> bool:
        return len([group for group in self.groups if group.heading]) >= FEWEST_GROUPS


def matches(name: str) -> bool:
    return name.endswith("QUESTIONS") and not name.startswith("FREQUENTLY")


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Questions:
    section = Questions(*opening(heading, blocks, context), tuple(_body(blocks, context)))
    context.problems.extend(_problems(section, context.source))
    return section


def _problems(section: Questions, source: Source) -> Iterator[Problem]:
    """Numbers run on across groups, from 1; each question says what it reveals."""
    questions = [question for group in section.groups for question in group.questions]
    for expected, question in enumerate(questions, start=1):
        if question.number != str(expected):
            message = f"this is question {expected} of its section, and is numbered {question.number}"
            column = source.line(question.line).find(question.number) + 1
            edit = Edit(question.line, column, len(question.number), str(expected))
            yield source.problem(
                "question-number",
                message,
                f"did you mean {expected}?",
                line=question.line,
                column=column,
                length=len(question.number),
                edits=(edit,),
            )
        if not any("reveals" in note.label.lower() for note in question.notes):
            message = "this question does not say what it reveals"
            help = "write *What this reveals:* and the words on a line of their own under it"
            text = source.line(question.line).strip()
            yield source.problem_at("question-reveals", message, help, line=question.line, text=text)


@dataclass(frozen=True)
class _Asked:
    """A question as found: what its paragraph holds beside it, and what follows, gathers in `blocks`."""

    number: str
    text: Inline
    line: int
    blocks: list[Block]


def _body(blocks: tuple[Block, ...], context: Context) -> Iterator[Component]:
    """A heading opens a group, a numbered bold line a question, and a call to action ends both."""
    group: Heading | None = None
    pending: list[Block] = []
    asked: list[_Asked] = []

    def close() -> Iterator[Component]:
        if asked:
            yield _group(group, asked, context)
        else:
            yield from context.to_components([group, *pending] if group else pending)
        pending.clear()
        asked.clear()

    for block in split_paragraphs(blocks, lambda line, before: _number(line) is not None):
        if isinstance(block, Heading):
            yield from close()
            group = block
        elif question := _asked(block):
            if pending:
                yield from close()
                group = None
            asked.append(question)
        elif isinstance(block, Paragraph) and parse_calls(block.inline):
            yield from close()
            group = None
            pending.append(block)
        elif asked:
            asked[-1].blocks.append(block)
        else:
            pending.append(block)
    yield from close()


def _asked(block: Block) -> _Asked | None:
    lines = block.inline.lines() if isinstance(block, Paragraph) else ()
    number = _number(lines[0]) if lines else None
    if not number:
        return None
    count = 1
    while count < len(lines) and lines[count].is_strong:
        count += 1
    rest: list[Block] = [Paragraph(lines[count].line, join(lines[count:]))] if lines[count:] else []
    return _Asked(number[1], join(lines[:count]).drop(number.end()), block.line, rest)


def _number(line: Inline) -> re.Match[str] | None:
    return _NUMBERED.match(line.text) if line.runs[0].strong else None


def _group(heading: Heading | None, asked: list[_Asked], context: Context) -> QuestionGroup:
    outline = context.outline
    html, anchor, name = Html(), "", ""
    if heading:
        outline.record_heading(3, heading.level)
        shown = outline.to_sentence_case(heading.inline)
        html, anchor, name = markup.render_text(shown), outline.unique_anchor(heading.raw_text), shown.text
    return QuestionGroup(html, anchor, tuple(_question(question, context) for question in asked), name)


def _question(asked: _Asked, context: Context) -> Question:
    anchor = context.outline.unique_anchor(f"question-{asked.number}")
    notes, body = _notes(asked.blocks)
    text = markup.render_text(asked.text)
    return Question(asked.number, text, asked.text.text, anchor, tuple(notes), context.to_components(body), asked.line)


def _notes(blocks: list[Block]) -> tuple[list[Note], list[Block]]:
    """The labelled lines that follow a question, and the blocks after them. A line without a label goes on with the
    one above it."""
    notes: list[Note] = []
    for index, block in enumerate(blocks):
        lines = block.inline.lines() if isinstance(block, Paragraph) else ()
        if not lines or not _label(lines[0]):
            return notes, blocks[index:]
        for line in lines:
            if label := _label(line):
                notes.append(Note(label[0], markup.render_inline(label[1]), label[1].text))
            else:
                text = markup.join_html(notes[-1].text, markup.render_inline(line))
                notes[-1] = replace(notes[-1], text=text, plain=f"{notes[-1].plain} {line.text}")
    return notes, []


def _label(line: Inline) -> tuple[str, Inline] | None:
    label = line.split_label("emphasis") or line.split_label("strong")
    return None if label and is_call_label(label[0]) else label
