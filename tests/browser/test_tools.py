"""The pages that do something: the question bank, the calculator, and the scorecard on paper."""

import io

import pypdf
import pytest

from .measures import measure

BANK, CALCULATOR, SCORECARD = "/resources/question-bank", "/resources/roi-calculator", "/resources/hiring-scorecard"
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])


def shown_questions(page):
    return page.locator(".question-list > li:visible").count()


@SCRIPT
def test_a_competency_is_shown_alone_and_all_again(open_page, script):
    page = open_page(BANK, java_script_enabled=script)
    assert shown_questions(page) == 50
    page.get_by_role("link", name="Ownership").first.click()
    assert shown_questions(page) == 5 and page.url.endswith("#ownership")
    page.get_by_role("link", name="All 50", exact=True).click()
    assert shown_questions(page) == 50
    assert page.complaints == []


def test_script_marks_what_is_chosen_and_says_how_many_there_are(open_page):
    page = open_page(BANK)
    link = page.get_by_role("link", name="Ownership").first
    link.click()
    assert link.get_attribute("aria-current") == "true"
    assert page.locator(".bank-index [role=status]").text_content() == "5 questions are shown"
    page.go_back()
    assert page.locator(".bank-index [aria-current]").text_content() == "All 50"


def test_a_link_to_one_question_shows_them_all(open_page):
    page = open_page(f"{BANK}#question-7")
    assert shown_questions(page) == 50
    assert page.locator("#question-7").bounding_box()["y"] < 900


def test_the_sum_follows_as_one_types(open_page):
    page = open_page(CALCULATOR)
    page.get_by_label("Interview hours saved").fill("50")
    page.locator(".verdict", has_text="a year costs ₹96,000 less").wait_for()
    assert "saved=50" in page.url
    assert page.evaluate("document.activeElement.name") == "saved"
    assert "₹96,000 less" in page.locator(".calculation > [role=status]").text_content()
    page.get_by_label("Hires a year").fill("many")
    page.locator(".result", has_text="once the marked inputs are mended").wait_for()
    assert page.get_by_label("Hires a year").input_value() == "many"
    assert page.complaints == []


@SCRIPT
def test_the_form_is_sent_and_says_what_is_wrong(open_page, script):
    page = open_page(CALCULATOR, 390, java_script_enabled=script)
    page.get_by_label("Interview hours saved").fill("500")
    page.get_by_role("button", name="Calculate").click()
    page.locator(".error-summary").wait_for()
    assert page.title().startswith("Error: ")
    page.locator(".error-summary a").click()
    assert page.evaluate("document.activeElement.name") == "saved"
    page.get_by_label("Interview hours saved").fill("50%")
    page.get_by_role("button", name="Calculate").click()
    page.get_by_text("a year costs ₹96,000 less").first.wait_for()
    assert measure(page, "sideways") == []


def test_the_scorecard_prints_on_two_sheets(open_page):
    page = open_page(SCORECARD)
    assert len(pypdf.PdfReader(io.BytesIO(page.pdf(format="A4"))).pages) == 2
