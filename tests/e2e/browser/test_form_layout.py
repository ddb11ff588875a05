"""Filling in and sending a form in a browser."""

import pytest

from leads.views import FASTEST_SECONDS

from ...conftest import SEED_URL
from .every_page import at_both_ends
from .measures import SCHEMES, axe_violations, layout_shifts, overflowing_elements, small_targets

START, CONTACT = "/start", "/contact"
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])


def fill(page):
    page.get_by_label("Your name").fill("Priya Nair")
    page.get_by_label("Work email").fill("priya@example.com")
    page.get_by_label("Company").fill("Example Works")
    page.get_by_label("LayersRank may store").check()


def send(page):
    page.get_by_role("button", name="Start free").click()


@SCRIPT
def test_a_visitor_corrects_a_field_and_sends_the_form(open_page, script):
    page = open_page(SEED_URL, 390, 844, java_script_enabled=script)
    page.get_by_role("link", name="Start Free Assessment").first.click()
    page.wait_for_url(f"**{START}?role=*")
    assert page.get_by_label("Role to hire for").input_value() == "Machine Learning Engineer"
    fill(page)
    page.get_by_label("Work email").fill("priya at example.com")
    page.wait_for_timeout(FASTEST_SECONDS * 1000)
    send(page)
    page.wait_for_url("**/start?unsent=*#problems")
    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    [error] = page.locator(".error-summary a").all()
    assert 0 <= page.locator(".error-summary").bounding_box()["y"] < 844
    error.click()
    email = page.get_by_label("Work email")
    assert email.evaluate("field => field === document.activeElement")
    assert email.get_attribute("aria-invalid") == "true"
    assert email.input_value() == "priya at example.com"
    assert page.get_by_label("Company").input_value() == "Example Works"
    assert page.get_by_label("LayersRank may store").is_checked()
    email.fill("priya@example.com")
    send(page)
    page.wait_for_url("**/start?sent=*")
    thanks = page.locator("#sent")
    assert thanks.inner_text() == "Your request is with us"
    assert 0 <= thanks.bounding_box()["y"] < 844
    assert page.locator("form.lead-form").count() == 0
    page.reload()
    assert page.locator("#sent").is_visible()
    assert page.console_messages == []


@SCRIPT
def test_a_form_keeps_its_error_and_values_after_back_and_reload(open_page, script):
    page = open_page(CONTACT, java_script_enabled=script)
    page.get_by_label("Your name").fill("Priya Nair")
    page.locator("textarea").fill("Ten minutes of words.")
    page.locator("form.lead-form button").click()
    page.wait_for_url("**/contact?unsent=*#problems")
    page.locator("footer a[href='/privacy']").first.click()
    page.wait_for_url("**/privacy")
    page.go_back()
    page.wait_for_url("**/contact?unsent=*")
    assert page.title().startswith("Error: ")
    assert page.get_by_label("Your name").input_value() == "Priya Nair"
    assert page.locator("textarea").input_value() == "Ten minutes of words."
    page.reload()
    assert page.locator("textarea").input_value() == "Ten minutes of words."
    assert page.console_messages == []


@SCRIPT
@pytest.mark.parametrize(
    "cookies", [[], [{"name": "csrftoken", "value": "x" * 32}]], ids=["no cookie", "another cookie"]
)
def test_a_visitor_without_a_valid_cookie_can_come_back_to_the_form(open_page, script, cookies):
    page = open_page(CONTACT, java_script_enabled=script)
    page.locator("textarea").fill("Ten minutes of words.")
    page.context.clear_cookies()
    page.context.add_cookies([cookie | {"url": page.url} for cookie in cookies])
    page.locator("form.lead-form button").click()
    page.wait_for_url("**/contact?unsent=*#problems" if cookies else "**/contact#problems")
    for _ in range(2):
        assert page.title().startswith("Error: ")
        assert "did not confirm" in page.locator(".error-summary").inner_text()
        assert page.locator("textarea").input_value() == "Ten minutes of words."
        page.locator("footer a[href='/privacy']").first.click()
        page.wait_for_url("**/privacy")
        page.go_back()
        page.wait_for_url("**/contact*")


def test_a_form_can_be_sent_with_only_the_keyboard(open_page):
    page = open_page(CONTACT)
    page.get_by_label("Your name").focus()
    for text in ("Priya Nair", "priya@example.com", "", ""):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.type("Two lines,\nand the second.")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Send Message"
    page.wait_for_timeout(FASTEST_SECONDS * 1000)
    page.keyboard.press("Enter")
    page.wait_for_url("**/contact?sent=*")
    assert page.locator("#sent").is_visible()


@at_both_ends
@pytest.mark.parametrize("path", [START, CONTACT])
def test_invalid_forms_and_thank_you_texts_are_accessible(open_page, axe, path, width):
    page = open_page(path, width, reduced_motion="reduce")
    page.locator("form.lead-form button").click()
    page.wait_for_url("**#problems")
    for state in ("invalid", "sent"):
        violations = []
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            violations += [f"{state}, {scheme}: {violation}" for violation in axe_violations(page, axe)]
        assert violations == []
        assert overflowing_elements(page) == []
        assert small_targets(page) == []
        assert layout_shifts(page) == []
        if state == "invalid":
            for field in page.locator(".field :is(input[type=text], input[type=tel], textarea)").all():
                field.fill("Something")
            page.locator("input[type=email]").fill("priya@example.com")
            page.locator("input[type=checkbox]").check()
            page.wait_for_timeout(FASTEST_SECONDS * 1000)
            page.locator("form.lead-form button").click()
            page.wait_for_url("**?sent=*")
