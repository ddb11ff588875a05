"""Tests for kit.md, the words that all kits share."""

import shutil

import pytest

from pages.content import kit_words, library
from pages.content.kit_words import LABELS, TEXTS, Text
from pages.content.problems import Source

from ...conftest import SAMPLE_SITE
from ...support.kits import kit_document


def parse(text):
    problems = []
    return kit_words.parse(Source("content/kit.md", text), problems), problems


def test_all_texts_and_labels_are_read():
    words, problems = parse(kit_document())
    assert not problems
    assert set(words.texts) == set(TEXTS) and set(words.labels) == set(LABELS)


def test_the_bold_start_and_the_first_link_of_a_text_are_read():
    words, _ = parse(
        kit_document().replace("## LAST LINE\n", "## LAST LINE\n\n- **Lead.** Rest of [it](/start), [b](/b).\n")
    )
    assert words.texts["LAST LINE"][0] == Text("Lead.", "Rest of it, b.", "/start")


@pytest.mark.parametrize("missing", [f"## {TEXTS[0]}", f"| {LABELS[0]} |"])
def test_there_are_no_words_if_a_text_or_a_label_is_missing(missing):
    words, problems = parse(kit_document().replace(missing, missing.replace("I", "J").replace("i", "j")))
    assert words is None
    assert {problem.rule for problem in problems} == {"kit-words"}
    assert any("Did you mean" in problem.help for problem in problems)


def test_a_letter_that_no_font_has_is_left_out():
    words, problems = parse(
        kit_document().replace("| date | date |", "| date | 😀 Date |").replace("A text", "A 😀 text")
    )
    assert words.labels["date"] == "Date" and words.texts["LAST LINE"][0].rest.startswith("A text")
    assert {problem.rule for problem in problems} == {"kit-letter"}
    assert "leave out “😀”" in problems[0].message


def test_an_unknown_name_is_reported_and_all_other_words_are_kept():
    words, problems = parse(kit_document() + "| datum | Datum |\n\n## MORE\n\nWords.\n")
    assert set(words.labels) == set(LABELS)
    assert [problem.rule for problem in problems] == ["kit-words", "kit-words"]


def test_labels_without_words_are_reported():
    words, problems = parse(kit_document().partition("| Name")[0] + "| Name |\n|---|\n| candidate |\n| Datum |\n")
    assert words is None and {problem.rule for problem in problems} == {"kit-words"}
    assert "The label “candidate” is missing or empty." in [problem.message for problem in problems]


def test_kit_md_is_not_a_page(tmp_path):
    (tmp_path / "kit.md").write_text(kit_document())
    content = library.load(tmp_path)
    assert not content.pages and content.kit_words


def test_a_page_in_a_subfolder_may_also_be_named_kit_md(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "kit.md").write_text("# Kit\n## /a/kit\n")
    assert "/a/kit" in library.load(tmp_path).pages


def test_the_previous_words_are_kept_if_kit_md_has_errors(tmp_path):
    (tmp_path / "kit.md").write_text(kit_document())
    first = library.load(tmp_path)
    (tmp_path / "kit.md").write_text("## LAST LINE\n")
    second = library.load(tmp_path, first)
    assert second.kit_words == first.kit_words
    assert {problem.rule for problem in second.problems} >= {"kit-words"}


def test_if_kit_md_is_deleted_its_words_are_gone(tmp_path):
    (tmp_path / "kit.md").write_text(kit_document())
    first = library.load(tmp_path)
    (tmp_path / "kit.md").unlink()
    assert library.load(tmp_path, first).kit_words is None


def test_the_calculator_is_the_only_file_if_kit_md_is_missing(tmp_path):
    shutil.copytree(SAMPLE_SITE, tmp_path / "content", ignore=shutil.ignore_patterns("kit.md"))
    content = library.load(tmp_path / "content")
    files = [file.path for page in content.pages.values() for file in content.files_of(page)]
    assert content.kit_words is None and files == ["/resources/roi-calculator.xlsx"]
