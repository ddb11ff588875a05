"""The seed's page in a browser: nothing overflows, moves, complains, or needs script."""

import pytest

from ...conftest import SEED_URL
from .measures import WIDTHS, wider_than_the_page

PATHS = [SEED_URL, "/", "/no-such-page"]

SHIFT = """new PerformanceObserver(list => { for (const entry of list.getEntries())
    window.shifted = (window.shifted || 0) + entry.value }).observe({type: 'layout-shift', buffered: true})"""


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_overflows_or_complains_or_comes_from_elsewhere(open_page, server, path, width):
    page = open_page(path, width)
    assert wider_than_the_page(page) == []
    assert [text for text in page.complaints if "404" not in text or path == SEED_URL] == []
    assert all(url.startswith(server.url) for url in page.fetched)
    assert len(page.fetched) <= 4


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_moves_while_the_page_loads(open_page, width):
    page = open_page("/livez", width)
    page.add_init_script(SHIFT)
    page.goto(page.url.replace("/livez", SEED_URL), wait_until="networkidle")
    assert page.evaluate("window.shifted || 0") == 0


def test_all_is_there_without_script(open_page):
    page = open_page(SEED_URL, 390, 844, java_script_enabled=False)
    question = page.locator(".faq summary").first
    answer = page.locator(".faq .answer").first
    assert not answer.is_visible()
    question.click()
    assert answer.is_visible()


def test_the_faq_opens_by_keyboard(open_page):
    page = open_page(SEED_URL)
    page.locator(".faq summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".faq .answer").first.is_visible()


def test_an_address_with_a_questions_anchor_opens_it(open_page):
    page = open_page(SEED_URL + "#what-about-ml-research-roles")
    assert page.locator("#what-about-ml-research-roles").is_visible()
    assert page.locator(".faq .answer").first.is_hidden()


def test_the_first_thing_that_the_keyboard_reaches_skips_to_the_content(open_page):
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
def test_a_row_of_criteria_keeps_its_headings_on_a_phone(open_page, width):
    page = open_page(SEED_URL, width)
    row = page.locator(".criteria-table tbody tr").first
    for cell in ("th", "td"):
        assert row.locator(cell).first.bounding_box()["width"] > width * 0.8
    shown = page.evaluate("getComputedStyle(document.querySelector('.criteria-table td'), '::before').content")
    assert "data-heading" in shown or "What Great Looks Like" in shown


def test_weights_are_drawn_to_scale(open_page):
    page = open_page(SEED_URL)
    widths = [band.bounding_box()["width"] for band in page.locator(".weight-bar .band").all()]
    whole = page.locator(".weight-bar").bounding_box()["width"]
    assert [round(100 * width / whole) for width in widths] == [45, 35, 20]


def test_dark_mode_is_dark(open_page):
    light = open_page(SEED_URL, color_scheme="light")
    dark = open_page(SEED_URL, color_scheme="dark")
    surface = "getComputedStyle(document.body).backgroundColor"
    assert light.evaluate(surface) == "rgb(255, 255, 255)"
    assert dark.evaluate(surface) == "rgb(27, 27, 36)"
