"""Sample reports: what comes from the report's own document, and what comes from the role's page."""

import re

import pytest

from pages.content import library
from pages.content.role_reports import build_report, dimension_key
from pages.content.scores import Score
from pages.content.sections.report import CandidateQuestion, Sheet

ROLE = """# Hire Baker
## /hire/baker

## WHAT LAYERSRANK EVALUATES

### Craft Dimension (45%)

### People Dimension (35%)

### Judgment (20%)

## SAMPLE QUESTIONS

### Craft Questions

**1. How do you know that the dough is ready?**

### People questions

**2. Whom did you last teach?**

**3. Who taught you?**

**4. Who eats your bread?**

### Closing Questions

**5. What would you never bake again?**
"""
REPORT = """# Sample Report
## /reports/baker

## ASSESSMENT REPORT

Words before.

**Role:** /hire/baker

| Dimension | Score |
|---|---|
| Judgment | 76 ± 2 |
| Craft | 72 ± 4 |
| people dimension | 64 ± 8 |

**Question:** 2
**Answer:** The answer named
nobody.
**Follow-up:** Who was *it*?

**Second answer:** A name.
**Score before:** 61 +/- 13

Words after.
"""


@pytest.fixture
def load(write):
    def load(report=REPORT, role=ROLE):
        pages = library.load(write(named={"hire/baker.md": role, "reports/baker.md": report})).pages
        return pages["/reports/baker"], pages["/hire/baker"]

    return load


def report_of(page, role):
    [sheet] = page.reports[0].sheets
    return build_report(sheet, role)


def test_report_rows_take_their_weights_and_order_from_the_page_of_the_role(load):
    report = report_of(*load())
    assert [(row.name, str(row.score), row.weight.percent_text) for row in report.rows] == [
        ("Craft", "72 ± 4", "45%"),
        ("people dimension", "64 ± 8", "35%"),
        ("Judgment", "76 ± 2", "20%"),
    ]
    page, role = load(role=ROLE.replace("45%", "30%").replace("35%", "50%"))
    assert [row.weight.percent for row in report_of(page, role).rows] == [30, 50, 20]


def test_the_combined_interval_is_the_weighted_average_of_all_intervals(load):
    report = report_of(*load())
    assert (report.combined.score, report.is_rounded) == (Score(70, 5), False)
    assert report.sums == (
        ("Low end", "45% × 68 + 35% × 56 + 20% × 74", "65"),
        ("High end", "45% × 76 + 35% × 72 + 20% × 78", "75"),
    )


@pytest.mark.parametrize("scores", [("72 ± 4", "71 ± 4"), ("76 ± 2", "77.5 ± 2"), ("64 ± 8", "0.5 ± 0.5")])
def test_a_rounded_combined_interval_contains_the_exact_one(load, scores):
    report = report_of(*load(REPORT.replace(*scores)))
    low, high = (float(result) for _, _, result in report.sums)
    assert report.is_rounded
    assert report.combined.score.low <= low < high <= report.combined.score.high
    assert all(float(end).is_integer() for end in (report.combined.score.low, report.combined.score.high))


def test_the_combined_score_is_an_average_for_any_sum_of_weights(load):
    report = report_of(*load(role=ROLE.replace("45%", "90%").replace("35%", "70%").replace("20%", "40%")))
    assert report.combined.score == Score(70, 5)


def test_a_report_on_a_role_whose_weights_are_all_zero_is_not_built(load):
    assert report_of(*load(role=ROLE.replace("45%", "0%").replace("35%", "0%").replace("20%", "0%"))) is None


def test_suggested_questions_are_about_the_dimension_with_the_widest_interval(load):
    report = report_of(*load())
    assert report.widest.name == "people dimension"
    assert [question.number for question in report.suggested] == ["3", "4"]  # 2 was asked again


def test_two_intervals_of_the_same_width_are_tied(load):
    assert not report_of(*load()).is_tied
    assert report_of(*load(REPORT.replace("72 ± 4", "72 ± 8"))).is_tied


