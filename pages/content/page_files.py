"""The downloads that the site makes from a page: kits, question banks, scorecards and calculators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from . import kit_letters
from .blocks import Block, Heading, Table
from .components import Component, Grid, Worksheet
from .markup import text_segments
from .numbers import parse_number
from .problems import Problem, Source
from .sections import Section
from .sections.calculator import Calculator
from .sections.criteria import CriteriaTable
from .sections.questions import Questions
from .url_paths import parent_url

# The kinds of files. Each is also a label in `kit.md`.
INTERVIEW_KIT, QUESTION_BANK, SCORECARD = "interview kit", "question bank", "hiring scorecard"
CALCULATOR = "ROI calculator"

# The sections that an interview kit shows.
PRINTED_KINDS = ("dimensions", "questions", "criteria")

# The id of the panel with the files of a question bank.
PANEL = "files"

# The suffix and the size of the picture of a PDF's first page (A4). No page shows a larger picture.
PICTURE_SUFFIX = ".avif"
PICTURE_SIZE = (413, 584)

# The checker's rule about letters that PDF files can't show. If a document breaks the rule, its page gets no PDF.
PDF_RULE = "kit-letter"


class PageFile(NamedTuple):
    """A file at the URL `path`. `kind` is one of the kinds above.

    In a question bank, `part` is the anchor of the competency that the file is about, and `name` is the competency's
    name. In a file about the whole page, both are empty.
    """

    path: str
    kind: str
    part: str = ""
    name: str = ""

    @property
    def suffix(self) -> str:
        return "." + self.path.rpartition(".")[2]

    @property
    def is_picture(self) -> bool:
        """Whether the file is a picture of the PDF's first page. The page's hero shows this picture."""
        return self.suffix == PICTURE_SUFFIX

    @property
    def needs_words(self) -> bool:
        """Whether the file has words from `kit.md`."""
        return self.kind != CALCULATOR


def page_urls(path: str) -> tuple[str, ...]:
    """Return the URLs of the pages that the file at `path` may be made from."""
    base, _, suffix = path.rpartition(".")
    if suffix not in ("pdf", "xlsx", "csv", "avif"):
        return ()
    return ("/",) if base == "/index" else (base, parent_url(base))


def files_of(url: str, sections: Iterable[Section], problems: Iterable[Problem]) -> tuple[PageFile, ...]:
    """Return the files of the page at `url`, with files about the whole page first.

    Leave out the files that can't be made because of `problems` in the document.
    """
    has_pdf = all(problem.rule != PDF_RULE for problem in problems)
    files = _files(url if url != "/" else "/index", tuple(sections)) if url else ()
    return tuple(file for file in files if has_pdf or file.suffix not in (".pdf", PICTURE_SUFFIX))


def _files(base: str, sections: tuple[Section, ...]) -> Iterator[PageFile]:
    kind = kind_of(sections)
    asked = [section for section in sections if isinstance(section, Questions) and section.has_questions]
    if kind == CALCULATOR:
        yield PageFile(f"{base}.xlsx", kind)
    elif kind:
        suffixes = (".pdf", ".xlsx", ".csv") if asked else (".pdf", ".xlsx")
        yield from (PageFile(base + suffix, kind) for suffix in suffixes)
        if kind != INTERVIEW_KIT:  # a role's page has no picture: its hero shows the role's weights
            yield PageFile(base + PICTURE_SUFFIX, kind)
        if kind == QUESTION_BANK:
            groups = [group for section in asked if section.is_bank for group in section.groups if group.heading]
            for group in groups:
                yield from (
                    PageFile(f"{base}/{group.anchor}{suffix}", kind, group.anchor, group.name) for suffix in suffixes
                )


def check_letters(
    source: Source,
    name: Heading | None,
    parts: Iterable[tuple[Heading | None, tuple[Block, ...]]],
    sections: tuple[Section, ...],
    footnotes: Iterable[Block],
) -> Iterator[Problem]:
    """Check the texts of the page's files. Yield a problem for each text with a letter that the fonts lack.

    `name` is the page's name. `parts` are the headings and blocks of `sections`. `footnotes` are the blocks of all
    footnotes on the page. A file can contain a footnote of any section.
    """
    kind = kind_of(sections)
    if kind not in ("", CALCULATOR):
        printed: list[Block] = [
            block
            for (heading, content), section in zip(parts, sections, strict=True)
            for block in ((heading, *content) if heading else content)
            # A scorecard also shows the tables of other sections, because these tables describe the scores.
            if is_printed(section, kind) or (kind == SCORECARD and isinstance(block, Table))
        ]
        printed = [*([name] if name else []), *printed, *footnotes]
        yield from kit_letters.check_letters(source, printed)


def kind_of(sections: Iterable[Section]) -> str:
    """Return which kind of files visitors can download from a page with `sections`, or "" if there are none.

    For example, a page with criteria has an interview kit.
    """
    sections = tuple(sections)
    asked = [section for section in sections if isinstance(section, Questions) and section.has_questions]
    components = [component for section in sections for component in section.body]
    if any(section.is_bank for section in asked):
        return QUESTION_BANK
    if any(map(is_scorecard, components)):
        return SCORECARD
    if asked or any(isinstance(component, CriteriaTable) for component in components):
        return INTERVIEW_KIT
    return CALCULATOR if any(isinstance(section, Calculator) and section.inputs for section in sections) else ""


def is_printed(section: Section, kind: str) -> bool:
    """Return whether a kit of this kind shows `section`."""
    if kind == QUESTION_BANK:
        return isinstance(section, Questions) and section.is_bank
    return any(map(is_scorecard, section.body)) if kind == SCORECARD else section.kind in PRINTED_KINDS


def is_scorecard(component: Component) -> bool:
    """Return whether `component` is a table to fill in by hand, with weights."""
    return isinstance(component, Worksheet) and bool(weighted_rows(component.grid))


def weighted_rows(grid: Grid) -> dict[str, float]:
    """Return the weight in percent of each row, keyed by the row's name.

    Leave out the last row if its weight is 100 and the weights above also add up to 100, because such a row is a total.
    Return an empty dict if the table has no column named “Weight”.
    """
    headings = [column.heading.strip().lower() for column in grid.columns]
    if "weight" not in headings:
        return {}
    column = headings.index("weight")
    rows = [
        (" ".join(text_segments(row[0].html)), float(weight))
        for row in grid.rows
        if len(row) > column and (weight := parse_number(row[column].html.strip("%"), "percent")) is not None
    ]
    if rows and rows[-1][1] == 100 and round(sum(weight for _, weight in rows[:-1]), 6) == 100:
        rows.pop()
    return dict(rows)
