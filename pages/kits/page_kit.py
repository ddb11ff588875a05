"""Build the kit of a page from its sections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import unescape

from ..content import note_marks
from ..content.blocks import Block, Heading, Row, Table
from ..content.components import Actions, BlankLines, Component, Fact, Grid, Prose, Statements, Worksheet
from ..content.document import Page
from ..content.document_structure import DocumentStructure
from ..content.footnotes import NoteList, html_in
from ..content.kit_words import KitWords
from ..content.languages import ENGLISH
from ..content.markup import Html, text_segments
from ..content.page_files import (
    INTERVIEW_KIT,
    QUESTION_BANK,
    SCORECARD,
    is_printed,
    kind_of,
    weighted_rows,
)
from ..content.sections import Section, questions
from ..content.sections.criteria import CriteriaTable
from ..content.sections.dimensions import DimensionGroup, Dimensions, Skill
from . import kit
from .kit import Criterion, Item, Kit, Link, Note, Part

_FOOTNOTE_NUMBER = re.compile(r"\[\d+\]")

# The code in a code block, which keeps its lines and indents.
_CODE = re.compile(r"<pre[^>]*><code>(.*?)</code></pre>", re.DOTALL)


def kit_of(page: Page, hub: Page | None, words: KitWords) -> Kit | None:
    """Return the kit of `page`, or None if the page has neither questions nor criteria. Raises DocumentRemoved.

    `hub` is the page above `page`.
    """
    page = page.full
    kind = kind_of(page.sections)
    if kind not in (INTERVIEW_KIT, QUESTION_BANK, SCORECARD):
        return None
    sections = tuple(section for section in page.sections if is_printed(section, kind))
    scored = _competencies(page, sections) if kind == SCORECARD else ()
    parts = tuple(Part(_text(section.heading), tuple(_items(section, scored))) for section in sections)
    parts = (*parts[:-1], replace(parts[-1], items=(*parts[-1].items, *_footnotes(page, sections)))) if parts else ()
    fields = tuple(words.labels[name] for name in ("candidate", "interviewer", "date"))
    blanks = (part for section in sections for part in section.body if isinstance(part, BlankLines))
    written = tuple(_text(label) for part in blanks for label in part.labels)
    name = page.name if kind != INTERVIEW_KIT else page.short_name(hub) if hub else page.name
    return Kit(kind, name, page.url, written or fields, parts, words, page.meta.language or ENGLISH.code)


def competency_kits(whole: Kit) -> dict[str, Kit]:
    """Return a kit for each competency (question group) in a question bank. Each key is the group's anchor."""
    return {
        item.anchor: replace(whole, name=item.name, parts=(Part(part.heading, (item, *_cited(item, whole))),))
        for part in whole.parts
        for item in part.items
        if isinstance(item, kit.QuestionGroup) and item.anchor
    }


def _items(section: Section, scored: tuple[Criterion, ...]) -> Iterator[Item]:
    short_names = {}
    if isinstance(section, Dimensions):
        short_names = {weight.name: weight.short_name for weight in section.weights}
    for component in section.body:
        match component:
            case DimensionGroup():
                for dimension in component.dimensions:
                    name = _text(dimension.name)
                    skills, others = _split_skills(dimension.body)
                    yield kit.Dimension(
                        name, short_names.get(name, name), dimension.percent, skills, tuple(_paragraphs(others))
                    )
            case questions.QuestionGroup():
                yield kit.QuestionGroup(component.name, component.anchor, tuple(map(_question, component.questions)))
            case CriteriaTable():
                yield from _criteria(component.grid)
            case Worksheet() if scored:
                yield from scored
            case Actions():
                yield from (Link(_text(call.label), call.href) for call in component.calls if call.href)
            case _:
                yield from _paragraphs([component])


def _footnotes(page: Page, sections: Iterable[Section]) -> Iterator[str]:
    """Yield the page's footnotes that are in `sections`, or to which `sections` refer."""
    sections = tuple(sections)
    lists = [(section, part) for section in page.sections for part in section.body if isinstance(part, NoteList)]
    cited = {id for html in html_in(sections) for id in note_marks.linked_ids(html)} if lists else set()
    for section, part in lists:
        is_printed_here = any(section is printed for printed in sections)
        for note in part.notes:
            if is_printed_here or cited.intersection(note.mark_ids):
                yield f"[{note.number}] {_marked_text(note.html)}"


