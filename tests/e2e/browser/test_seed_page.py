"""The seed document's page in a browser: layout, loading, the FAQ and dark mode."""

import pytest

from ...conftest import SEED_URL
from .measures import WIDTHS, overflowing_elements

PATHS = [SEED_URL, "/", "/no-such-page"]

SHIFT = """new PerformanceObserver(list => { for (const entry of list.getEntries())
    window.shifted = (window.shifted || 0) + entry.value }).observe({type: 'layout-shift', buffered: true})"""


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_overflows_and_all_requests_go_to_the_site(open_page, server, path, width):
    page = open_page(path, width)
    assert overflowing_elements(page) == []
    assert [text for text in page.console_messages if "404" not in text or path == SEED_URL] == []
    assert all(url.startswith(server.url) for url in page.requested_urls)
    assert len(page.requested_urls) <= 4


@pytest.mark.parametrize("width", WIDTHS)
def test_loading_causes_no_layout_shift(open_page, width):
    page = open_page("/livez", width)
    page.add_init_script(SHIFT)
    page.goto(page.url.replace("/livez", SEED_URL), wait_until="networkidle")
    assert page.evaluate("window.shifted || 0") == 0


def test_the_faq_opens_without_javascript(open_page):
    page = open_page(SEED_URL, 390, 844, java_script_enabled=False)
    question = page.locator(".faq summary").first
    answer = page.locator(".faq .answer").first
    assert not answer.is_visible()
    question.click()
    assert answer.is_visible()


def test_the_faq_opens_with_the_keyboard(open_page):
    page = open_page(SEED_URL)
    page.locator(".faq summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".faq .answer").first.is_visible()


def test_a_link_to_an_answer_opens_that_answer(open_page):
    page = open_page(SEED_URL + "#what-about-ml-research-roles")
    assert page.locator("#what-about-ml-research-roles").is_visible()
    assert page.locator(".faq .answer").first.is_hidden()


def test_tab_reaches_the_skip_link_first(open_page):
    page = open_page(SEED_URL)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_headline_subhead_and_call_to_action_are_above_the_fold_on_a_phone(open_page):
    page = open_page(SEED_URL, 390, 844)
    for part in ("h1", ".subhead", ".hero .button"):
        box = page.locator(part).first.bounding_box()
        assert box["y"] + box["height"] <= 844


@pytest.mark.parametrize("width", [320, 390])
def test_criteria_keep_their_column_headings_on_a_phone(open_page, width):
    page = open_page(SEED_URL, width)
    row = page.locator(".criteria-table tbody tr").first
    for cell in ("th", "td"):
        assert row.locator(cell).first.bounding_box()["width"] > width * 0.8
    heading = page.evaluate("getComputedStyle(document.querySelector('.criteria-table td'), '::before').content")
    assert "data-heading" in heading or "What Great Looks Like" in heading


def test_weights_are_drawn_to_scale(open_page):
    page = open_page(SEED_URL)
    for parts in (".dimensions .weight-bar rect", ".dimension", ".illustration .weight-bar rect", ".illustration li"):
        widths = [part.bounding_box()["width"] for part in page.locator(parts).all()]
        assert [round(100 * width / sum(widths)) for width in widths] == [45, 35, 20], parts


def test_dark_mode_is_dark(open_page):
    light = open_page(SEED_URL, color_scheme="light")
    dark = open_page(SEED_URL, color_scheme="dark")
    surface = "getComputedStyle(document.body).backgroundColor"
    assert light.evaluate(surface) == "rgb(255, 255, 255)"
    assert dark.evaluate(surface) == "rgb(27, 27, 36)"
