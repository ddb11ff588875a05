"""Interactive and printable pages: the question bank, the calculator and the scorecard."""

import io

import pypdf
import pytest

from .measures import measure

BANK, CALCULATOR, SCORECARD = "/resources/question-bank", "/resources/roi-calculator", "/resources/hiring-scorecard"
SHARED = "candidates=8&hours=4&rate=1500&mishires=10&mishire_cost=500000&price=1800&avoided=0"
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])


def visible_questions(page):
    return page.locator(".question-list > li:visible").count()


@SCRIPT
def test_selecting_a_competency_shows_only_its_questions(open_page, script):
    page = open_page(BANK, java_script_enabled=script)
    assert visible_questions(page) == 50
    page.get_by_role("link", name="Ownership").first.click()
    assert visible_questions(page) == 5 and page.url.endswith("#ownership")
    page.get_by_role("link", name="All 50", exact=True).click()
    assert visible_questions(page) == 50
    assert page.console_messages == []


def test_the_selected_competency_is_marked_and_announced(open_page):
    page = open_page(BANK)
    link = page.get_by_role("link", name="Ownership").first
    link.click()
    assert link.get_attribute("aria-current") == "true"
    assert page.locator(".bank-index [role=status]").text_content() == "5 questions shown"
    page.go_back()
    assert page.locator(".bank-index [aria-current]").text_content() == "All 50"


def test_a_link_to_a_question_shows_all_questions(open_page):
    page = open_page(f"{BANK}#question-7")
    assert visible_questions(page) == 50
    assert page.locator("#question-7").bounding_box()["y"] < 900


@SCRIPT
def test_ticked_questions_are_counted_and_cleared(open_page, script):
    page = open_page(BANK, java_script_enabled=script)
    tray, clear = page.locator(".print-tray"), page.get_by_role("button", name="Clear")
    assert not tray.is_visible()
    page.get_by_label("1. Print", exact=True).check()
    page.get_by_label("7. Print", exact=True).check()
    assert tray.is_visible() and tray.bounding_box()["y"] < page.viewport_size["height"]
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    names = [node["name"]["value"].strip() for node in nodes if "name" in node]
    assert "2" in names and "of 50 ticked" in names
    assert page.get_by_role("button", name="Print").is_visible() == script
    page.get_by_label("7. Print", exact=True).press("Enter")  # Enter must not send the form
    assert page.url.endswith(BANK)
    clear.click()
    assert page.locator(":checked").count() == 0 and not tray.is_visible()


def test_only_ticked_questions_are_printed(open_page):
    page = open_page(BANK)
    page.get_by_label("1. Print", exact=True).check()
    page.get_by_label("7. Print", exact=True).check()
    page.get_by_role("link", name="Delivery").first.click()
    page.emulate_media(media="print")
    assert [item.get_attribute("id") for item in page.locator(".question-list > li:visible").all()] == [
        "question-1",
        "question-7",
    ]
    assert [heading.inner_text() for heading in page.locator("h3:visible").all()] == ["Ownership", "Collaboration"]
    assert page.locator(".section:visible").count() == 1
    lines = """() => getComputedStyle(document.querySelector("#question-1"), "::after").content"""
    assert page.evaluate(lines) != "none"
    page.reload()
    page.locator("form").evaluate("form => form.reset()")
    page.goto(page.url.partition("#")[0])
    page.emulate_media(media="print")
    assert visible_questions(page) == 50
    assert page.evaluate(lines) == "none"


def test_red_flags_stand_beside_the_question_at_wide_widths(open_page):
    page = open_page(BANK)
    question, signs = page.locator("#question-1 .question-text"), page.locator("#question-1 .signs")
    assert signs.bounding_box()["x"] > question.bounding_box()["x"] + question.bounding_box()["width"]
    narrow = open_page(BANK, 390)
    left = narrow.locator("#question-1 .signs").bounding_box()["x"]
    assert left == narrow.locator("#question-1 .question-text").bounding_box()["x"]


