"""Documents whose structure differs from the author's seed document are served in full, at their own URL."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from ...conftest import ROOT
from ...support import copy_words

FOLDER = ROOT / "tests" / "fixtures" / "documents"
DOCUMENTS = sorted(path.stem for path in FOLDER.glob("*.md"))
# Markdown syntax that must not appear in a page: MARKS anywhere, and LEADING_MARKS at the start of a block.
MARKS = re.compile(r"\*\*|__|~~|\]\(|\]\[|(?<!\w)## |\|-|```|\[[ xX]\]|→ /|<!--|&\w+;|\b(?:Primary|Secondary) CTA")
LEADING_MARKS = re.compile(r"#{1,6} |[-*+>|] |-{3}|={3}")
# Text that looks like syntax but must appear as written.
LITERAL = {"every-construct": ("&nosuch;",)}


@pytest.fixture(params=DOCUMENTS)
def document(request, content) -> Path:
    path = FOLDER / f"{request.param}.md"
    (content / path.name).write_bytes(path.read_bytes())
    return path


@pytest.fixture
def text(document) -> str:
    return document.read_bytes().decode()


@pytest.fixture
def response(client, text):
    return client.get(copy_words.url(text))


@pytest.fixture
def page(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser").main


def test_each_document_is_served_at_its_own_url(response):
    assert response.status_code == 200


def test_no_sentence_is_lost(text, response):
    assert len(copy_words.sentences(text)) > 70
    assert copy_words.missing(text, response.content.decode()) == []


def test_sentences_are_in_the_order_of_the_document(text, response):
    """On the page, each sentence must come after the previous sentence of the document."""
    visible, position, misplaced = copy_words.visible(response.content.decode()), 0, []
    for sentence in copy_words.sentences(text)[1:]:
        start = visible.find(sentence.lower(), position)
        if start < 0:
            misplaced.append(sentence)
        else:
            position = start + len(sentence)
    assert misplaced == []


def test_no_markdown_syntax_is_visible(document, page):
    for code in page(["code", "pre"]):
        code.replace_with("code")
    visible_text = page.get_text()
    for literal in LITERAL.get(document.stem, ()):
        assert literal in visible_text
        visible_text = visible_text.replace(literal, "")
    assert MARKS.findall(visible_text) == []
    blocks = [block.get_text().strip() for block in page(["p", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6"])]
    assert [block for block in blocks if LEADING_MARKS.match(block)] == []


def test_heading_levels_are_in_order_under_one_h1(page):
    levels = [int(heading.name[1]) for heading in page(re.compile(r"^h[1-6]$"))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_fragment_links_have_targets(page):
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert {link["href"][1:] for link in page.select('a[href^="#"]')} <= set(ids)


def test_every_heading_of_the_document_is_a_heading_on_the_page(text, page):
    body = copy_words.FENCE.sub("", copy_words.copy(text))
    written = re.findall(r"^#+ ([^/\n][^\n]*?)(?: #+)?$", body, re.MULTILINE)[1 if body.startswith("#") else 0 :]
    shown = {" ".join(h.get_text().split()).lower() for h in page(re.compile(r"^h[1-6]$"))}
    plain = {" ".join(heading.split()).lower() for heading in written} - {"hero"}
    # The page omits the space that a word processor inserts before a percent sign.
    assert {re.sub(r"\s(?=%)", "", heading) for heading in plain} - shown == set()


ROLE_PAGES = ["one-level-down", "word-processor", "10_engineering_manager (1)"]
KINDS = ["challenge", "dimensions", "questions", "criteria", "steps", "pricing", "faq", "links", "links", "closing"]


@pytest.mark.parametrize("document", ROLE_PAGES, indirect=True)
def test_role_pages_have_the_same_sections_in_every_writing_style(page):
    assert [section["class"][1] for section in page.select(".section")] == KINDS
    assert all(page.select_one(part) for part in (".eyebrow", ".subhead", ".hero .actions", ".fact", ".faq-list"))


@pytest.mark.parametrize("document", ROLE_PAGES, indirect=True)
def test_role_pages_have_all_dimensions_and_questions_in_every_writing_style(text, page):
    copy = copy_words.copy(text)
    weights = [float(part["width"][:-1]) for part in page.select(".dimensions .weight-bar rect")]
    assert sum(weights) == 100 and len(weights) == len(page.select(".dimension"))
    assert len(page.select(".skill")) == len(re.findall(r"^\*\*[^*:?\d\[]+\*\*$", copy, re.MULTILINE))
    numbers = [number.get_text() for number in page.select(".question-list .number")]
    assert numbers == re.findall(r"^\*\*(\d+\.)", copy, re.MULTILINE)
    assert all("What this reveals:" in question.get_text() for question in page.select(".question-list > li"))


@pytest.mark.parametrize("document", ["policy"], indirect=True)
def test_a_policy_has_only_prose_sections(page):
    assert {tuple(section["class"]) for section in page.select("section")} == {("section",)}
