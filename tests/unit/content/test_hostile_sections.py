"""Documents that differ from the seed in structure: nothing breaks, and no word is dropped."""

import re

import pytest

from tests.conftest import SEED
from tests.support.content_samples import (
    DESCRIPTION,
    HEADER,
    SEED_SETTINGS,
    page_of,
    part_names,
    problem_of,
    read,
    rules,
    section_of,
    seed,
    visible_text,
)

TEXT = SEED.read_text(encoding="utf-8")
KINDS = [section.kind for section in seed().sections]


def kinds(text):
    return [section.kind for section in read(text).sections]


def shift_headings(text, count=1):
    return re.sub(r"^(#+ )", "#" * count + r"\1", text, flags=re.MULTILINE)


@pytest.mark.parametrize(
    "text",
    [
        shift_headings(TEXT),
        shift_headings(TEXT, 2),
        TEXT.replace("\n## ", "\n### ").replace("\n### /", "\n## /"),
        TEXT.replace("### ", "#### "),
        TEXT.replace("### ", "###### "),
        re.sub(r"^#(#+ )", r"\1", TEXT, flags=re.MULTILINE).replace("# Hire Machine Learning Engineer\n", "", 1),
    ],
    ids=[
        "all one deeper",
        "all two deeper",
        "sections one deeper",
        "parts one deeper",
        "parts at six",
        "all one higher",
    ],
)
def test_document_with_shifted_heading_levels_has_the_same_sections(text):
    page = read(text, "/hire/machine-learning-engineer", SEED_SETTINGS)
    assert [section.kind for section in page.sections] == KINDS
    assert {*rules(page)} <= {"heading-jump", "intent"}
    assert visible_text(page) == visible_text(seed())


@pytest.mark.parametrize("number", range(11))
def test_section_heading_one_level_deeper_is_still_a_section(number):
    headings = [line for line in TEXT.split("\n") if re.match(r"## [A-Z]", line) and line != "## META"]
    changed = read(TEXT.replace(f"\n{headings[number]}\n", f"\n#{headings[number]}\n"), settings=SEED_SETTINGS)
    assert [section.kind for section in changed.sections] == KINDS
    assert visible_text(changed) == visible_text(seed())


@pytest.mark.parametrize("number", range(3))
def test_dimension_heading_at_section_level_does_not_start_a_section(number):
    headings = re.findall(r"^### .*%\)$", TEXT, flags=re.MULTILINE)
    changed = read(TEXT.replace(headings[number], headings[number][1:]), settings=SEED_SETTINGS)
    assert [section.kind for section in changed.sections] == KINDS
    assert [weight.percent for weight in changed.hero.weights] == [45, 35, 20]


def test_underlined_headings_start_sections():
    assert kinds(HEADER + "FAQ\n----\n\n**Who?**\nWe.\n") == ["faq"]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("HERO", "hero"),
        ("Hero", "hero"),
        ("THE BACKEND HIRING CHALLENGE", "challenge"),
        ("WHAT LAYERSRANK EVALUATES", "dimensions"),
        ("SAMPLE FULL STACK QUESTIONS", "questions"),
        ("DEVOPS EVALUATION CRITERIA", "criteria"),
        ("HOW IT WORKS", "steps"),
        ("How it works", "steps"),
        ("PRICING", "pricing"),
        ("PRICING COMPARISON", "pricing"),
        ("FAQ", "faq"),
        ("RELATED ROLES", "links"),
        ("RELATED RESOURCES", "links"),
        ("READY TO BUILD YOUR TEAM?", "closing"),
        ("SECURITY AND PRIVACY", "prose"),
        ("Anything else", "prose"),
    ],
)
def test_heading_determines_the_kind_of_a_section(heading, kind):
    assert kinds(HEADER + f"## {heading}\n\nwords\n") == [kind]
    assert "words" in visible_text(page_of(f"## {heading}\n\nwords\n"))