def test_the_result_updates_while_typing(open_page):
    page = open_page(CALCULATOR)
    page.get_by_label("Interview hours saved").fill("50")
    page.locator(".verdict", has_text="assessments save ₹96,000 a year").wait_for()
    assert "saved=50" in page.url
    assert page.evaluate("document.activeElement.name") == "saved"
    assert "save ₹96,000" in " ".join(page.locator(".calculation > [role=status]").text_content().split())
    page.get_by_label("Hires a year").fill("many")
    page.locator(".result", has_text="Correct the marked inputs to see the result").wait_for()
    hires = page.get_by_label("Hires a year")
    assert hires.input_value() == "many" and page.title().startswith("Error: ")
    assert hires.get_attribute("aria-invalid") == "true"
    message = page.locator("#" + hires.get_attribute("aria-describedby").split()[-1])
    assert message.inner_text().endswith("Enter a number, such as 1,200 or 12.5")
    assert page.locator(".result a").get_attribute("href") == "#" + hires.get_attribute("id")
    hires.fill("20")
    page.locator(".verdict").wait_for()
    assert hires.get_attribute("aria-invalid") is None and not page.title().startswith("Error: ")
    assert page.locator(".field .error, .invalid").count() == 0
    assert page.console_messages == []


def test_a_corrected_field_is_removed_from_the_error_summary_immediately(open_page):
    page = open_page(f"{CALCULATOR}?{SHARED}&hires=many&saved=#result", 390)
    summary = page.locator(".error-summary")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert summary.locator("li").count() == 2 and summary.bounding_box()["y"] >= 0
    page.get_by_label("Hires a year").fill("20")
    page.locator(".error-summary li").nth(1).wait_for(state="detached")
    page.get_by_label("Interview hours saved").fill("5")
    summary.wait_for(state="detached")
    assert not page.title().startswith("Error: ")


def test_the_old_result_is_removed_if_the_server_does_not_respond(open_page):
    page = open_page(CALCULATOR)
    page.context.set_offline(True)
    page.get_by_label("Hires a year").fill("20")
    page.locator(".result", has_text="The server didn’t respond").wait_for()
    assert page.locator(".verdict, [aria-busy]").count() == 0
    page.context.set_offline(False)
    page.get_by_role("button", name="Calculate").click()
    page.locator(".arithmetic", has_text="20 hires").wait_for()


@SCRIPT
def test_the_result_is_shown_after_errors_are_corrected(open_page, script):
    page = open_page(CALCULATOR, 390, java_script_enabled=script)
    page.get_by_label("Interview hours saved").fill("500")
    page.get_by_role("button", name="Calculate").click()
    page.locator(".error-summary").wait_for()
    assert page.title().startswith("Error: ")
    page.locator(".error-summary a").click()
    assert page.evaluate("document.activeElement.name") == "saved"
    page.get_by_label("Interview hours saved").fill("50%")
    page.get_by_role("button", name="Calculate").click()
    page.locator(".verdict", has_text="assessments save ₹96,000 a year").wait_for()
    assert measure(page, "overflowing") == []


@pytest.mark.parametrize("media", [{"forced_colors": "active"}, {"media": "print"}], ids=["forced colors", "print"])
def test_chart_and_legend_colors_match_in_print_and_in_forced_colors_mode(open_page, media):
    page = open_page(f"{CALCULATOR}?{SHARED}&hires=10&saved=0")
    page.emulate_media(**media)
    bands = page.locator(".bars > div").nth(1).locator("rect")
    fills = bands.evaluate_all("bands => bands.map(band => getComputedStyle(band).fill)")
    key = """parts => parts.map(part => getComputedStyle(part, "::before")).map(style =>
        [style.backgroundColor, style.printColorAdjust, style.forcedColorAdjust])"""
    assert page.locator(".key span").evaluate_all(key) == [[fill, "exact", "none"] for fill in fills]
    assert len(set(fills)) == 3


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_form_to_fill_in_by_hand_is_printed_on_its_own_page(open_page, paper):
    page = open_page(SCORECARD)
    texts = [sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(page.pdf(format=paper))).pages]
    (form,) = [text for text in texts if "The scoring sheet" in text]
    assert "To get the total" in form and SCORECARD in form and "Five assessments free" in form
    assert "What you saw" not in form and "Calibrate" not in form


def test_rows_to_fill_in_by_hand_are_14_mm_high_and_fit_on_a_phone(open_page):
    page = open_page(SCORECARD, 320)
    rows = page.locator("table.worksheet tbody tr")
    heights = [row.bounding_box()["height"] for row in rows.all()]
    assert len(heights) == 7 and min(heights) >= 14 / 25.4 * 96 - 1
    assert page.locator("table.worksheet").evaluate("table => table.scrollWidth") <= 320
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_plans_are_columns_on_wide_screens_and_rows_on_phones(open_page):
    def boxes(width):
        page = open_page("/pricing", width)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        return [name.bounding_box() for name in page.locator(".plans tbody th").all()]

    assert len({box["y"] for box in boxes(1440)}) == 1
    assert len({box["x"] for box in boxes(320)}) == 1


