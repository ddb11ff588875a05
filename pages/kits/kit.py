"""Kits: a page's dimensions, questions and criteria as plain text, for files to download."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..content.kit_words import KitWords
from ..content.languages import ENGLISH


@dataclass(frozen=True)
class Note:
    """A labeled remark, such as what a question reveals. `tone` is "great", "flag" or ""."""

    label: str
    text: str
    tone: str = ""
    is_level: bool = False
    is_follow_up: bool = False


def joined_notes(notes: Iterable[Note]) -> dict[str, Note]:
    """Return the notes keyed by label. Notes with the same label become one note."""
    joined: dict[str, Note] = {}
    for note in notes:
        before = joined.get(note.label)
        joined[note.label] = replace(note, text=f"{before.text} {note.text}") if before else note
    return joined


@dataclass(frozen=True)
class Question:
    """A question. `number` is the number as the document writes it. `texts` are the paragraphs below the notes."""

    number: str
    text: str
    notes: tuple[Note, ...]
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class QuestionGroup:
    """Questions under one heading. `name` is empty for questions directly under the section's heading."""

    name: str
    anchor: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Skill:
    name: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class Dimension:
    """A weighted dimension. `short_name` leaves out a last word such as “Dimension”. `weight` is in percent."""

    name: str
    short_name: str
    weight: float
    skills: tuple[Skill, ...]
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Criterion:
    """A competency. In a table, each note is a cell of its row. On a scorecard, each note explains a score.

    `weight` is in percent, or None if the document gives no weight. `column` is the heading of the table's column with
    the names of competencies.
    """

    name: str
    notes: tuple[Note, ...]
    weight: float | None = None
    column: str = ""


@dataclass(frozen=True)
class Link:
    """A call to action. `href` is a path on this site, or a whole URL."""

    text: str
    href: str


Item = str | Link | Dimension | QuestionGroup | Criterion


@dataclass(frozen=True)
class Part:
    """A section of the page. A `str` among the items is a paragraph."""

    heading: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class ScoreRow:
    """A row of the scoring sheet, as in `Kit.rows`. `weight` is in percent, or None if unknown."""

    name: str
    weight: float | None


@dataclass(frozen=True)
class Kit:
    """The content of a page's files.

    `kind` is one of the kinds in `content.page_files`. `name` is the role's name, or the name of the page. `url` is the
    page's path. `fields` are the labels of lines to fill in, such as the candidate's name. `language` is the code of
    the page's language.
    """

    kind: str
    name: str
    url: str
    fields: tuple[str, ...]
    parts: tuple[Part, ...]
    words: KitWords
    language: str = ENGLISH.code

    @property
    def title(self) -> str:
        """The title of the page's files, such as “Interview kit - Data Engineer”."""
        return f"{self.words.labels[self.kind]} - {self.name}"

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        return tuple(item for part in self.parts for item in part.items if isinstance(item, Dimension))

    @property
    def groups(self) -> tuple[QuestionGroup, ...]:
        return tuple(item for part in self.parts for item in part.items if isinstance(item, QuestionGroup))

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return tuple(item for part in self.parts for item in part.items if isinstance(item, Criterion))

    @property
    def rows(self) -> tuple[ScoreRow, ...]:
        """The rows of the scoring sheet: the dimensions, or else the criteria, or else the groups of questions.

        If some criteria have a weight, leave out the others: a criterion without a weight may be the total.
        """
        if self.dimensions:
            return tuple(ScoreRow(dimension.short_name, dimension.weight) for dimension in self.dimensions)
        if self.criteria:
            weighted = [criterion for criterion in self.criteria if criterion.weight is not None]
            return tuple(ScoreRow(criterion.name, criterion.weight) for criterion in weighted or self.criteria)
        return tuple(ScoreRow(group.name, None) for group in self.groups if group.name)
