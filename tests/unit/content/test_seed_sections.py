"""The author's seed document, unchanged: every section has the expected kind, and every word is on the page."""

import re
from collections import Counter

import pytest

from pages.content import blocks
from tests.conftest import SEED
from tests.support.content_samples import part_names, seed, visible_text

PAGE = seed()
SECTIONS = {section.anchor: section for section in PAGE.sections}


def text_of(html):
    return visible_text((html,))


def test_header():
    assert (PAGE.url, PAGE.url_line, PAGE.name) == (
        "/hire/machine-learning-engineer",
        2,
        "Hire Machine Learning Engineer",
    )
    assert PAGE.path == "site/hire/machine-learning-engineer.md"
    assert [problem.rule for problem in PAGE.problems] == ["intent"]


def test_meta():
    assert PAGE.meta.title == "Hire Machine Learning Engineers | Structured Assessment | LayersRank"
    assert PAGE.meta.description.startswith("Evaluate ML engineer candidates")
    assert PAGE.meta.keywords.endswith("AI engineer screening")
    assert not PAGE.meta.draft


@pytest.mark.parametrize(
    ("anchor", "kind", "heading", "line"),
    [
        ("the-ml-engineering-hiring-challenge", "challenge", "The ML engineering hiring challenge", 29),
        ("what-layersrank-evaluates", "dimensions", "What LayersRank evaluates", 44),
        ("sample-ml-engineer-questions", "questions", "Sample ML engineer questions", 89),
        ("ml-engineer-evaluation-criteria", "criteria", "ML engineer evaluation criteria", 119),
        ("how-it-works", "steps", "How it works", 131),
        ("pricing", "pricing", "Pricing", 142),
        ("faq", "faq", "FAQ", 154),
        ("related-roles", "links", "Related roles", 170),
        ("related-resources", "links", "Related resources", 178),
        ("ready-to-hire-better-ml-engineers", "closing", "Ready to hire better ML engineers?", 186),
    ],
)
def test_each_section_has_its_kind(anchor, kind, heading, line):
    section = SECTIONS[anchor]
    assert (section.kind, section.heading, section.line) == (kind, heading, line)


def test_hero():
    hero = PAGE.hero
    assert hero is PAGE.sections[0]
    assert hero.is_main
    assert (hero.eyebrow, hero.headline) == (
        "HIRE MACHINE LEARNING ENGINEERS",
        "Find ML Engineers Who Ship Models to Production",
    )
    assert hero.subhead.startswith("Evaluate model development, MLOps thinking")
    assert [(call.label, call.href) for call in hero.calls] == [
        ("Start Free Assessment", "/start"),
        ("Download Question Bank", "/resources/question-bank"),
    ]
    assert [weight.percent for weight in hero.weights] == [45, 35, 20]
    assert hero.body == ()


def test_challenge():
    section = SECTIONS["the-ml-engineering-hiring-challenge"]
    assert part_names(section) == ["Prose", "Statements"]
    statements = section.body[1].statements
    assert [statement.lead for statement in statements] == [
        "Research focus over production.",
        "Ignoring software engineering.",
        "Skipping MLOps thinking.",
        "Missing collaboration skills.",
    ]
    assert statements[1].rest == "ML code is still code. Bad engineering practices create technical debt."


def test_dimensions():
    section = SECTIONS["what-layersrank-evaluates"]
    (group,) = section.body
    assert [(dimension.name, dimension.percent_text, dimension.order) for dimension in group.dimensions] == [
        ("Technical Dimension", "45%", 1),
        ("Behavioral Dimension", "35%", 2),
        ("Contextual Dimension", "20%", 3),
    ]
    assert [weight.start for weight in section.weights] == [0, 45, 80]
    assert [weight.short_name for weight in section.weights] == ["Technical", "Behavioral", "Contextual"]
    skills = [[skill.name for skill in dimension.body] for dimension in group.dimensions]
    assert skills == [
        ["ML Fundamentals", "Software Engineering", "MLOps"],
        ["Collaboration", "Problem-Solving", "Ownership"],
        ["Production Thinking"],
    ]
    assert text_of(group.dimensions[2].body[0].points) == (
        "Scalability awareness Cost consciousness Latency vs. accuracy trade-offs"
    )


