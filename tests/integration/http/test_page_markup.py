"""The markup of the seed page: structure, links and text alternatives."""

import re
from itertools import pairwise
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup

from pages.content.anchors import RESERVED_ANCHORS
from pages.content.library import load

from ...conftest import ROOT, SEED, SEED_URL
from ...support.content_samples import document_text, read


@pytest.fixture
def page(client, content):
    return BeautifulSoup(client.get(SEED_URL).content, "html.parser")


def test_the_headline_is_the_only_h1(page):
    headline = re.search(r"^\*\*Headline:\*\* (.+)$", SEED.read_text(), re.MULTILINE)[1]
    assert [h1.text for h1 in page.find_all("h1")] == [headline]


def test_heading_ids_differ_from_ids_in_templates():
    templates = "".join(
        path.read_text()
        for path in (ROOT / "templates").rglob("*.html")
        if not {"admin", "development"} & set(path.relative_to(ROOT).parts)
    )
    ids = re.findall(r""" id="(?:{{ id\|default:')?([\w-]+)""", templates)
    assert set(ids) == set(RESERVED_ANCHORS)
    page = read("# Page\n## /page\n\n## CONTENT\n\nWords.\n\n## End\n\nMore.\n")
    assert [section.anchor for section in page.sections] == ["content-2", "end-2"]


def test_heading_levels_are_in_order(page):
    levels = [int(heading.name[1]) for heading in page.find_all(re.compile(r"^h[1-6]$"))]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_headings_written_in_capitals_are_shown_in_sentence_case(page):
    assert [h2.text for h2 in page.find_all("h2")] == [
        "The ML engineering hiring challenge",
        "What LayersRank evaluates",
        "Sample ML engineer questions",
        "ML engineer evaluation criteria",
        "How it works",
        "Pricing",
        "FAQ",
        "Related roles",
        "Related resources",
        "Ready to hire better ML engineers?",
    ]


def test_breadcrumbs(page):
    crumbs = page.find("nav", {"aria-label": "Breadcrumbs"}).find_all("li")
    assert [(crumb.text.strip(), crumb.a and crumb.a["href"]) for crumb in crumbs] == [
        ("Home", "/"),
        ("Hire", "/hire"),
        ("Machine Learning Engineer", None),
    ]
    assert crumbs[-1].span["aria-current"] == "page"


def test_each_call_to_action_links_to_its_target(page):
    calls = [(call.text, call["href"]) for call in page.select(".actions a")]
    assert calls == [
        ("Start Free Assessment", "/start?role=machine-learning-engineer"),
        ("Download Question Bank", "/resources/question-bank?role=machine-learning-engineer#files"),
        ("Get all 50 questions", "/resources/question-bank?role=machine-learning-engineer#files"),
        ("Start Free Trial — 5 assessments included", "/start?role=machine-learning-engineer"),
        ("Start Free Trial", "/start?role=machine-learning-engineer"),
    ]


def test_email_and_phone_are_links(page):
    closing = page.find("section", class_="closing")
    assert [link["href"] for link in closing.select(".prose a")] == ["mailto:info@the-algo.com", "tel:+918962412726"]


def test_weights_are_drawn_to_scale_and_written_as_text(page):
    for bar in page.find_all("svg", class_="weight-bar"):
        drawn = [(float(segment["x"][:-1]), float(segment["width"][:-1])) for segment in bar.find_all("rect")]
        assert drawn == [(0, 45), (45, 35), (80, 20)]
        assert bar["aria-hidden"] == "true"
    texts = [item.get_text() for item in page.select(".illustration li")]
    assert texts == ["45% Technical", "35% Behavioral", "20% Contextual"]
    assert [h3.text for h3 in page.select(".dimension h3")] == [
        "Technical Dimension (45%)",
        "Behavioral Dimension (35%)",
        "Contextual Dimension (20%)",
    ]


