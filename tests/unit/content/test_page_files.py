"""Tests for the files that are made from a page."""

import pytest

from pages.content import library
from pages.content.components import Worksheet
from pages.content.page_files import weighted_rows

from ...support.kits import kit_document

META = "## META\n\n```\nTitle: A\nDescription: B\n```\n\n"
GROUPS = "".join(f"### {name}\n\n**1. Why?**\n\n" for name in ("Ownership", "B", "C", "D", "E"))


@pytest.fixture
def load(tmp_path):
    """Return a function that writes documents and loads the library. Its argument maps paths without `.md` to texts."""
    (tmp_path / "kit.md").write_text(kit_document())

    def write(documents):
        for name, text in documents.items():
            path = tmp_path / f"{name}.md"
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"# A page\n\n{META}{text}")
        return library.load(tmp_path)

    return write


@pytest.mark.parametrize(
    ("weights", "kept"),
    [
        (["50%", "50%"], [50, 50]),
        (["50%", "50%", "100%"], [50, 50]),
        (["20%", "20%", "40%", "20%", "100%"], [20, 20, 40, 20]),
        (["33.3%", "33.3%", "33.4%", "100%"], [33.3, 33.3, 33.4]),
        (["100%"], [100]),
        (["100%", "100%"], [100]),
        (["60%", "30%", "100%"], [60, 30, 100]),
    ],
)
def test_a_row_is_left_out_only_if_it_is_the_last_and_has_the_total(load, weights, kept):
    rows = "".join(f"| Row {number} | {weight} | ___ |\n" for number, weight in enumerate(weights))
    text = f"## SHEET\n\n| Competency | Weight | Score |\n|---|---|---|\n{rows}"
    page = load({"a": text}).pages["/a"].full
    (sheet,) = (part for section in page.sections for part in section.body if isinstance(part, Worksheet))
    assert list(weighted_rows(sheet.grid).values()) == kept


@pytest.mark.parametrize(
    "text", ["**1. Why 😀?**\n", "**1. Why?**\n\n```\nprint('😀')\n```\n", "**1. Why?**\n\n- a\n\n  ```\n  😀\n  ```\n"]
)
def test_a_page_with_a_letter_that_no_font_has_offers_no_pdf(load, text):
    content = load({"a": f"## SAMPLE QUESTIONS\n\n{text}"})
    (problem,) = (each for each in content.problems if each.rule == "kit-letter")
    assert problem.source[problem.column - 1] == "😀"
    assert [file.path for file in content.pages["/a"].files] == ["/a.xlsx", "/a.csv"]
    assert content.page_with_file("/a.pdf") is None


def test_a_site_name_with_a_letter_that_no_font_has_is_reported(load):
    folder = load({}).folder
    (folder / "site.toml").write_text('# 株\nname = "Example 株式会社"\n')
    (problem,) = (each for each in library.load(folder).problems if each.rule == "kit-letter")
    assert problem.path.endswith("site.toml") and "“株”" in problem.message
    (folder / "kit.md").unlink()
    assert not [each for each in library.load(folder).problems if each.rule == "kit-letter"]


def test_a_letter_that_no_font_has_is_allowed_outside_kits(load):
    content = load(
        {"a": f"## SAMPLE QUESTIONS\n\n{GROUPS}\n## CRITERIA\n\n| Competency | Great |\n|---|---|\n| A | 😀 |\n"}
    )
    assert not [each for each in content.problems if each.rule == "kit-letter"]
    assert content.page_with_file("/a.pdf")


def test_two_pages_with_files_at_one_url_are_reported(load):
    content = load(
        {"bank": f"## SAMPLE QUESTIONS\n\n{GROUPS}", "bank/ownership": "## SAMPLE QUESTIONS\n\n**1. Why?**\n"}
    )
    (problem,) = (each for each in content.problems if each.rule == "doubled-url")
    assert problem.path.endswith("bank.md") and "Ownership" in problem.source
    assert "bank/ownership.md already has the URL /bank/ownership." in problem.message
    bank, page = content.pages["/bank"], content.pages["/bank/ownership"]
    assert content.page_with_file("/bank/ownership.pdf")[0] is page
    assert not any(file.part == "ownership" for file in content.files_of(bank))
    assert content.page_with_file("/bank/b.pdf")[0] is bank


def test_a_draft_cannot_take_a_file_url_from_a_question_bank(load):
    draft = "## SAMPLE QUESTIONS\n\n**1. Why?**\n"
    content = load({"bank": f"## SAMPLE QUESTIONS\n\n{GROUPS}", "bank/ownership": draft})
    path = content.folder / "bank" / "ownership.md"
    path.write_text(path.read_text().replace("Title: A", "Title: A\nStatus: draft"))
    content = library.load(content.folder)
    assert content.page_with_file("/bank/ownership.pdf")[0] is content.pages["/bank"]
