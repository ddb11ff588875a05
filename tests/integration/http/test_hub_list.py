"""The list of the pages under a hub: a chart that shows the weights of each page's dimensions."""

import pytest
from bs4 import BeautifulSoup

from pages.content.sections.challenge import MAX_OPENING
from pages.repository import current

HUB = "# Hire\n## /hire\n\n## ALL ROLES\n\n**Pages under:** /hire\n"


@pytest.fixture
def write(content):
    def write_role(name, weights, more=""):
        dimensions = "".join(f"### {dimension} ({weight}%)\n\n" for dimension, weight in weights.items())
        text = f"# Hire {name}\n## /hire/{name.lower()}\n\n{more}\n\n## DIMENSIONS\n\n{dimensions}"
        (content / "hire" / f"{name.lower()}.md").write_text(text)

    for path in content.rglob("*.md"):
        path.unlink()
    (content / "hire" / "index.md").write_text(HUB)
    (content / "hire" / "plain.md").write_text("# Hire Plain\n## /hire/plain\n\nWords.\n")
    current.reset()
    return write_role


def page_at(client, url):
    return BeautifulSoup(client.get(url).content, "html.parser")


def names(page, selector):
    return [[link.text for link in rows.find_all("a")] for rows in page.select(selector)]


def test_pages_with_the_same_dimensions_are_sorted_by_weight_and_others_are_in_a_separate_list(client, write):
    write("Baker", {"Craft Dimension": 40, "Care Dimension": 60})
    write("Cook", {"Craft Dimension": 70, "Care Dimension": 30})
    write("Grocer", {"Craft Dimension": 40, "Care Dimension": 60})
    write("Artist", {"Vision": 90, "Care": 10})
    page = page_at(client, "/hire")
    assert names(page, ".chart ul") == [["Cook", "Baker", "Grocer"], ["Artist"]]
    assert names(page, ".cards") == [["Plain"]]
    text = " ".join(page.select_one(".chart-head p").text.split())
    assert text == "Sorted by weight: Craft first, then Care. Roles with other dimensions come last, from A to Z."


def test_each_bar_has_the_names_and_weights_of_its_page(client, write):
    write("Baker", {"Craft Dimension": 33.3, "Care Dimension": 66.7})
    parts = page_at(client, "/hire").select(".chart li .shares > span")
    assert [" ".join(part.text.split()) for part in parts] == ["33.3% Craft", "66.7% Care"]
    assert [part.svg["width"] for part in parts] == ["33.3e4", "66.7e4"]


@pytest.mark.parametrize(
    ("challenge", "expected"),
    [
        ("Good bread is slow. It is also **rare**.", "Good bread is slow."),
        ("Does “slow” sell? Ask.", "Does “slow” sell?"),
        ("Version 2.5 of an oven\nis hot.", "Version 2.5 of an oven is hot."),
        ("- A list", "What bakers do."),
        (f"{'Long ' * (MAX_OPENING // 5)}sentence.", "What bakers do."),
    ],
)
def test_a_row_shows_the_first_sentence_of_the_challenge_or_the_description(client, write, challenge, expected):
    meta = "## META\n\n```\nTitle: Bakers\nDescription: What bakers do.\n```"
    write("Baker", {"Craft": 100}, f"{meta}\n\n## THE BAKING CHALLENGE\n\n{challenge}")
    assert page_at(client, "/hire").select_one(".chart li p").text == expected


def test_the_chart_is_compact_on_other_pages(client, write, content):
    write("Baker", {"Craft": 100})
    (content / "index.md").write_text("# Home\n## /\n\n## ROLES\n\n**Pages under:** /hire\n")
    full, compact = (page_at(client, url).select_one(".chart") for url in ("/hire", "/"))
    assert full.select(".axis, li p") and "compact" not in full["class"]
    assert not compact.select(".axis, li p") and "compact" in compact["class"]


def test_a_hub_whose_pages_have_no_weights_is_a_plain_list(client, write):
    page = page_at(client, "/hire")
    assert names(page, ".cards") == [["Plain"]]
    assert not page.select(".chart")


def write_report(content, scores="| Craft | 70 ± 4 |\n| Care | 60 ± 8 |"):
    text = f"## REPORT\n\n**Role:** /hire/baker\n\n| Dimension | Score |\n|---|---|\n{scores}\n"
    (content / "hire" / "report.md").write_text(f"# Hire Report\n## /hire/report\n\n{text}")


def test_sample_reports_are_drawn_on_one_axis(client, write, content):
    write("Baker", {"Craft Dimension": 75, "Care Dimension": 25})
    write_report(content)
    (content / "index.md").write_text("# Home\n## /\n\n## REPORTS\n\n**Pages under:** /hire\n")
    full, compact = (page_at(client, url).select_one(".bands") for url in ("/hire", "/"))
    row = full.li
    assert [row.a.text, row.p.text, row.b.text] == ["Report", "Widest interval: Care, ±\N{NO-BREAK SPACE}8", "68 ± 6"]
    assert (row.svg["aria-label"], row.svg.svg["x"], row.svg.svg["width"]) == ("62 to 74", "48.0%", "48.0%")
    assert full.select(".ticks") and compact.select(".ticks") and not compact.select("li p")


def test_a_report_whose_dimensions_differ_from_those_of_its_role_is_not_drawn(client, write, content):
    write("Baker", {"Craft Dimension": 100})
    write_report(content)
    page = page_at(client, "/hire")
    assert names(page, ".cards") == [["Plain", "Report"]]
    assert not page.select(".bands")


def test_a_table_of_scores_on_a_hub_has_a_dark_background(client, write, content):
    table = "\n\n## SCORES\n\n| Dimension | Score |\n|---|---|\n| Craft | 72 ± 4 |\n"
    (content / "hire" / "index.md").write_text(HUB + table)
    (content / "hire" / "plain.md").write_text(f"# Hire Plain\n## /hire/plain{table}")
    current.reset()
    (section,) = page_at(client, "/hire").select(".scores-on-ink")
    assert section["class"] == ["section", "scores-on-ink"]
    assert page_at(client, "/hire/plain").select(".scores-on-ink") == []
