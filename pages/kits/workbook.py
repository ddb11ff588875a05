"""A kit as a workbook, with sheets for questions, criteria, scores, and a comparison of candidates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from urllib.parse import urljoin

from xlsxwriter.worksheet import Worksheet

from ..content.kit_words import Text
from ..xlsx_format import Book, row_height, write_text
from .kit import Criterion, Dimension, Item, Kit, Link, Part, QuestionGroup
from .question_table import question_table
from .scoring_sheets import ScoringSheets

QUESTIONS, CRITERIA = "Questions", "Criteria"

# In characters.
NUMBER_WIDTH, GROUP_WIDTH, QUESTION_WIDTH, NOTE_WIDTH, BLANK_WIDTH = 6, 20, 44, 30, 44
NAME_WIDTH, WEIGHT_WIDTH = 24, 10
CRITERIA_WIDTH = 110  # all columns of notes together

# The height of a question, in points, leaves room for notes.
NOTES_HEIGHT = 80


def kit_workbook(kit: Kit, site_url: str) -> bytes:
    """Return the kit as XLSX. `site_url` is the site's absolute URL. Raise TextTooLong if a text doesn't fit."""
    return _Writer(kit, site_url).write()


class _Writer:
    def __init__(self, kit: Kit, site_url: str) -> None:
        self.kit, self.site_url = kit, site_url
        self.book = Book(kit.title, site_url + kit.url)

    def write(self) -> bytes:
        if self.kit.groups:
            self.write_questions()
        if self.kit.dimensions or self.kit.criteria:
            self.write_criteria()
        if ScoringSheets.are_useful(self.kit):
            ScoringSheets(self.book, self.kit).write()
        else:
            self.write_last_line()
        return self.book.to_bytes()
