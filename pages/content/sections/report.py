"""The report section: a sample report about a role, or one question of a role as a candidate sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from .. import markup
from ..blocks import Block, Heading, Paragraph, Table
from ..calls_to_action import is_call_label
from ..components import Component, Context, Fact
from ..inlines import Inline, join
from ..markup import Html
from ..scores import Axis, Score, parse_score
from ..url_paths import normalize_path
from .base import Section, start_section

COLUMNS = ("dimension", "score")
AXIS = Axis(0, 100)

_NUMBER = re.compile(r"[0-9]{1,4}")
_FOLLOW_UP = ("Question", "Answer", "Follow-up", "Second answer", "Score before")
LABELS = {"role", *(label.lower() for label in _FOLLOW_UP)}


@dataclass(frozen=True)
class DimensionScore:
    """A dimension's score, as in the document. The weight comes from the role's page."""

    name: str
    score: Score
    line: int


@dataclass(frozen=True)
class FollowUp:
    """An unclear answer, the follow-up question, the second answer, and the score before the second answer."""

    question: str
    answer: Html
    asked: Html
    second_answer: Html
    before: Score
    line: int


@dataclass(frozen=True)
class Sheet(Component):
    """A sample report about the role whose page is at `role`.

    If the report has a problem, `scores` is empty, and the page shows `fallback`: the document's text as prose.
    `question` is the number in the line `**Question:**`, or "". This number is kept even if the report's other lines
    are incomplete.
    """

    template: ClassVar[str] = "components/sheet.html"
    role: str
    line: int
    question: str
    question_line: int
    scores: tuple[DimensionScore, ...]
    follow_up: FollowUp | None
    fallback: Html


@dataclass(frozen=True)
class CandidateQuestion(Component):
    """One question of the role whose page is at `role`, and the facts to show below the question."""

    template: ClassVar[str] = "components/candidate_question.html"
    role: str
    line: int
    question: str
    question_line: int
    facts: tuple[Fact, ...]
    fallback: Html


@dataclass(frozen=True)
class Report(Section):
    kind: ClassVar[str] = "report"
    template: ClassVar[str] = "sections/report.html"

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return tuple(part for part in self.body if isinstance(part, Sheet))

    @property
    def parts(self) -> tuple[Sheet | CandidateQuestion, ...]:
        return tuple(part for part in self.body if isinstance(part, Sheet | CandidateQuestion))


def matches(name: str) -> bool:
    """Return False, because a report may have any heading. `has_role` recognizes a report by its content instead."""
    return False


def has_role(block: Block) -> bool:
    """Return whether `block` begins with a line such as `**Role:** /hire/data-engineer`."""
    if not isinstance(block, Paragraph) or not block.inline.text.lower().startswith("role"):
        return False
    label = block.inline.lines()[0].split_label()
    return label is not None and label[0].lower() == "role" and label[1].text.startswith("/")


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> Report:
    start = start_section(heading, blocks, context)
    first = next(index for index, block in enumerate(blocks) if has_role(block))
    reader = _Reader(context, has_scores=any(_is_score_table(block) for block in blocks))
    rest = [part for block in blocks[first:] for part in reader.take(block)]
    part = reader.component()
    return Report(*start, (*context.to_components(blocks[:first]), part, *context.to_components(rest)))


def _is_score_table(block: Block) -> bool:
    return isinstance(block, Table) and tuple(cell.text.strip().lower() for cell in block.head.cells) == COLUMNS


@dataclass
class _Reader:
    """Collects the labeled lines and the table of scores.

    If there is no such table, the section shows one question of the role, as a candidate sees it.

    `fields` maps each label, in lowercase letters, to a pair: the label as written, and the text after it.
    """

    context: Context
    has_scores: bool
    fields: dict[str, tuple[str, Inline]] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)
    taken: list[Block] = field(default_factory=list)
    has_problem: bool = False

    def take(self, block: Block) -> Iterator[Block]:
        """Collect the labeled lines or the table of scores in `block`, and yield the rest of `block`."""
        if isinstance(block, Table) and _is_score_table(block) and not self.tables:
            self.tables.append(block)
            self.taken.append(block)
        elif isinstance(block, Paragraph):
            lines = block.inline.lines()
            count = 0
            while count < len(lines) and self._take_line(lines[count], is_first=count == 0):
                count += 1
            if count:
                self.taken.append(Paragraph(block.line, join(lines[:count])))
            if count < len(lines):
                yield Paragraph(lines[count].line, join(lines[count:])) if count else block
        else:
            yield block

    def _take_line(self, line: Inline, *, is_first: bool) -> bool:
        """If `line` has a label, or continues the labeled line above it, collect it and return True."""
        label = line.split_label()
        if label is None:
            if is_first or line.runs[0].is_call:
                return False
            name, (written, words) = list(self.fields.items())[-1]
            self.fields[name] = (written, join([words, line]))
            return True
        name = label[0].lower()
        is_known = name in LABELS if self.has_scores else not is_call_label(name)
        if not is_known or name in self.fields:
            return False
        self.fields[name] = label
        return True

    def component(self) -> Sheet | CandidateQuestion:
        role = self._words("Role")
        url = normalize_path(role.text.strip())
        fallback = self.context.render_prose(self.taken)
        question = self._words("Question")
        line = question.line if question else role.line
        if self.has_scores:
            scores, follow_up = tuple(self._scores(self.tables[0])), self._follow_up()
            asked = question.text.strip()
            return Sheet(url, role.line, asked, line, () if self.has_problem else scores, follow_up, fallback)
        number = self._number(
            question,
            line,
            "This section has no table of scores, and no line with a question's number.",
            "Add a table with the columns Dimension | Score, or a line such as **Question:** 2",
        )
        told = [label for name, label in self.fields.items() if name not in ("role", "question")]
        facts = tuple(Fact(label, markup.render_inline(words)) for label, words in told)
        return CandidateQuestion(url, role.line, number, line, facts, fallback)

    def _words(self, label: str) -> Inline:
        return self.fields.get(label.lower(), ("", Inline()))[1]

    def _scores(self, table: Table) -> Iterator[DimensionScore]:
        lines: dict[str, int] = {}
        for row in table.rows:
            name, text = (*(cell.text.strip() for cell in row.cells), "", "")[:2]
            score = self._score(text, row.line)
            if len(row.cells) > len(COLUMNS):
                self._problem(row.line, "", "This row has too many cells.", "Write a name and a score in each row.")
            if name.lower() in lines:
                message = f"“{name}” already has a score on line {lines[name.lower()]}."
                self._problem(row.line, name, message, "Keep only one row for each dimension.")
            lines.setdefault(name.lower(), row.line)
            if score:
                yield DimensionScore(name, score, row.line)
        if not table.rows:
            self._problem(table.line, "", "This table has no scores.", "Add a row for each dimension of the role.")

    def _score(self, text: str, line: int) -> Score | None:
        score = parse_score(text)
        if score is None:
            self._problem(line, text, "This is not a score with an interval.", "Write a score such as 72 ± 4.")
        elif score.low < AXIS.low or score.high > AXIS.high:
            message = f"The interval goes from {score.low:g} to {score.high:g}, but scores go from 0 to 100."
            self._problem(line, text, message, "Correct the score or its interval.")
        return score

    def _follow_up(self) -> FollowUp | None:
        words = {label: self._words(label) for label in _FOLLOW_UP}
        written = [inline for inline in words.values() if inline]
        if not written:
            return None
        for label, inline in words.items():
            if not inline:
                help = f"Add a line **{label}:** …, or remove the other lines about the follow-up question."
                self._problem(written[0].line, "", f"The line **{label}:** is missing.", help)
        question = words["Question"]
        help = "Write a number, such as 2."
        number = question and self._number(question, question.line, "This is not the number of a question.", help)
        before_line = words["Score before"]
        before = self._score(before_line.text.strip(), before_line.line) if before_line else None
        answer, asked, second = (markup.render_inline(words[label]) for label in _FOLLOW_UP[1:4])
        return FollowUp(number, answer, asked, second, before, question.line) if before and number else None

    def _number(self, words: Inline, line: int, message: str, help: str) -> str:
        """Return the number of a question. If `words` is not a number, add a problem and return ""."""
        number = words.text.strip()
        if _NUMBER.fullmatch(number):
            return number
        self._problem(line, number, message, help)
        return ""

    def _problem(self, line: int, text: str, message: str, help: str) -> None:
        self.has_problem = True
        problem = self.context.source.problem_at("sample-report", message, help, line=line, text=text)
        self.context.problems.append(problem)
