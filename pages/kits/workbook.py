"""A kit as a workbook, with sheets for questions, criteria, scores, and a comparison of candidates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from urllib.parse import urljoin

from ..content.page_files import SCORECARD
from ..xlsx_format import Book, Sheet
from .candidates_sheet import write_candidates_sheet
from .kit import Criterion, Dimension, Item, Kit, Link, Part, QuestionGroup, joined_notes
from .question_table import question_table
from .scoring_sheet import can_be_scored, write_scoring_sheet

# Widths in characters. The first three columns have fixed widths. Half of the remaining space is for the document's
# notes, and half is for the interviewer's notes. Each column with notes is at least MIN_NOTE_WIDTH wide. If all
# texts of a column are short, such as the levels of questions, the column is NUMBER_WIDTH wide.
NUMBER_WIDTH, GROUP_WIDTH, QUESTION_WIDTH, MIN_NOTE_WIDTH, PAGE_WIDTH = 9, 19, 36, 24, 150
NAME_WIDTH, MIN_CELL_WIDTH, CELLS_WIDTH = 20, 20, 88
MAX_PORTRAIT_CELLS = 3

NOTES_HEIGHT = 76  # the minimum height of a question, in points, to leave room for notes


def kit_workbook(kit: Kit, site_url: str) -> bytes:
    """Return the kit as XLSX. `site_url` is the site's absolute URL."""
    return _Writer(kit, Book(f"{kit.words.labels[kit.kind]} - {kit.name}", site_url + kit.url)).write()


