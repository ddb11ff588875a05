"""Sample questions in groups, numbered as written, each with what it reveals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from .. import markup
from ..blocks import Block, Heading, Paragraph
from ..calls import calls_of
from ..inlines import Inline, join
from ..markup import Html
from ..parts import Context, Part
from .section import Section, opening

_NUMBERED = re.compile(r"(\d{1,4})[.)]\s+")


@dataclass(frozen=True)
class Note:
    """`*What this reveals:* …`, and other lines of its shape; `label` without its colon."""

    label: str
    text: Html


@dataclass(frozen=True)
class Question:
    """`number` as written."""

    number: str
    text: Html
    anchor: str
    notes: tuple[Note, ...]
    body: tuple[Part, ...]
    line: int


@dataclass(frozen=True)
class QuestionGroup(Part):
    """Questions under one heading; the first of a section may have none."""

    template: ClassVar[str] = "parts/question_group.html"
    heading: Html
    anchor: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Questions(Section):
    kind: ClassVar[str] = "questions"


def matches(name: str) -> bool:
    return name.endswith("QUESTIONS") and not name.startswith("FREQUENTLY")


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Questions:
    return Questions(*opening(heading, blocks, context), tuple(_body(blocks, context)))


def _body(blocks: tuple[Block, ...], context: Context) -> Iterator[Part]:
    """Stretches: a heading opens a group, a numbered bold line a question, a call to action ends both."""
    group: Heading | None = None
    pending: list[Block] = []
    questions: list[tuple[Paragraph, list[Block]]] = []

    def close() -> Iterator[Part]:
        if questions:
            yield _group(group, questions, context)
        elif group:
            yield from context.flow([group, *pending])
        else:
            yield from context.flow(pending)
        pending.clear()
        questions.clear()

    for block in blocks:
        if isinstance(block, Heading):
            yield from close()
            group = block
        elif isinstance(block, Paragraph) and _numbered(block):
            if pending:
                yield from context.flow([group, *pending] if group else pending)
                group = None
                pending.clear()
            questions.append((block, []))
        elif isinstance(block, Paragraph) and calls_of(block.inline):
            yield from close()
            group = None
            pending.append(block)
        elif questions:
            questions[-1][1].append(block)
        else:
            pending.append(block)
    yield from close()


def _numbered(block: Paragraph) -> re.Match[str] | None:
    return _NUMBERED.match(block.inline.lead()[0].text)


def _group(heading: Heading | None, questions: list[tuple[Paragraph, list[Block]]], context: Context) -> QuestionGroup:
    outline = context.outline
    html, anchor = Html(), ""
    if heading:
        outline.level(heading.level)
        html, anchor = markup.text(outline.heading(heading.inline)), outline.anchor(heading.written)
    return QuestionGroup(html, anchor, tuple(_question(first, rest, context) for first, rest in questions))


def _question(first: Paragraph, rest: list[Block], context: Context) -> Question:
    match = _numbered(first)
    assert match is not None
    lines = first.inline.strip().lines()
    count = 1
    while count < len(lines) and lines[count].is_strong:
        count += 1
    text = join(lines[:count]).drop(match.end())
    blocks = [Paragraph(lines[count].line, join(lines[count:])), *rest] if lines[count:] else rest
    anchor = context.outline.anchor(f"question-{match[1]}")
    notes, body = _notes(blocks)
    return Question(match[1], markup.text(text), anchor, tuple(notes), context.flow(body), first.line)


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
                notes.append(Note(label[0], markup.inline(label[1])))
            else:
                notes[-1] = replace(notes[-1], text=Html(f"{notes[-1].text}\n{markup.inline(line)}"))
    return notes, []


def _label(line: Inline) -> tuple[str, Inline] | None:
    return line.label("emphasis") or line.label("strong")
