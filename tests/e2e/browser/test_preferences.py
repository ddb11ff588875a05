"""What visitors set for themselves: larger text, closer pages, dark, fewer colors, less motion, no script."""

import pytest

from .every_page import SEED_URL, on_every_page
from .measures import (
    SCHEMES,
    cut_words,
    faint_words,
    keyboard_walk,
    measure,
    motion,
    open_answers,
    overlapping_words,
    unseen_stops,
    wider_than_the_page,
)

INNER_TEXT = "document.body.innerText"


@on_every_page
def test_at_400_percent_nothing_goes_on_sideways(open_page, path):
    page = open_page(path, 1280 // 4, 1024 // 4, device_scale_factor=4)
    open_answers(page)
    assert wider_than_the_page(page) == []
    assert cut_words(page) == []


@on_every_page
@pytest.mark.parametrize("width", [390, 1440])
def test_text_at_200_percent_is_whole(open_page, path, width):
    page = open_page(path, width)
    before = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    page.reload(wait_until="load")
    open_answers(page)
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= before * 1.9
    assert wider_than_the_page(page) == []
    assert cut_words(page) == []
    assert overlapping_words(page) == []


@on_every_page
def test_dark_is_light_words_on_a_dark_page_and_light_the_other_way_round(open_page, path):
    page = open_page(path, reduced_motion="reduce")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        ground, ink = measure(page, "bodyColors")
        assert (ground < 0.1 and ink > 0.6) if scheme == "dark" else (ground > 0.8 and ink < 0.1)


@on_every_page
def test_nothing_moves_for_those_who_ask_for_less_motion(open_page, path):
    page = open_page(path, reduced_motion="reduce")
    for link in page.locator("a.button, summary, .cards a").all()[:3]:
        link.hover()
    assert motion(page) == []


@on_every_page
def test_forced_colors_leave_words_buttons_and_marks(open_page, path):
    page = open_page(path, forced_colors="active", reduced_motion="reduce")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    open_answers(page)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert faint_words(page) == [], scheme
        assert measure(page, "borderless", ".button") == [], scheme
        assert measure(page, "unmarked", "td.great, td.flag") == [], scheme
    assert unseen_stops(keyboard_walk(page)) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_forced_colors_leave_weights_and_steps(open_page, scheme):
    page = open_page(SEED_URL, forced_colors="active", color_scheme=scheme)
    assert measure(page, "fadedShapes", "main svg *:is(rect, circle, path, line)") == []


@on_every_page
def test_without_script_all_words_are_there(open_page, path):
    plain = open_page(path, java_script_enabled=False)
    assert plain.evaluate(INNER_TEXT) == open_page(path).evaluate(INNER_TEXT)
    assert plain.locator("h1").is_visible()


def test_without_script_questions_open(open_page):
    page = open_page(SEED_URL, 390, 844, java_script_enabled=False)
    answers = page.locator(".faq .answer")
    assert answers.count() and not any(answer.is_visible() for answer in answers.all())
    for question in page.locator(".faq summary").all():
        question.click()
    assert all(answer.is_visible() for answer in answers.all())
