"""Forms, as visitors fill them in."""

import pytest

from leads.views import FASTEST_SECONDS

from ...conftest import SEED_URL
from .every_page import at_both_ends
from .measures import SCHEMES, barriers, shifts, small_targets, wider_than_the_page

START, CONTACT = "/start", "/contact"
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])


def fill(page):
    page.get_by_label("Your name").fill("Priya Nair")
    page.get_by_label("Work email").fill("priya@example.com")
    page.get_by_label("Company").fill("Example Works")
    page.get_by_label("LayersRank may keep").check()


def send(page):
    page.get_by_role("button", name="Ask for Five Free Assessments").click()


@SCRIPT
def test_a_visitor_comes_from_a_role_mends_a_field_and_is_thanked(open_page, script):
    page = open_page(SEED_URL, 390, 844, java_script_enabled=script)
    page.get_by_role("link", name="Start Free Assessment").first.click()
    page.wait_for_url(f"**{START}")
    assert page.get_by_label("Role to hire for").input_value() == "Machine Learning Engineer"
    fill(page)
    page.get_by_label("Work email").fill("priya at example.com")
    page.wait_for_timeout(FASTEST_SECONDS * 1000)
    send(page)
    page.wait_for_url("**/start#form")
    assert page.title().startswith("Error: ")
    [wrong] = page.locator(".error-summary a").all()
    assert 0 <= page.locator(".error-summary").bounding_box()["y"] < 844
    wrong.click()
    email = page.get_by_label("Work email")
    assert email.evaluate("field => field === document.activeElement")
    assert email.get_attribute("aria-invalid") == "true"
    assert email.input_value() == "priya at example.com"
    assert page.get_by_label("Company").input_value() == "Example Works"
    assert page.get_by_label("LayersRank may keep").is_checked()
    email.fill("priya@example.com")
    send(page)
    page.wait_for_url("**/start?sent=*")
    thanks = page.locator("#sent")
    assert thanks.inner_text().startswith("Thank you. Your request is with us.")
    assert 0 <= thanks.bounding_box()["y"] < 844
    assert page.locator("form.lead-form").count() == 0
    page.reload()
    assert page.locator("#sent").is_visible()
    assert page.complaints == []


def test_a_form_is_filled_in_and_sent_by_keyboard_alone(open_page):
    page = open_page(CONTACT)
    page.get_by_label("Your name").focus()
    for text in ("Priya Nair", "priya@example.com", "", ""):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.type("Two lines,\nand the second.")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Send the Message"
    page.wait_for_timeout(FASTEST_SECONDS * 1000)
    page.keyboard.press("Enter")
    page.wait_for_url("**/contact?sent=*")
    assert page.locator("#sent").is_visible()


@at_both_ends
@pytest.mark.parametrize("path", [START, CONTACT])
def test_what_is_wrong_and_what_is_thanked_for_is_in_nobodys_way(open_page, axe, path, width):
    page = open_page(path, width, reduced_motion="reduce")
    page.locator("form.lead-form button").click()
    page.wait_for_url("**#form")
    for state in ("wrong", "sent"):
        found = []
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found += [f"{state}, {scheme}: {barrier}" for barrier in barriers(page, axe)]
        assert found == []
        assert wider_than_the_page(page) == []
        assert small_targets(page) == []
        assert shifts(page) == []
        if state == "wrong":
            for field in page.locator(".field :is(input[type=text], input[type=tel], textarea)").all():
                field.fill("Something")
            page.locator("input[type=email]").fill("priya@example.com")
            page.locator("input[type=checkbox]").check()
            page.wait_for_timeout(FASTEST_SECONDS * 1000)
            page.locator("form.lead-form button").click()
            page.wait_for_url("**?sent=*")
