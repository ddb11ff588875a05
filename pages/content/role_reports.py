"""Sample reports with data from the role's page: weights, the combined score, and questions to ask next."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from .document import Page
from .intervals import Interval
from .problems import Problem, Suggestions
from .scores import Axis, Score
from .sections.dimensions import Weight
from .sections.questions import Question, QuestionGroup
from .sections.report import AXIS, CandidateQuestion, DimensionScore, FollowUp, Sheet
from .site_words import Statement

# A report suggests at most this many questions, so that it fits on one printed page.
MAX_SUGGESTED = 2

# Sums of weights and scores are rounded to this many decimal places, to remove errors of binary fractions.
DECIMALS = 4


@dataclass(frozen=True)
class Row:
    """A score, drawn as an interval.

    `name` is a dimension, or one of the site's own words, which templates translate.
    `order` is the dimension's position on the role's page, from 1. For the combined score, and for the score before the
    answer to a follow-up question, `order` is 0.
    """

    name: str
    score: Score
    weight: Weight | None = None
    order: int = 0

    @property
    def interval(self) -> Interval:
        return AXIS.interval(self.score)

    @property
    def range_text(self) -> Statement:
        lowest, highest = f"{self.score.low:g}", f"{self.score.high:g}"
        return Statement("{lowest} to {highest}", lowest=lowest, highest=highest)

    @property
    def margin_text(self) -> str:
        return f"±\N{NO-BREAK SPACE}{self.score.margin:g}"


@dataclass(frozen=True)
class AskedAgain:
    """A role's question whose answer was unclear, and the follow-up question.

    `before` is the score of the question's `dimension` without the answer to the follow-up. `after` is the score with
    this answer.
    """

    question: Question
    dimension: str
    follow_up: FollowUp
    before: Row
    after: Row


@dataclass(frozen=True)
class RoleScores:
    """The scores of a sample report. `rows` are in the order of the dimensions on the role's page."""

    rows: tuple[Row, ...]
    axis: ClassVar[Axis] = AXIS

    @property
    def combined(self) -> Row:
        return Row("Combined", _combined(self.rows))

    @property
    def widest(self) -> Row:
        """The row with the widest interval."""
        return max(self.rows, key=lambda row: row.score.margin)

    @property
    def is_tied(self) -> bool:
        """Whether another row has an interval as wide as the interval of the `widest` row."""
        return [row.score.margin for row in self.rows].count(self.widest.score.margin) > 1


@dataclass(frozen=True)
class RoleReport(RoleScores):
    """A sample report, ready for the template.

    `suggested` has the questions about the dimension with the widest interval. If no group of questions has this
    dimension's name, `suggested` is empty.
    """

    role: Page
    suggested: tuple[Question, ...]
    asked_again: AskedAgain | None

    @property
    def sums(self) -> tuple[tuple[str, str, str], ...]:
        """The sums for both ends of the combined interval. Each has a name, its terms as text, and a result."""
        low, high = _ends(self.rows)
        return (
            ("Low end", _terms(self.rows, low), f"{_average(self.rows, low):g}"),
            ("High end", _terms(self.rows, high), f"{_average(self.rows, high):g}"),
        )

    @property
    def is_rounded(self) -> bool:
        """Whether rounding made the combined interval wider."""
        exact = [_average(self.rows, ends) for ends in _ends(self.rows)]
        return exact != [self.combined.score.low, self.combined.score.high]


def build_report(sheet: Sheet, role: Page) -> RoleReport | None:
    """Return the report for the template, or None if the document's report doesn't fit the role's page.

    `check_reports` reports the reason.
    """
    scores = role_scores(sheet.scores, role.weights)
    if scores is None or any(_sheet_problems(sheet, role)):
        return None
    asked_again = _asked_again(sheet.follow_up, scores.rows, role) if sheet.follow_up else None
    return RoleReport(scores.rows, role, _suggested(scores.widest, role, asked_again), asked_again)


def role_scores(scores: Iterable[DimensionScore], weights: Sequence[Weight]) -> RoleScores | None:
    """Return `scores` in the order of `weights`.

    Return None if the two don't have the same dimensions, or if all weights are 0%.
    """
    named = {dimension_key(score.name): score for score in scores}
    keys = [dimension_key(weight.name) for weight in weights]
    if named.keys() != set(keys) or not any(weight.percent for weight in weights):
        return None
    return RoleScores(
        tuple(
            Row(named[key].name, named[key].score, weight, order)
            for order, (key, weight) in enumerate(zip(keys, weights, strict=True), start=1)
        )
    )


def find_question(role: Page, number: str) -> tuple[QuestionGroup, Question] | None:
    """Return the question with this number on a role's page, and its group."""
    for section in role.question_sections:
        for group in section.groups:
            for question in group.questions:
                if question.number == number:
                    return group, question
    return None


def dimension_key(name: str) -> str:
    """Return the same key for “Technical”, “Technical Dimension” and “Technical Questions”."""
    return re.sub(r" (?:dimension|questions)$", "", " ".join(name.lower().split()))


def _combined(rows: tuple[Row, ...]) -> Score:
    """Return the combined score: the weighted average of the rows' scores, rounded to a whole number, with a margin.

    `low` is the weighted average of the lower ends of the rows' intervals, and `high` is the weighted average of the
    upper ends. If each true score is in its row's interval, the weighted average of the true scores is between `low`
    and `high`. The margin is the smallest whole number for which the combined score's interval includes `low` and
    `high`.
    """
    low, high = (_average(rows, ends) for ends in _ends(rows))
    value = round(_average(rows, [row.score.value for row in rows]))
    return Score(value, math.ceil(max(value - low, high - value)))


