"""A sample report on its page: the sheet, its drawings, and the links between the report and its role."""

import re

import pytest
from bs4 import BeautifulSoup

from ...support.copy_words import missing

ROLE = "/hire/data-engineer"
REPORT = """# Sample Report: Data Engineer
## /resources/sample-report/data-engineer

## META

```
Title: Sample Report
Description: A sample report for a data engineer.
```

## ASSESSMENT REPORT

**Role:** /hire/data-engineer

| Dimension | Score |
|---|---|
| Technical | 66 ± 9 |
| Behavioral | 73 ± 4 |
| Contextual | 71 ± 6 |

**Question:** 4
**Answer:** The answer named nobody.
**Follow-up:** Who was told first?
**Second answer:** The second answer named two people.
**Score before:** 69 ± 12
"""
QUESTION = """
## HOW A CANDIDATE MEETS A QUESTION

**Role:** /hire/data-engineer
**Question:** 1

**When you answer:** In your own time.
"""


@pytest.fixture
def sheet_of(content, client):
    def sheet_of(text=REPORT):
        folder = content / "resources" / "sample-report"
        folder.mkdir(exist_ok=True)
        (folder / "data-engineer.md").write_text(text)
        page = client.get("/resources/sample-report/data-engineer").content.decode()
        assert missing(text, page) == []
        return BeautifulSoup(page, "html.parser").select_one(".report-sheet")

    return sheet_of


def words(element):
    return " ".join(element.text.split())


def test_the_sheet_has_the_name_and_weights_of_the_role(sheet_of):
    sheet = sheet_of()
    assert words(sheet.h2) == "Assessment report Data Engineer"
    assert [words(part) for part in sheet.select(".report-weights li")] == [
        "50% Technical",
        "25% Behavioral",
        "25% Contextual",
    ]
    assert [words(name) for name in sheet.select(".report-scores .score-axis dt")] == [
        "Technical 50%",
        "Behavioral 25%",
        "Contextual 25%",
        "Combined",
    ]


@pytest.mark.parametrize("text", [REPORT, REPORT.replace("66 ± 9", "66"), REPORT.replace(ROLE, "/hire/none")])
def test_every_sheet_has_the_stamp(sheet_of, text):
    assert words(sheet_of(text).select_one(".stamp")) == "Example. All figures made up."


def test_each_score_is_drawn_on_an_axis_from_0_to_100_with_a_description(sheet_of):
    rows = sheet_of().select(".report-scores .score-axis > div")
    assert [words(row.dd) for row in rows] == ["66 ± 9", "73 ± 4", "71 ± 6", "69 ± 7"]
    assert [row.svg["aria-label"] for row in rows] == ["57 to 75", "69 to 77", "65 to 77", "62 to 76"]
    assert [row.select_one(".interval")["x"] for row in rows] == ["57.0%", "69.0%", "65.0%", "62.0%"]
    assert all(row.svg["role"] == "img" for row in rows)


def test_the_page_explains_the_rule_for_the_combined_score(sheet_of):
    rule = words(sheet_of().select_one(".rule"))
    assert "weighted average lies between 62 and 76." in rule
    assert "Low end 50% × 57 + 25% × 69 + 25% × 65 = 62" in rule


def test_the_questions_link_to_the_role_page(sheet_of, client):
    links = sheet_of().select(".ask li a")
    anchors = [link["href"].removeprefix(f"{ROLE}#") for link in links]
    assert anchors == ["question-1", "question-2"]
    role = BeautifulSoup(client.get(ROLE).content, "html.parser")
    assert [words(role.find(id=anchor).select_one(".question-text")) for anchor in anchors] == [*map(words, links)]


def test_a_report_shows_the_score_before_and_after_a_follow_up_question(sheet_of):
    again = sheet_of().select_one(".follow-up")
    assert "Question 4, behavioral" in words(again) and "Who was told first?" in words(again)
    assert [words(row) for row in again.select(".score-axis > div")] == [
        "Behavioral, before 69 ± 12",
        "Behavioral, after 73 ± 4",
    ]


def test_a_question_is_shown_as_a_candidate_sees_it(sheet_of):
    card = sheet_of(REPORT.partition("## ASSESSMENT")[0] + QUESTION)
    assert "You must reprocess ninety days of orders." in words(card)
    assert [words(row) for row in card.select("dl > div")] == ["When you answer:In your own time."]
    assert card.select_one(".stamp") is None


def test_the_role_page_links_to_its_report(sheet_of, client, content):
    def link():
        return re.search(r'<a[^>]*href="(\S+)">See a sample report for this role', client.get(ROLE).content.decode())

    assert link() is None
    sheet_of()
    assert link()[1] == "/resources/sample-report/data-engineer"
    path = content / "resources" / "sample-report" / "data-engineer.md"
    path.write_text(REPORT.replace("Title:", "Status: draft\nTitle:"))
    assert link() is None
