"""The duel (a comparison of two candidates) in the home page's hero, its switch, and the table with the same scores."""

import pytest

SURE = ".duel .overlap, .duel .band, .duel line, .duel p .sure"


def visible(page, selector):
    parts = page.locator(selector)
    return parts.evaluate_all("(parts) => parts.map((part) => getComputedStyle(part).visibility === 'visible')")


@pytest.fixture
def page(open_page):
    return open_page("/", 390)


def test_intervals_show_at_first(page):
    assert page.get_by_label("With intervals").is_checked()
    assert set(visible(page, SURE)) == {True}
    assert page.locator(".duel figcaption p").inner_text().startswith("The intervals overlap")


def test_the_switch_hides_the_intervals_without_moving_anything(page):
    before = page.locator(".duel").bounding_box()
    page.get_by_label("With intervals").focus()
    page.keyboard.press("ArrowLeft")
    assert page.get_by_label("Bare scores").is_checked()
    assert set(visible(page, SURE)) == {False}
    assert visible(page, ".duel .point") == [True, True]
    assert page.locator(".duel figcaption p").inner_text() == "By score alone, Candidate A leads by 3."
    assert page.locator(".duel").bounding_box() == before
    page.keyboard.press("ArrowRight")
    assert set(visible(page, SURE)) == {True}


def test_the_table_and_the_duel_have_the_same_scores(page):
    duel = [score.inner_text() for score in page.locator(".duel-rows b").all()]
    table = [cell.inner_text() for cell in page.locator("td:has(.score-line)").all()]
    assert [score.replace("\u00a0", " ") for score in table] == duel == ["74 ± 9", "71 ± 3"]


def test_the_table_is_below_the_heading_and_the_texts_beside_it(open_page):
    page = open_page("/", 1440)
    section = page.locator(".section:has(td .score-line)").first
    heading = section.locator("h2").bounding_box()
    text = section.locator(".prose > p").first.bounding_box()
    table = section.locator(".table-scroll").first.bounding_box()
    assert text["y"] < heading["y"] + heading["height"]
    assert text["x"] > heading["x"] + heading["width"]
    assert table["y"] >= max(box["y"] + box["height"] for box in (heading, text))
    assert table["x"] == heading["x"]
    assert table["width"] == section.locator(".container").evaluate(
        "e => e.clientWidth - 2 * parseFloat(getComputedStyle(e).paddingLeft)"
    )
