"""A word that is longer than a line never widens a page (WCAG 1.4.10). Shorter words are never broken."""

import shutil

import pytest

from leads.views import FASTEST_SECONDS

from ...conftest import FIXTURES, serving
from .every_page import on_every_page
from .measures import clipped_text, measure, open_faq_answers, overflowing_elements, overlapping_text

# The stylesheet's breakpoints are between these widths.
WIDTHS = [320, 390, 704, 705, 960, 1440]
WORD = "donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeam"[:65]
PLAN_WORD = WORD[:50]  # a table with longer cells isn't shown as pricing plans
PARTS = (
    ".hero-pair .illustration li, .breadcrumbs, .contents, .statements, .dimension h3, .skill h4, .question-text, "
    ".question-list .note, .bank-index, .criteria-table td.great, .wide-table, .step-list, .fact, .plans, "
    ".table-scroll, .faq-list summary, .answer, .cards, .actions .note, blockquote, figcaption, pre, .closing .prose"
)


@pytest.fixture(scope="module")
def long_words_server(tmp_path_factory):
    """A site whose documents, page names, email addresses, URLs and settings all contain a 65-letter word."""
    folder = tmp_path_factory.mktemp("long-words")
    shutil.copytree(FIXTURES / "long-words", folder / "content")
    for path in (folder / "content").rglob("*.*"):
        path.write_text(path.read_text().replace("WORD", WORD))
    with serving(folder, takes_leads=True, WEB_CONCURRENCY="1") as running:
        for path in ("/", f"/hire/{WORD}", f"/search?q={WORD}"):
            running.until(path, lambda response: response.status == 200 and f">{WORD}</a>" in response.text)
        yield running


@pytest.fixture
def open_long_words(open_page, long_words_server):
    return lambda path: open_page(path, site=long_words_server)


def layout_problems(page) -> list[str]:
    open_faq_answers(page)
    problems = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for measurement in (overflowing_elements, clipped_text, overlapping_text):
            problems += [f"{measurement.__name__} at {width} px: {element}" for element in measurement(page)]
    return problems


def test_a_long_word_fits_in_every_part_of_a_document(open_long_words):
    page = open_long_words(f"/hire/{WORD}")
    assert [part for part in PARTS.split(", ") if PLAN_WORD not in str(page.locator(part).all_text_contents())] == []
    assert layout_problems(page) == []


@pytest.mark.parametrize(
    "path",
    ["/", "/hire", "/hire/x", f"/hire/{WORD}x", f"/search?q={WORD}", f"/search?q={WORD}+other", f"/search?q={WORD}x"],
    ids=["page list", "hub", "404", "404 of a long path", "search", "search for more words", "search with a typo"],
)
def test_a_long_word_fits_in_each_list_of_pages(open_long_words, path):
    page = open_long_words(path)
    assert WORD in page.locator("main").inner_text()
    assert layout_problems(page) == []


def test_a_long_word_fits_before_and_after_a_form_is_sent(open_long_words):
    page = open_long_words("/start")
    assert layout_problems(page) == []
    page.locator("form.lead-form button").click()
    page.wait_for_url("**#problems")
    assert page.locator(".error-summary").is_visible()
    assert layout_problems(page) == []
    page.locator("[name=name]").fill(WORD)
    page.locator("[name=email]").fill("priya@example.com")
    page.locator("[name=message]").fill(WORD)
    page.locator("[name=consent]").check()
    page.wait_for_timeout(FASTEST_SECONDS * 1000)
    page.locator("form.lead-form button").click()
    page.wait_for_url("**?sent=*")
    assert WORD in page.locator("#sent").inner_text()
    assert layout_problems(page) == []


@pytest.mark.parametrize("query", ["", "?hires=x", f"?rate={WORD}"], ids=["valid", "invalid", "a long value"])
def test_a_long_word_fits_in_a_calculator(open_long_words, query):
    page = open_long_words(f"/calculator{query}")
    assert WORD in page.locator(".calculation").inner_text()
    assert page.locator(".error-summary").count() == bool(query)
    assert layout_problems(page) == []


@on_every_page
def test_each_text_breaks_a_long_word_but_no_shorter_words(visit, path):
    page = visit(path)
    open_faq_answers(page)
    # The document `every-construct` has long words of its own, which the page is allowed to break.
    for width in WIDTHS if path != "/resources/every-construct" else []:
        page.set_viewport_size({"width": width, "height": 900})
        assert measure(page, "brokenWords") == []
    measure(page, "addWord", WORD)
    assert layout_problems(page) == []
