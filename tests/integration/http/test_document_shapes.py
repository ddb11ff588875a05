"""Documents of other shapes than the seed's are served whole, at the URL that each names."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from ...conftest import ROOT
from ...support import copy_words

FOLDER = ROOT / "tests" / "fixtures" / "documents"
DOCUMENTS = sorted(path.stem for path in FOLDER.glob("*.md"))
# What would be Markdown showing through, wherever it stands; and at the beginning of a text.
MARKS = re.compile(r"\*\*|__|~~|\]\(|\]\[|(?<!\w)## |\|-|```|\[[ xX]\]|→ /|<!--|&\w+;|\b(?:Primary|Secondary) CTA")
LEADING_MARKS = re.compile(r"#{1,6} |[-*+>|] |-{3}|={3}")
# What is shown as it is written, on purpose.
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
def answer(client, text):
    return client.get(copy_words.url(text))


@pytest.fixture
def page(answer) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser").main


def test_it_is_served_at_the_url_that_it_names(answer):
    assert answer.status_code == 200


def test_no_sentence_of_it_is_lost(text, answer):
    assert len(copy_words.sentences(text)) > 70
    assert copy_words.missing(text, answer.content.decode()) == []


def test_its_sentences_come_in_the_order_of_the_document(text, answer):
    """Each stands behind the last one that was found; a sentence that is nowhere behind it is out of its place."""
    shown, position, astray = copy_words.visible(answer.content.decode()), 0, []
    for sentence in copy_words.sentences(text)[1:]:
        found = shown.find(sentence.lower(), position)
        if found < 0:
            astray.append(sentence)
        else:
            position = found + len(sentence)
    assert astray == []


def test_no_markdown_shows(document, page):
    for code in page(["code", "pre"]):
        code.replace_with("code")
    shown = page.get_text()
    for literal in LITERAL.get(document.stem, ()):
        assert literal in shown
        shown = shown.replace(literal, "")
    assert MARKS.findall(shown) == []
    blocks = [block.get_text().strip() for block in page(["p", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6"])]
    assert [block for block in blocks if LEADING_MARKS.match(block)] == []


def test_headings_come_in_order_under_one_h1(page):
    levels = [int(heading.name[1]) for heading in page(re.compile(r"^h[1-6]$"))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_ids_stand_once_and_inner_links_find_them(page):
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert {link["href"][1:] for link in page.select('a[href^="#"]')} <= set(ids)


def test_every_heading_of_the_document_is_a_heading_of_the_page(text, page):
    body = copy_words.FENCE.sub("", copy_words.copy(text))
    written = re.findall(r"^#+ ([^/\n][^\n]*?)(?: #+)?$", body, re.MULTILINE)[1 if body.startswith("#") else 0 :]
    shown = {" ".join(h.get_text().split()).lower() for h in page(re.compile(r"^h[1-6]$"))}
    plain = {" ".join(heading.split()).lower() for heading in written} - {"hero"}
    # The page's weights are set without the space that a word processor keeps before the sign.
    assert {re.sub(r"\s(?=%)", "", heading) for heading in plain} - shown == set()


ROLE_PAGES = ["one-level-down", "word-processor", "10_engineering_manager (1)"]
KINDS = ["challenge", "dimensions", "questions", "criteria", "steps", "pricing", "faq", "links", "links", "closing"]


@pytest.mark.parametrize("document", ROLE_PAGES, indirect=True)
def test_a_role_page_in_another_dress_has_the_sections_of_the_seed(page):
    assert [section["class"][1] for section in page.select(".section")] == KINDS
    assert all(page.select_one(part) for part in (".eyebrow", ".subhead", ".hero .actions", ".fact", ".faq-list"))


@pytest.mark.parametrize("document", ROLE_PAGES, indirect=True)
def test_a_role_page_in_another_dress_draws_its_dimensions_and_asks_its_questions(text, page):
    copy = copy_words.copy(text)
    weights = [float(band["width"][:-1]) for band in page.select(".weight-bar .band")]
    assert sum(weights) == 100 and len(weights) == len(page.select(".dimension"))
    assert len(page.select(".skill")) == len(re.findall(r"^\*\*[^*:?\d\[]+\*\*$", copy, re.MULTILINE))
    numbers = [number.get_text() for number in page.select(".question-list .number")]
    assert numbers == re.findall(r"^\*\*(\d+\.)", copy, re.MULTILINE)
    assert all("What this reveals:" in question.get_text() for question in page.select(".question-list > li"))


@pytest.mark.parametrize("document", ["policy"], indirect=True)
def test_a_policy_looks_like_prose_alone(page):
    assert {tuple(section["class"]) for section in page.select("section")} == {("section",)}