HEADINGS = ["HERO", "THE HIRING CHALLENGE", "WHAT LAYERSRANK EVALUATES", "SAMPLE QUESTIONS", "EVALUATION CRITERIA"]
HEADINGS += ["HOW IT WORKS", "PRICING", "FAQ", "RELATED ROLES", "READY TO START?", "ANYTHING"]
EXTRA = {
    "prose": "first\n\nsecond\n\nthird",
    "a list": "- first\n- second\n  - third",
    "leads": "- **first.** second\n- third",
    "steps": "1. **first** — second\n2. third",
    "a table": "| first | second |\n|---|---|\n| third |",
    "a ragged table": "| first |\n|---|\n| second | third |",
    "headings": "### first\n\nsecond\n\n#### third",
    "weights": "### first (60%)\n\nsecond\n\n### third (40%)",
    "a quote": "> first\n>\n> - second\n\nthird",
    "code": "```\nfirst second\n```\n\nthird",
    "questions": "**first?**\nsecond\n\nthird",
    "numbered": "**1. first**\n\n*second:* third",
    "labels": "**first:** second\n**third:**",
    "links": "- [first](/a) — second\n\n  third",
    "a call": "**[first → /a]** second\n\nthird",
    "a loose list": "- first\n\n  second\n\n  > third",
    "html": "<div>first<br>second</div>\n\n<b>third</b>",
}


@pytest.mark.parametrize("heading", HEADINGS)
@pytest.mark.parametrize("extra", EXTRA)
def test_unknown_content_stays_in_order(heading, extra):
    page = page_of(f"## {heading}\n\nbefore\n\n{EXTRA[extra]}\n\nafter\n")
    visible = [
        word
        for word in re.findall(r"\w+", visible_text(page).lower())
        if word in ["before", "first", "second", "third", "after"]
    ]
    assert list(dict.fromkeys(visible)) == ["before", "first", "second", "third", "after"]


@pytest.mark.parametrize("heading", HEADINGS)
def test_empty_section_is_not_dropped(heading):
    page = page_of(f"## {heading}\n\n## THE LAST\n\nwords")
    assert len(page.sections) == 2
    assert set(rules(page)) <= {"missing-headline"}


def test_text_before_the_first_section_is_shown():
    page = page_of("words\n\n## FAQ\n")
    assert [section.kind for section in page.sections] == ["prose", "faq"]
    assert "words" in visible_text(page.sections[0])


@pytest.mark.parametrize(
    "fields",
    [
        "**Headline:** One two",
        "**Headline**: One two",
        "**HEADLINE:** One two",
        "**Headline:**\nOne two",
        "**Headline:**\n\nOne two",
        "**Headline:** One\ntwo",
        "**Eyebrow:** A\n**Headline:** One two\n**Subhead:** B",
    ],
)
def test_hero_label_can_be_beside_or_above_its_text(fields):
    hero = section_of("## HERO\n\n" + fields)
    assert hero.headline.split() == ["One", "two"]
    assert hero.body == ()


def test_hero_without_a_headline_shows_the_page_name_and_is_reported():
    page = page_of("## HERO\n\n**Eyebrow:** A\n")
    assert page.hero.headline == "Hire Data Engineer"
    assert (problem_of(page, "missing-headline").line, rules(page)) == (HEADER.count("\n") + 1, ["missing-headline"])


def test_first_of_two_hero_sections_is_the_main_one():
    page = page_of("## HERO\n\n**Headline:** One\n\n## HERO\n\n**Headline:** Two\n")
    assert [(hero.is_main, hero.headline) for hero in page.sections] == [(True, "One"), (False, "Two")]


def test_repeated_label_in_a_hero_is_shown():
    hero = section_of("## HERO\n\n**Headline:** One\n\n**Headline:** Two\n")
    assert "Two" in visible_text(hero)


def test_weights_with_a_wrong_total_are_reported_with_their_position():
    page = page_of("## WHAT LAYERSRANK EVALUATES\n\n### A (54%)\n\n### B (35%)\n\n### C (20%)\n")
    problem = problem_of(page, "dimension-weights")
    assert (problem.line, problem.column, problem.length) == (HEADER.count("\n") + 3, 8, 3)
    assert "109%" in problem.message


@pytest.mark.parametrize("weights", [(100,), (50, 50), (33.3, 33.3, 33.4), (0, 100), (25,) * 4])
def test_weights_with_a_total_of_100_are_valid(weights):
    body = "\n\n".join(f"### D{number} ({weight}%)" for number, weight in enumerate(weights))
    page = page_of("## WHAT LAYERSRANK EVALUATES\n\n" + body)
    assert rules(page) == []
    assert [weight.percent for weight in page.sections[0].weights] == list(weights)


def test_questions_keep_the_numbers_from_the_document():
    group, other = section_of("## SAMPLE QUESTIONS\n\n### A\n\n**7. a**\n\n### B\n\n**3) b**\n**12. c**\n").body
    assert [question.number for question in group.questions] == ["7"]
    assert other.questions[0].number == "3"
    assert "c" in visible_text(other)