def _cited(group: kit.QuestionGroup, whole: Kit) -> Iterator[str]:
    """Yield the footnotes to which the questions of `group` refer."""
    texts = [text for question in group.questions for text in (question.text, *question.texts)]
    texts += [note.text for question in group.questions for note in question.notes]
    for item in (item for part in whole.parts for item in part.items if isinstance(item, str)):
        number = _FOOTNOTE_NUMBER.match(item)
        if number and any(number[0] in text for text in texts):
            yield item


def _split_skills(body: Iterable[Component]) -> tuple[tuple[kit.Skill, ...], list[Component]]:
    parts = list(body)
    skills = (kit.Skill(_text(part.name), tuple(_segments(part.points))) for part in parts if isinstance(part, Skill))
    return tuple(skills), [part for part in parts if not isinstance(part, Skill)]


def _question(question: questions.Question) -> kit.Question:
    notes = tuple(
        Note(note.label, _marked_text(note.text), note.tone, note.is_level, note.is_follow_up)
        for note in question.notes
    )
    return kit.Question(question.number, _marked_text(question.text), notes, tuple(_paragraphs(question.body)))


def _criteria(grid: Grid) -> Iterator[Criterion]:
    weights = weighted_rows(grid)
    for name, *cells in grid.rows:
        notes = tuple(Note(cell.heading, _marked_text(cell.html), cell.tone) for cell in cells if cell.html)
        yield Criterion(_text(name.html), notes, weights.get(_text(name.html)), grid.columns[0].heading)


def _competencies(page: Page, sections: Iterable[Section]) -> tuple[Criterion, ...]:
    """Return the competencies of a scorecard: one for each row of its score sheet that has a weight.

    A competency's notes come from all tables of the page: from each row that starts with the competency's name, and
    from each table under a heading with this name. Each row under such a heading describes a score.
    """
    weights = {
        name: weight
        for section in sections
        for part in section.body
        if isinstance(part, Worksheet)
        for name, weight in weighted_rows(part.grid).items()
    }
    notes: dict[str, list[Note]] = {name: [] for name in weights}
    heading = ""
    for block in _blocks(page):
        if isinstance(block, Heading):
            heading = block.inline.text.strip()
        elif isinstance(block, Table) and heading in notes:
            notes[heading] += (Note(row.cells[0].text, row.cells[1].text) for row in block.rows if len(row.cells) > 1)
        elif isinstance(block, Table):
            for row in block.rows:
                notes.get(row.cells[0].text.strip(), []).extend(_row_notes(block.head, row))
    return tuple(Criterion(name, tuple(notes[name]), weight) for name, weight in weights.items())


def _blocks(page: Page) -> Iterator[Block]:
    for heading, content in DocumentStructure(page.source).sections():
        if heading:
            yield heading
        yield from content


def _row_notes(head: Row, row: Row) -> Iterator[Note]:
    """Yield a note for each cell of `row` that contains letters. Leave out the first cell, which has the row's name."""
    for column, cell in zip(head.cells[1:], row.cells[1:], strict=False):
        if re.search(r"[^\W\d_]", cell.text):
            yield Note(column.text, cell.text)


def _paragraphs(components: Iterable[Component]) -> Iterator[str]:
    """Yield the text of components that a kit shows as plain paragraphs."""
    for component in components:
        match component:
            case Prose():
                for number, part in enumerate(_CODE.split(component.html)):
                    yield from [unescape(part)] if number % 2 else _segments(part)
            case Statements():
                yield from (_marked_text(Html(f"{item.lead} {item.rest}")) for item in component.statements)
            case Fact():
                yield f"{component.label}: {_marked_text(component.value)}"
            case Actions():
                yield from (_text(call.label) for call in component.calls)
            case Worksheet():
                yield from (_text(cell.html) for row in component.grid.rows for cell in row if cell.html)


def _segments(html: str) -> list[str]:
    """Return the text of each block, cell and line of `html`. Write footnote marks as numbers in brackets."""
    return text_segments(note_marks.to_plain(html))


def _marked_text(html: Html) -> str:
    return " ".join(_segments(html))


def _text(html: Html) -> str:
    return " ".join(text_segments(html))