class _Writer:
    def __init__(self, kit: Kit, book: Book) -> None:
        self.kit, self.book = kit, book
        self.labels, self.texts = kit.words.labels, kit.words.texts
        self.table = question_table(kit)

    def write(self) -> bytes:
        sheets = [*self.write_questions(), *self.write_criteria(), *self.write_scores()]
        sheets[-1].row += 1
        for text in self.texts["LAST LINE"]:
            sheets[-1].write_paragraph(text.plain, "soft")
        for sheet in sheets:
            sheet.print_all()
        return self.book.to_bytes()

    def write_questions(self) -> Iterator[Sheet]:
        """Write all questions as one table. From the second section on, each section has a heading."""
        parts = [part for part in self.kit.parts if _has(part, QuestionGroup)]
        if not parts:
            return
        style = self.book.style
        sheet = self.book.add_sheet("Questions", self.question_widths(), landscape=True)
        sheet.write_title(parts[0].heading)
        self.write_before(sheet)
        sheet.write_cells([(name, style("head")) for name in (*self.table.head, self.labels["notes"])])
        sheet.worksheet.freeze_panes(sheet.row, 1)
        sheet.worksheet.repeat_rows(sheet.row - 1)
        rows = iter(self.table.rows)
        for part in parts:
            if part is not parts[0]:
                sheet.write_heading(part.heading)
            count = sum(len(item.questions) for item in part.items if isinstance(item, QuestionGroup))
            for row in islice(rows, count):
                number, group, question, *rest = row
                cells = [
                    (number, style("row", "bold")),
                    (group, style("row", "soft")),
                    (question, style("row", "bold")),
                ]
                cells += [(text, style("row")) for text in rest]
                sheet.write_cells([*cells, ("", style("input"))], NOTES_HEIGHT)
            self.write_paragraphs(sheet, part)
        sheet.worksheet.ignore_errors({"number_stored_as_text": f"A1:A{sheet.row}"})
        yield sheet

    def question_widths(self) -> tuple[float, ...]:
        """Return the width of each column of the sheet “Questions”.

        The first three columns have fixed widths. The columns after them have the kit's notes about each question. The
        last column is for the interviewer's notes.
        """
        columns = list(zip(self.table.head, *self.table.rows, strict=True))[3:]
        is_short = [all(len(text) <= NUMBER_WIDTH for text in column) for column in columns]
        first = (NUMBER_WIDTH, GROUP_WIDTH, QUESTION_WIDTH)
        half = (PAGE_WIDTH - sum(first) - NUMBER_WIDTH * sum(is_short)) / 2
        width = max(MIN_NOTE_WIDTH, half / max(is_short.count(False), 1))
        return (*first, *(NUMBER_WIDTH if short else width for short in is_short), max(MIN_NOTE_WIDTH, half))

    def write_criteria(self) -> Iterator[Sheet]:
        """Write the sheet “Criteria”, if the kit has sections for it.

        A section that has questions is left out, unless it also has criteria or dimensions. Sections with criteria come
        first, because only the first table's head can stay in view.
        """
        parts = [part for part in self.kit.parts if _has(part, Dimension, Criterion) or not _has(part, QuestionGroup)]
        if not parts:
            return
        parts.sort(key=lambda part: not _has(part, Criterion))
        most = max((len(self.note_labels(part)) for part in parts), default=0)
        widths = (NAME_WIDTH, *[max(MIN_CELL_WIDTH, CELLS_WIDTH / max(most, 2))] * max(most, 2))
        sheet = self.book.add_sheet("Criteria", widths, landscape=most > MAX_PORTRAIT_CELLS)
        sheet.write_title(self.kit.name)
        sheet.worksheet.freeze_panes(sheet.row, 1)
        if not self.kit.groups and not _has(parts[0], Criterion):
            self.write_before(sheet)
        for part in parts:
            sheet.row += part is not parts[0]
            sheet.write_heading(part.heading)
            for kind, items in groupby(part.items, key=type):
                if kind is Dimension:
                    self.write_dimensions(sheet, (item for item in items if isinstance(item, Dimension)))
                elif kind is Criterion:
                    criteria = [item for item in items if isinstance(item, Criterion)]
                    self.write_criteria_table(sheet, criteria, self.note_labels(part), freeze=part is parts[0])

            if not _has(part, QuestionGroup):
                self.write_paragraphs(sheet, part)
        if not self.kit.groups and _has(parts[0], Criterion):
            self.write_before(sheet)
        yield sheet

    def write_scores(self) -> Iterator[Sheet]:
        if not can_be_scored(self.kit):
            return
        scoring, totals = write_scoring_sheet(self.book, self.kit)
        candidates = write_candidates_sheet(self.book, self.kit, totals)
        candidates.row += 1
        candidates.write_heading(self.labels["calibration"])
        for text in self.texts["HOW TO CALIBRATE"]:
            candidates.write_paragraph(text.plain)
        yield from (scoring, candidates)

    def note_labels(self, part: Part) -> list[str]:
        criteria = (item for item in part.items if isinstance(item, Criterion))
        return list(dict.fromkeys(note.label for criterion in criteria for note in criterion.notes))

    def write_dimensions(self, sheet: Sheet, dimensions: Iterable[Dimension]) -> None:
        style = self.book.style
        bold = style("row", "bold", "middle")
        for dimension in dimensions:
            first = f"{dimension.name}\n{dimension.weight:g}%"
            for skill in dimension.skills:
                points = "\n".join(f"• {point}" for point in skill.points)
                sheet.write_cells([(first, bold), (skill.name, bold), (points, style("row", "middle"))])
                first = ""
            for text in ([first] if first else []) + list(dimension.texts):
                sheet.write_paragraph(text)

    def write_criteria_table(self, sheet: Sheet, criteria: list[Criterion], labels: list[str], *, freeze: bool) -> None:
        style = self.book.style
        column = criteria[0].column or self.labels["competency"]
        sheet.write_cells([(name, style("head")) for name in (column, *labels)])
        if freeze:
            sheet.worksheet.freeze_panes(sheet.row, 1)
            sheet.worksheet.repeat_rows(sheet.row - 1)
        for criterion in criteria:
            has_weight = self.kit.kind == SCORECARD and criterion.weight is not None
            name = f"{criterion.name}\n{criterion.weight:g}%" if has_weight else criterion.name
            notes = joined_notes(criterion.notes)
            shown = [(notes[label].text, notes[label].tone) if label in notes else ("", "") for label in labels]
            cells = [(text, style("row", "middle", *([tone] if tone else []))) for text, tone in shown]
            sheet.write_cells([(name, style("row", "bold", "middle")), *cells])

    def write_before(self, sheet: Sheet) -> None:
        for text in self.texts["BEFORE THE INTERVIEW"]:
            sheet.write_paragraph(text.plain, "soft")

    def write_paragraphs(self, sheet: Sheet, part: Part) -> None:
        for item in part.items:
            if isinstance(item, str):
                sheet.write_paragraph(item)
            elif isinstance(item, Link):
                sheet.write_link(item.text, urljoin(self.book.url, item.href))


def _has(part: Part, *kinds: type[Item]) -> bool:
    return any(isinstance(item, kinds) for item in part.items)