def test_table_too_large_for_pricing_plans_stays_a_table():
    rows = "\n".join(f"| row{number} | 1 |" for number in range(9))
    assert part_names(section_of(f"## PRICING\n\n| A | B |\n|---|---|\n{rows}\n")) == ["Prose"]


def test_a_price_without_digits_has_no_unit():
    plans = section_of("## PRICING\n\n| Plan | Per seat | For |\n|-|-|-|\n| A | ₹5 | all |\n| B | Custom | one |").body[
        0
    ]
    assert [[cell.heading for cell in row[1:]] for row in plans.grid.rows] == [["Per seat", ""], ["", ""]]


def test_each_plan_may_have_calls_to_action():
    text = "## PLANS\n\n| Plan | Price | |\n|-|-|-|\n| A | ₹5 | **[Buy → /buy]** for all |\n| B | Custom | Ask |"
    (plans,) = section_of(text).body
    assert plans.has_calls
    first, second = (row[2] for row in plans.grid.rows)
    assert [(call.label, call.href, call.note) for call in first.calls] == [("Buy", "/buy", "for all")]
    assert (first.html, second.html) == ("", "Ask")


def test_a_labeled_list_shows_what_all_plans_include():
    text = "## PLANS\n\nIntro.\n\n**In every plan:**\n\n- Reports\n- *Help*\n\n**Not:** included\n\n- x"
    section = section_of(text)
    assert part_names(section) == ["Prose", "Inclusions", "Prose"]
    assert section.body[1].label == "In every plan"
    assert "<em>Help</em>" in section.body[1].html


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_table_with_blanks_is_a_worksheet_in_any_section(heading):
    text = "| A | B | C |\n|-|-|-|\n| **x** | ___ ± ___ | ____ |\n"
    section = section_of(f"## {heading}\n\n{text}")
    visible = visible_text(section)
    assert "x" in visible and "±" in visible


def test_blanks_become_empty_table_cells_or_lines_to_fill_in():
    text = "Name ____\\\nBorn on ___\n\n| A | B | C |\n|-|-|-|\n| **x** | ___ ± ___ | ____ |\n\nA ___ line."
    lines, worksheet, prose = section_of(f"## SHEET\n\n{text}").body
    assert lines.labels == ("Name", "Born on")
    assert [cell.html.strip("\u00a0 ") for cell in worksheet.grid.rows[0]] == ["x", "±", ""]
    assert "___" in prose.html


@pytest.mark.parametrize(("columns", "part"), [(1, "CriteriaTable"), (4, "CriteriaTable"), (5, "Prose")])
def test_criteria_with_more_than_four_columns_are_shown_as_an_ordinary_table(columns, part):
    rows = [f"|{cell * columns}" for cell in (" A |", "---|", " b |")]
    assert part_names(section_of("## CRITERIA\n\n" + "\n".join(rows))) == [part]


def test_criteria_with_one_row_that_is_too_long_are_shown_as_an_ordinary_table():
    assert part_names(section_of("## CRITERIA\n\n| A |\n|---|\n| b | c | d | e | f |")) == ["Prose"]


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_list_thirty_levels_deep_is_shown(heading):
    lines = "\n".join(f"{'  ' * level}- **word{level}x.**" for level in range(30))
    visible = visible_text(page_of(f"## {heading}\n\n{lines}\n"))
    assert [level for level in range(30) if f"word{level}x" not in visible] == []


@pytest.mark.parametrize(
    "after", ["", "\n```\ncode\n```\n", "\n```python\ncode\n```\n"], ids=["alone", "a block", "python"]
)
def test_unclosed_meta_fence_does_not_swallow_sections(after):
    text = HEADER.replace("themselves.\n```\n", "themselves.\n") + "---\n\n## FAQ\n\n**Who?**\nWe.\n" + after
    page = read(text)
    assert [section.kind for section in page.sections] == ["faq"]
    assert page.sections[0].items[0].answer_text == ("We. code" if after else "We.")
    assert (page.meta.title, page.meta.description) == ("A title", DESCRIPTION)
    assert problem_of(page, "unclosed-block").line == 6


def test_line_numbers_after_an_unclosed_meta_fence_are_correct():
    page = read(HEADER.replace("themselves.\n```\n", "themselves.\n") + "## PLAIN\n\n**[Zzz]**\n")
    assert problem_of(page, "cta-target").line == 12