def test_the_result_is_beside_the_form_on_wide_screens_and_above_it_on_phones(open_page):
    page = open_page(CALCULATOR, 1440)
    assert page.locator(".result").bounding_box()["y"] < page.locator(".calculation input").nth(3).bounding_box()["y"]
    assert not page.locator(".outcome").is_visible()
    page = open_page(CALCULATOR, 390)
    outcome, field = (page.locator(selector).first.bounding_box() for selector in (".outcome", ".calculation input"))
    assert outcome["y"] + outcome["height"] < field["y"] and outcome["height"] < 60


@pytest.mark.parametrize("width", [960, 1440, 1920])
def test_the_result_begins_in_the_hero_and_covers_no_text(open_page, width):
    page = open_page(CALCULATOR, width)
    hero, result = (page.locator(selector).bounding_box() for selector in (".hero", ".result"))
    assert hero["y"] <= result["y"] < hero["y"] + hero["height"]
    texts = page.locator(".hero :is(h1, p, .button), .section:has(.result) .container > :not(.calculation)").all()
    ends = [box["x"] + box["width"] for text in texts if (box := text.bounding_box())]
    assert len(ends) > 3 and max(ends) <= result["x"]


def test_the_result_never_covers_the_steps(open_page):
    page = open_page(CALCULATOR, 1440)
    page.locator(".all-steps").evaluate("steps => steps.scrollIntoView({block: 'center'})")
    result, steps = (page.locator(selector).bounding_box() for selector in (".result", ".all-steps"))
    assert result["y"] + result["height"] <= steps["y"]


def test_all_competencies_are_in_view_on_phones(open_page):
    page = open_page(BANK, 390)
    links = [link.bounding_box() for link in page.locator(".bank-index li a").all()]
    assert max(link["x"] + link["width"] for link in links) <= 390 and min(link["height"] for link in links) >= 44
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_form_to_fill_in_by_hand_has_no_evidence_column_on_phones(open_page):
    page = open_page(SCORECARD, 390)
    row = page.locator("table.worksheet tbody tr").first
    assert [cell.is_visible() for cell in row.locator("th, td").all()] == [True, True, True, False]


def test_the_form_to_fill_in_by_hand_is_complete_on_tablets(open_page):
    page = open_page(SCORECARD, 704)
    row = page.locator("table.worksheet tbody tr").first
    evidence = row.locator("td").last.bounding_box()
    assert evidence["width"] > 120 and evidence["x"] + evidence["width"] <= 704
    assert page.evaluate("document.documentElement.scrollWidth") == 704


def test_each_row_of_a_table_with_long_cells_is_a_block_on_phones(open_page):
    page = open_page(SCORECARD, 390)
    cells = [cell.bounding_box() for cell in page.locator(".stacked-table tbody tr").first.locator("td").all()]
    assert len({cell["x"] for cell in cells}) == 1 and cells[0]["y"] < cells[1]["y"] < cells[2]["y"]


@pytest.mark.parametrize("path", [BANK, SCORECARD, CALCULATOR])
def test_the_header_with_its_call_to_action_is_always_in_view_on_phones(open_page, path):
    page = open_page(path, 390, 844)
    button = page.locator(".header-actions .button")
    for part in (0.3, 0.6, 0.9):
        page.evaluate(f"window.scrollTo(0, {part} * document.body.scrollHeight)")
        box = button.bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= 56


@pytest.mark.parametrize("medium", ["screen", "print"])
def test_a_two_digit_question_number_stays_on_one_line(open_page, medium):
    page = open_page(BANK, 320)
    page.emulate_media(media=medium)
    measurements = """number => {
        const range = document.createRange();
        range.selectNodeContents(number.firstChild);
        return [range.getClientRects().length, range.getBoundingClientRect().right];
    }"""
    lines, right = page.locator("#question-50 .number").evaluate(measurements)
    number = page.locator("#question-50 .number").bounding_box()
    text = page.locator("#question-50 .question-text").bounding_box()
    assert lines == 1 and (right <= text["x"] or number["y"] + number["height"] <= text["y"])
