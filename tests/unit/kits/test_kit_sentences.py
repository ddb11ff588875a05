"""Each file contains every sentence of the sections that it is made from. Tests all documents in the fixtures."""

import re
from functools import cache

import pytest

from pages.calculator.roi_workbook import roi_workbook
from pages.content.blocks import Table, inlines_of
from pages.content.document_structure import DocumentStructure
from pages.kits import question_table
from pages.kits.page_kit import competency_kits, kit_of
from pages.kits.workbook import kit_workbook
from tests.conftest import FIXTURES, SAMPLE_SITE
from tests.support import spreadsheets
from tests.support.content_samples import read
from tests.support.kits import WORDS, sentences_of, split_sentences
from tests.unit.kits.test_kit_pdf import open_pdf, squeezed, text_of
from tests.unit.kits.test_kit_workbook import words_of

SITE_URL = "https://www.example.com"
URL_OF = {path: f"/{path.relative_to(SAMPLE_SITE).with_suffix('')}" for path in sorted(SAMPLE_SITE.rglob("*.md"))}
URL_OF |= {path: f"/hire/document-{number}" for number, path in enumerate(sorted(FIXTURES.glob("documents/*.md")))}
PAGES = {path.name: page for path, url in URL_OF.items() if (page := read(path.read_text(), url)).files}


WORKBOOKS, PDFS, TABLES = (
    [name for name, page in PAGES.items() if any(file.suffix == suffix for file in page.files)]
    for suffix in (".xlsx", ".pdf", ".csv")
)


def sentences_for_files(page):
    """Return the sentences that the workbook of `page`, and the PDF if there is one, must contain."""
    match page.files[0].kind:
        case "question bank":
            return sentences_of(page, ("questions",))
        case "hiring scorecard":
            return scorecard_sentences(page)
        case "ROI calculator":  # the workbook has amounts as numbers, and no column headings
            shown = sentences_of(page, ("calculator", "prose"))
            return [each for each in shown if each[0] != "₹" and each not in ("Name", "Default", "Help")]
    return sentences_of(page)


def scorecard_sentences(page):
    """Return the sentences of all tables, and of the section with the score sheet. Leave out blanks to fill in."""
    sections = [blocks for _, blocks in DocumentStructure(page.source).sections()]
    tables = [block for blocks in sections for block in blocks if isinstance(block, Table)]
    (sheet,) = [blocks for blocks in sections if any("___" in inline.text for inline in inlines_of(blocks))]
    texts = [cell.text for table in tables for row in table.rows for cell in row.cells]
    texts += [inline.text for inline in inlines_of(block for block in sheet if not isinstance(block, Table))]
    return [each for text in texts if "___" not in text for each in split_sentences(text)]


def question_sentences(page):
    """Return the sentences of all questions, without calls to action and footnotes."""
    calls = {call.strip() for call in re.findall(r"^\*\*\[(.*?)(?: → .*)?\]\*\*$", page.source.text, re.MULTILINE)}
    return [each for each in sentences_of(page, ("questions",)) if each not in calls]


def missing(sentences, text):
    text = squeezed(text).lower()
    return [each for each in sentences if squeezed(each).lower() not in text]


def test_the_fixtures_have_files_of_every_kind():
    kinds = {"interview kit", "question bank", "hiring scorecard", "ROI calculator"}
    assert {page.files[0].kind for page in PAGES.values()} == kinds
    assert (len(WORKBOOKS), len(PDFS), len(TABLES)) == (11, 10, 9)


@cache
def pdf_of(name):
    """Return the PDF of a document. Several tests read the same PDFs."""
    return open_pdf(kit_of(PAGES[name], None, WORDS))


@pytest.mark.parametrize("name", PDFS)
def test_all_sentences_of_a_documents_sections_are_in_the_pdf(name):
    sentences = sentences_for_files(PAGES[name])
    assert missing(sentences, text_of(pdf_of(name))) == []
    assert len(sentences) > 20


@pytest.mark.parametrize("name", WORKBOOKS)
def test_all_sentences_of_a_documents_sections_are_in_the_workbook(name):
    page, sentences = PAGES[name], sentences_for_files(PAGES[name])
    kit = kit_of(page, None, WORDS)
    book = kit_workbook(kit, SITE_URL) if kit else roi_workbook(page, SITE_URL)
    assert missing(sentences, words_of(spreadsheets.read(book))) == []
    assert len(sentences) > 20


@pytest.mark.parametrize("name", TABLES)
def test_all_sentences_of_a_documents_questions_are_in_the_csv(name):
    sentences = question_sentences(PAGES[name])
    assert missing(sentences, question_table.to_csv(kit_of(PAGES[name], None, WORDS)).replace('""', '"')) == []
    assert len(sentences) > 10


def test_the_files_of_all_competencies_have_all_sentences_of_the_question_bank():
    page = PAGES["question-bank.md"]
    kits = competency_kits(kit_of(page, None, WORDS)).values()
    for text in ("".join(text_of(open_pdf(kit)) for kit in kits), "".join(map(question_table.to_csv, kits))):
        assert missing(question_sentences(page), text.replace('""', '"')) == []