def test_the_question_that_was_asked_again_is_suggested_last(load):
    page, role = load(role=ROLE.replace("**4. Who eats your bread?**", ""))
    assert [question.number for question in report_of(page, role).suggested] == ["3", "2"]


def test_a_report_suggests_nothing_if_no_group_is_named_after_the_widest_dimension(load):
    report = report_of(*load(REPORT.replace("76 ± 2", "76 ± 12")))
    assert (report.widest.name, report.suggested) == ("Judgment", ())


def test_the_score_after_the_second_answer_is_the_score_of_the_dimension(load):
    again = report_of(*load()).asked_again
    assert (again.question.plain, again.dimension) == ("Whom did you last teach?", "people dimension")
    assert (str(again.before.score), str(again.after.score)) == ("61 ± 13", "64 ± 8")
    assert again.follow_up.answer == "The answer named\nnobody."
    assert again.follow_up.asked == "Who was <em>it</em>?"


def test_a_follow_up_question_is_optional(load):
    page, role = load(REPORT.partition("**Question:**")[0])
    assert report_of(page, role).asked_again is None
    assert [problem for problem in page.problems if problem.rule == "sample-report"] == []


def test_text_around_a_report_stays_in_its_place(load):
    page, _ = load()
    before, sheet, after = page.reports[0].body
    assert isinstance(sheet, Sheet) and "Words before." in before.html and "Words after." in after.html


@pytest.mark.parametrize(
    "old_new",
    [
        ("72 ± 4", "72"),
        ("72 ± 4", "98 ± 4"),
        ("| 72 ± 4 |", "| 72 ± 4 | more |"),
        ("**Second answer:** A name.", ""),
        ("61 +/- 13", "many"),
        ("Judgment", "Craft"),
    ],
)
def test_a_report_with_a_mistake_is_shown_as_text(load, old_new):
    text = REPORT.replace(*old_new)
    page, role = load(text)
    [sheet] = page.reports[0].sheets
    assert build_report(sheet, role) is None
    assert any(problem.rule == "sample-report" for problem in page.problems)
    shown = re.sub(r"<[^>]*>", "", sheet.fallback)
    words = ("/hire/baker", "76", "64", "named", *old_new[1].replace("|", "").split())
    assert [word for word in words if word not in shown] == []


@pytest.mark.parametrize("old_new", [("Craft Dimension", "Skill"), ("**2. ", "**9. "), ("People questions", "Others")])
def test_a_report_that_does_not_fit_the_page_of_its_role_is_not_built(load, old_new):
    assert report_of(*load(role=ROLE.replace(*old_new))) is None


def test_a_section_without_scores_shows_a_question_as_a_candidate_sees_it(load):
    text = "# A\n## /reports/baker\n\n## ANY\n\n**Role:** /hire/baker\n**Question:** 4\n\n**When:** In *your* time.\n"
    page, _ = load(f"{text}**Answer:** In writing.\n\n**[Start Free Trial]**\n")
    question, call = page.reports[0].body
    assert isinstance(question, CandidateQuestion) and call.calls
    assert (question.role, question.question) == ("/hire/baker", "4")
    assert [(fact.label, fact.value) for fact in question.facts] == [
        ("When", "In <em>your</em> time."),
        ("Answer", "In writing."),
    ]


@pytest.mark.parametrize("text", ["**Role:** Baker", "Role: /hire/baker", "**Role**", "- **Role:** /hire/baker"])
def test_a_section_is_a_report_only_if_a_role_line_has_a_path(load, text):
    page, _ = load(f"# A\n## /reports/baker\n\n## ANY\n\n{text}\n")
    assert [section.kind for section in page.sections] == ["prose"]


@pytest.mark.parametrize("name", ["Technical", "technical dimension", "Technical  Questions"])
def test_names_of_dimensions_and_groups_are_compared_by_their_key(name):
    assert dimension_key(name) == "technical"


def test_links_of_reports_count(load, write):
    page, role = load()
    graph = library.load(write(named={"hire/baker.md": ROLE, "reports/baker.md": REPORT})).graph
    assert graph.links_out(graph.pages[page.url]) == {role.url}
    assert graph.links_out(graph.pages[role.url]) == {page.url}
