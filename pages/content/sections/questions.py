"""The questions section: numbered sample questions in groups, each with a note on what it reveals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from .. import markup
from ..blocks import Block, Heading, Paragraph
from ..calls_to_action import is_call_label, parse_calls
from ..components import TONES, Component, Context, split_paragraphs, tone_of
from ..inlines import Inline, Run, join
from ..languages import ENGLISH
from ..markup import Html
from ..problems import Edit, Problem, Source, Span
from .base import Section, start_section

# A section with at least this many groups is a question bank.
MIN_BANK_GROUPS = 5

MAX_NUMBER = 9_999
_NUMBERED = re.compile(r"(\d{1,4})[.)]\s+")  # at most MAX_NUMBER
_LEVEL = re.compile(r"level", re.IGNORECASE)
_FOLLOW_UP = re.compile(r"follow[- ]?up(?: question)?", re.IGNORECASE)


@dataclass(frozen=True)
class Note:
    """A line such as `*What this reveals:* …`. `label` excludes the colon, and `plain` is the text without markup."""

    label: str
    text: Html
    plain: str

    @property
    def tone(self) -> str:
        """Return "great" for a note on strong answers, "flag" for a note on red flags, otherwise ""."""
        return tone_of(self.label, TONES)

    @property
    def is_level(self) -> bool:
        """Whether the note gives the level of the candidates, such as `*Level:* Senior`."""
        return bool(_LEVEL.fullmatch(self.label))

    @property
    def is_follow_up(self) -> bool:
        """Whether the note is a follow-up question for the interviewer."""
        return bool(_FOLLOW_UP.fullmatch(self.label))


@dataclass(frozen=True)
class Question:
    """A question. `number` is the number as written, and `plain` is the text without markup.

    `number_span` is the number's place in the document. If `has_exact_span` is False, this place is an estimate.
    """

    number: str
    number_span: Span
    has_exact_span: bool
    text: Html
    plain: str
    anchor: str
    notes: tuple[Note, ...]
    body: tuple[Component, ...]

    @property
    def levels(self) -> tuple[Note, ...]:
        """Return the notes on the level of the candidates. The page shows these notes above the question."""
        return tuple(note for note in self.notes if note.is_level)

    @property
    def remarks(self) -> tuple[Note, ...]:
        """Return the notes that aren't in `levels` or `signs`. The page shows these notes below the question."""
        return tuple(note for note in self.notes if not note.tone and not note.is_level)

    @property
    def signs(self) -> tuple[Note, ...]:
        """Return the notes on strong answers and red flags. On wide screens, they are next to the question."""
        return tuple(note for note in self.notes if note.tone)


@dataclass(frozen=True)
class QuestionGroup(Component):
    """Questions under one heading. `heading` is empty for questions directly under the section's heading."""

    template: ClassVar[str] = "components/question_group.html"
    heading: Html
    anchor: str
    questions: tuple[Question, ...]
    name: str


@dataclass(frozen=True)
class Questions(Section):
    """A section of sample questions.

    A section without questions, such as "4. Questions" in a policy, is shown as prose.

    A section with many groups is a question bank. A question bank also has an index that filters by group, and a CSV
    download.
    """

    kind: ClassVar[str] = "questions"
    template: ClassVar[str] = "sections/questions.html"

    @property
    def groups(self) -> tuple[QuestionGroup, ...]:
        return tuple(part for part in self.body if isinstance(part, QuestionGroup))

    @property
    def has_questions(self) -> bool:
        return bool(self.groups)

    @property
    def count(self) -> int:
        return sum(len(group.questions) for group in self.groups)

    @property
    def is_bank(self) -> bool:
        return len([group for group in self.groups if group.heading]) >= MIN_BANK_GROUPS


def matches(name: str) -> bool:
    return name.endswith("QUESTIONS") and not name.startswith("FREQUENTLY")


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Questions:
    section = Questions(*start_section(heading, blocks, context), tuple(_body(blocks, context)))
    needs_note = context.language.is_like(ENGLISH)  # `_check` knows only the English label
    context.problems.extend(_check(section, context.source, needs_note))
    return section