@pytest.mark.parametrize(("kind", "columns", "rows"), [("criteria", 3, 5), ("pricing", 3, 3)])
def test_tables_have_header_cells(page, kind, columns, rows):
    table = page.find("section", class_=kind).table
    assert [th["scope"] for th in table.thead.find_all("th")] == ["col"] * columns
    assert [[cell.name for cell in row.find_all(["th", "td"])] for row in table.tbody.find_all("tr")] == [
        ["th"] + ["td"] * (columns - 1)
    ] * rows
    assert table.caption.text


def test_questions_have_numbers_and_links(page):
    items = page.select(".question-list > li")
    assert [item["id"] for item in items] == [f"question-{number}" for number in range(1, 6)]
    assert [item.find("a", class_="number")["href"] for item in items] == [f"#question-{n}" for n in range(1, 6)]
    assert all("What this reveals:" in item.text for item in items)


def test_faq_items_are_details_elements_with_anchors(page):
    questions = page.select(".faq details")
    assert len(questions) == 4
    assert all(question.summary and question.select_one("[id]") for question in questions)


def test_ids_are_unique_and_fragment_links_have_targets(page):
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert {link["href"][1:] for link in page.select('a[href^="#"]')} <= set(ids)
    assert {element["aria-labelledby"] for element in page.select("[aria-labelledby]")} <= set(ids)


def test_the_headline_is_the_page_name_if_there_is_no_hero_section(client, content):
    (content / "terms.md").write_text("# Terms of Use\n\n## WHAT HOLDS\n\nThese words.\n")
    page = BeautifulSoup(client.get("/terms").content, "html.parser")
    assert [h1.text for h1 in page.find_all("h1")] == ["Terms of Use"]
    assert page.title.string == "Terms of Use | LayersRank"


EVERY_KIND = ROOT / "tests" / "fixtures" / "documents"


@pytest.mark.parametrize("path", sorted(EVERY_KIND.glob("*.md")), ids=lambda path: path.stem)
def test_the_anchors_of_a_document_are_the_ids_on_its_page(client, content, sample_site, path):
    (content / path.name).write_bytes(path.read_bytes())
    library = load(content, previous=sample_site[1])
    [page] = [page for page in library.pages.values() if page.path == f"{content.name}/{path.name}"]
    assert_same_ids(client, page)


@pytest.mark.parametrize("url", [SEED_URL, "/start", "/resources/roi-calculator"])
def test_forms_and_calculators_have_their_own_anchors(client, content, sample_site, url):
    page = load(content, previous=sample_site[1]).pages.get(url)
    assert page
    assert_same_ids(client, page)


def assert_same_ids(client, page):
    html = BeautifulSoup(client.get(page.url).content, "html.parser")
    ids = {element["id"] for element in html.select("[id]")}
    assert page.anchors == {name for name in ids if not name.startswith(("id_", "input-"))}


def test_the_data_headline_attribute_has_the_headline_without_markup(client, content):
    headline = "You're *free* & ready"
    text = f"# Home\n\n## META\n\n```\nTitle: Ours\n```\n\n## HERO\n\n**Headline:** {headline}\n"
    (content / "index.md").write_text(text)
    heading = BeautifulSoup(client.get("/").content, "html.parser").h1
    assert heading["data-headline"] == heading.text == "You're free & ready"


def test_relative_links_become_absolute_paths(client, content):
    (content / "hire" / "a.md").write_text(document_text("/hire/a", body="[B](../../b?x=1#y) ![C](../images/c.png)"))
    html = client.get("/hire/a").content.decode()
    assert 'href="/b?x=1#y"' in html and 'src="/images/c.png"' in html


def test_links_lead_to_heading_ids_with_vowel_signs(client, content):
    body = "## भर्ती की प्रक्रिया\n\n[It](#भर्ती-की-प्रक्रिया)"
    (content / "a.md").write_text(document_text("/a", body=body))
    page = BeautifulSoup(client.get("/a").content, "html.parser").main
    assert unquote(page.find("a", string="It")["href"]) == f"#{page.h2['id']}" == "#भर्ती-की-प्रक्रिया"