def test_questions():
    first, second, actions = SECTIONS["sample-ml-engineer-questions"].body
    assert (first.heading, second.heading) == ("Technical Questions", "Behavioral Questions")
    assert [question.number for question in (*first.questions, *second.questions)] == ["1", "2", "3", "4", "5"]
    assert text_of(first.questions[2].text) == (
        "How do you decide between serving a model as a batch job vs. a real-time API?"
    )
    assert {note.label for group in (first, second) for q in group.questions for note in q.notes} == {
        "What this reveals"
    }
    assert second.questions[0].notes[0].text == "Collaboration skills, production standards, communication."
    assert [(call.label, call.href) for call in actions.calls] == [("Get all 50 questions", "/resources/question-bank")]


def test_criteria():
    (table,) = SECTIONS["ml-engineer-evaluation-criteria"].body
    assert [(cell.html, cell.tone) for cell in table.grid.columns] == [
        ("Competency", ""),
        ("What Great Looks Like", "great"),
        ("Red Flags", "flag"),
    ]
    assert [row[0].html for row in table.grid.rows] == [
        "ML Fundamentals",
        "Software Engineering",
        "MLOps",
        "Production Thinking",
        "Collaboration",
    ]
    assert table.grid.rows[2][2].heading == "Red Flags"


def test_steps():
    steps, fact = SECTIONS["how-it-works"].body
    assert (steps.start, len(steps.steps)) == (1, 4)
    assert (steps.steps[1].lead, steps.steps[1].detail) == (
        "Invite candidates",
        'They complete the assessment async (<span class="compound">40-50</span> min)',
    )
    assert (fact.label, fact.value) == ("Time to first assessment", "Under 10 minutes")


def test_pricing():
    plans, actions = SECTIONS["pricing"].body
    assert [[cell.html for cell in row][:2] for row in plans.grid.rows] == [
        ["Starter", "₹2,500"],
        ["Growth", "₹1,800"],
        ["Enterprise", "Custom"],
    ]
    assert [(call.label, call.href) for call in actions.calls] == [
        ("Start Free Trial — 5 assessments included", "/start")
    ]


def test_faq():
    items = SECTIONS["faq"].items
    assert len(items) == len({item.anchor for item in items}) == 4
    assert (items[1].question, items[1].anchor) == ("What about ML research roles?", "what-about-ml-research-roles")
    assert items[3].answer_text.startswith("Similar rigor, standardized format.")


def test_links():
    (cards,) = SECTIONS["related-roles"].body
    assert [(card.label, card.href) for card in cards.cards] == [
        ("Data Scientist", "/hire/data-scientist"),
        ("Data Engineer", "/hire/data-engineer"),
        ("Backend Engineer", "/hire/backend-engineer"),
    ]


def test_closing():
    actions, prose = SECTIONS["ready-to-hire-better-ml-engineers"].body
    (call,) = actions.calls
    assert (call.label, call.href, call.separator, call.note) == (
        "Start Free Trial",
        "/start",
        "— ",
        "5 assessments free",
    )
    assert 'href="mailto:info@the-algo.com"' in prose.html
    assert 'href="tel:+918962412726"' in prose.html
    assert text_of(prose.html).startswith("Questions?")


def test_every_word_of_the_document_is_on_the_page():
    body = SEED.read_text(encoding="utf-8").partition("## HERO")[2].replace("→ /resources/question-bank", "")
    expected, visible = (
        Counter(re.findall(r"[^\W\d_]+", text.lower()))
        for text in (blocks.plain_text(blocks.parse(body)), visible_text(PAGE))
    )
    labels = Counter(["eyebrow", "headline", "subhead", "primary", "cta", "secondary", "cta"])
    assert expected - labels - visible == Counter()


def test_anchors_are_unique():
    anchors = [section.anchor for section in PAGE.sections] + [item.anchor for item in SECTIONS["faq"].items]
    assert len(anchors) == len(set(anchors))