def _check(section: Questions, source: Source, needs_note: bool) -> Iterator[Problem]:
    """Yield a problem for each wrong number. Numbers start at 1, and continue from one group to the next.

    With `needs_note`, also yield a problem for each question without a note on what it reveals.
    """
    questions = [question for group in section.groups for question in group.questions]
    for expected, question in enumerate(questions, start=1):
        if question.number != str(expected):
            message = f"This is question {expected} of the section, but it has the number {question.number}."
            line, column, length = span = question.number_span
            is_fixable = question.has_exact_span and expected <= MAX_NUMBER
            edits = (Edit(span, str(expected)),) if is_fixable else ()
            help = f"Did you mean {expected}?"
            yield source.problem("question-number", message, help, line=line, column=column, length=length, edits=edits)
        if needs_note and not any("reveals" in note.label.lower() for note in question.notes):
            message = "This question doesn't say what it reveals."
            help = "Below the question, add a line *What this reveals:* …"
            line = question.number_span.line
            yield source.problem_at("question-reveals", message, help, line=line, text=source.line(line).strip())


@dataclass(frozen=True)
class _ParsedQuestion:
    """A question before rendering. `blocks` has the rest of its paragraph, and all blocks before the next question."""

    number: str
    first_run: Run
    text: Inline
    blocks: list[Block]


def _body(blocks: tuple[Block, ...], context: Context) -> Iterator[Component]:
    """Yield the groups, and the other blocks as prose.

    A heading starts a group, and a numbered bold line starts a question. A call to action ends the group and the
    question.
    """
    group: Heading | None = None
    pending: list[Block] = []
    questions: list[_ParsedQuestion] = []

    def close() -> Iterator[Component]:
        if questions:
            yield _group(group, questions, context)
        else:
            yield from context.to_components([group, *pending] if group else pending)
        pending.clear()
        questions.clear()

    for block in split_paragraphs(blocks, lambda line, previous: _number(line) is not None):
        if isinstance(block, Heading):
            yield from close()
            group = block
        elif question := _parse_question(block):
            if pending:
                yield from close()
                group = None
            questions.append(question)
        elif isinstance(block, Paragraph) and parse_calls(block.inline):
            yield from close()
            group = None
            pending.append(block)
        elif questions:
            questions[-1].blocks.append(block)
        else:
            pending.append(block)
    yield from close()


def _parse_question(block: Block) -> _ParsedQuestion | None:
    lines = block.inline.lines() if isinstance(block, Paragraph) else ()
    number = _number(lines[0]) if lines else None
    if not number:
        return None
    count = 1
    while count < len(lines) and lines[count].is_strong:
        count += 1
    rest: list[Block] = [Paragraph(lines[count].line, join(lines[count:]))] if lines[count:] else []
    return _ParsedQuestion(number[1], lines[0].runs[0], join(lines[:count]).drop(number.end()), rest)


def _number(line: Inline) -> re.Match[str] | None:
    return _NUMBERED.match(line.text) if line.runs[0].strong else None


def _group(heading: Heading | None, questions: list[_ParsedQuestion], context: Context) -> QuestionGroup:
    outline = context.outline
    html, anchor, name = Html(), "", ""
    if heading:
        outline.record_heading(3, heading.level)
        title = outline.to_sentence_case(heading.inline)
        html, anchor, name = markup.render_text(title), outline.unique_anchor(heading.raw_text), title.text
    return QuestionGroup(html, anchor, tuple(_question(question, context) for question in questions), name)


def _question(parsed: _ParsedQuestion, context: Context) -> Question:
    anchor = context.outline.unique_anchor(f"question-{parsed.number}")
    notes, body = _split_notes(parsed.blocks)
    text = markup.render_text(parsed.text)
    run = parsed.first_run
    return Question(
        parsed.number,
        Span(run.line, run.column, len(parsed.number)),
        run.is_exact and run.text.startswith(parsed.number),
        text,
        parsed.text.text,
        anchor,
        tuple(notes),
        context.to_components(body),
    )


def _split_notes(blocks: list[Block]) -> tuple[list[Note], list[Block]]:
    """Return the notes at the start of `blocks`, and the rest. A line without a label continues the note above."""
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