def _ends(rows: tuple[Row, ...]) -> tuple[list[float], list[float]]:
    return [row.score.low for row in rows], [row.score.high for row in rows]


def _average(rows: tuple[Row, ...], values: list[float]) -> float:
    """Return the weighted average of the rows' `values`."""
    percents = [row.weight.percent for row in rows if row.weight]
    products = [percent * value for percent, value in zip(percents, values, strict=True)]
    return round(sum(products) / sum(percents), DECIMALS)


def _terms(rows: tuple[Row, ...], values: list[float]) -> str:
    texts = [row.weight.percent_text for row in rows if row.weight]
    return " + ".join(f"{text} × {value:g}" for text, value in zip(texts, values, strict=True))


def _suggested(widest: Row, role: Page, asked_again: AskedAgain | None) -> tuple[Question, ...]:
    """Return the role's questions about the dimension in the row `widest`, at most MAX_SUGGESTED.

    The candidate has already answered the question in `asked_again` twice, so that question comes last.
    """
    groups = (group for section in role.question_sections for group in section.groups)
    questions = [
        question
        for group in groups
        if dimension_key(group.name) == dimension_key(widest.name)
        for question in group.questions
    ]
    asked = asked_again.question if asked_again else None
    return tuple(sorted(questions, key=lambda question: question is asked)[:MAX_SUGGESTED])


def _asked_again(follow_up: FollowUp, rows: tuple[Row, ...], role: Page) -> AskedAgain | None:
    found = find_question(role, follow_up.question)
    if not found:
        return None
    after = next(row for row in rows if dimension_key(row.name) == dimension_key(found[0].name))
    row_before = Row(Statement("{name}, before", name=after.name), follow_up.before)
    row_after = Row(Statement("{name}, after", name=after.name), after.score, order=after.order)
    return AskedAgain(found[1], after.name, follow_up, row_before, row_after)


def check_reports(pages: Mapping[str, Page], aliases: Mapping[str, str], now: datetime) -> Iterator[Problem]:
    """Yield a problem for each sample report or CandidateQuestion that doesn't fit the page of its role.

    `aliases` maps old URLs to current URLs.
    """
    similar_urls = Suggestions(cutoff=0.8)
    for page in pages.values():
        for part in (part for section in page.reports for part in section.parts):
            role = pages.get(part.role)
            if part.role in aliases:
                message = f"This report is about {part.role}, but that page now has the URL {aliases[part.role]}."
                yield _problem(page, part.line, part.role, message, f"Write `**Role:** {aliases[part.role]}`.")
            elif role is None or not role.weights:
                reason = "no page has that URL" if role is None else "that page has no dimensions"
                near = similar_urls.nearest(part.role, [url for url, other in pages.items() if other.weights])
                help = f"Did you mean {near}?" if near else "Write the URL of a role's page."
                message = f"This report is about {part.role}, but {reason}."
                yield _problem(page, part.line, part.role, message, help)
            elif page.meta.is_published(now) and not role.meta.is_published(now):
                message = f"This report is about {part.role}, but that page {role.meta.reason_unpublished(now)}."
                yield _problem(page, part.line, part.role, message, f"Publish {role.path}, or make this page a draft.")
            elif isinstance(part, Sheet):
                yield from (_problem(page, *problem) for problem in _sheet_problems(part, role))
            else:
                yield from (_problem(page, *problem) for problem in _question_problems(part, role))


def _problem(page: Page, line: int, text: str, message: str, help: str) -> Problem:
    return page.source.problem_at("sample-report", message, help, line=line, text=text)


_Finding = tuple[int, str, str, str]


def _sheet_problems(sheet: Sheet, role: Page) -> Iterator[_Finding]:
    """Yield each mismatch between the sheet and the role's page, such as an unknown dimension.

    A mismatch is a tuple: the line, the text to mark, the message and the help.
    """
    names = {dimension_key(weight.name): weight.name for weight in role.weights}
    scored = {dimension_key(score.name) for score in sheet.scores}
    listed = ", ".join(f"“{name}”" for name in names.values())
    for score in sheet.scores:
        if dimension_key(score.name) not in names:
            message = f"The page {role.url} has no dimension “{score.name}”."
            yield score.line, score.name, message, f"Use the dimensions of {role.path}: {listed}."
    if sheet.scores and (missing := [name for key, name in names.items() if key not in scored]):
        message = f"This report has no score for “{missing[0]}”."
        yield sheet.line, sheet.role, message, f"Add a row for each dimension of {role.path}: {listed}."
    if sheet.follow_up:
        follow_up = sheet.follow_up
        found = find_question(role, follow_up.question)
        if not found:
            yield _missing_question(follow_up.line, follow_up.question, role)
        elif dimension_key(found[0].name) not in names:
            message = f"On {role.url}, question {follow_up.question} is in a group that isn't named after a dimension."
            help = f"Choose a question from a group such as “{next(iter(names)).title()} Questions”."
            yield follow_up.line, follow_up.question, message, help


def _question_problems(part: CandidateQuestion, role: Page) -> Iterator[_Finding]:
    if part.question and not find_question(role, part.question):
        yield _missing_question(part.question_line, part.question, role)


def _missing_question(line: int, number: str, role: Page) -> _Finding:
    groups = [group for section in role.question_sections for group in section.groups]
    numbers = [question.number for group in groups for question in group.questions]
    help = f"Write a number from {numbers[0]} to {numbers[-1]}." if numbers else f"Add questions to {role.path}."
    return line, number, f"The page {role.url} has no question {number}.", help
