"""The role pages: as deep as the first, each about its own role, and none in another's words."""

from collections import defaultdict

import pytest

from pages.content.sections.criteria import Criteria
from pages.content.sections.dimensions import Dimensions
from pages.content.sections.questions import Questions
from pages.repository import current

from . import words
from .conftest import ROOT, SEED

# Each role, and the roles that its page names as related.
RELATED = {
    "backend-engineer": ["full-stack-developer", "devops-engineer", "data-engineer"],
    "frontend-engineer": ["full-stack-developer", "qa-engineer", "product-manager"],
    "full-stack-developer": ["backend-engineer", "frontend-engineer", "devops-engineer"],
    "devops-engineer": ["backend-engineer", "data-engineer", "engineering-manager"],
    "data-engineer": ["data-scientist", "backend-engineer", "devops-engineer"],
    "data-scientist": ["data-engineer", "machine-learning-engineer", "product-manager"],
    "machine-learning-engineer": ["data-scientist", "data-engineer", "backend-engineer"],
    "product-manager": ["engineering-manager", "data-scientist", "full-stack-developer"],
    "engineering-manager": ["qa-engineer", "product-manager", "devops-engineer"],
    "qa-engineer": ["backend-engineer", "devops-engineer", "full-stack-developer"],
}
KINDS = [
    "hero",
    "challenge",
    "dimensions",
    "questions",
    "criteria",
    "steps",
    "pricing",
    "faq",
    "links",
    "links",
    "closing",
]

# What stands on every role page because it is the frame, not the page: its labels, plans, and calls to action.
FRAME = {
    "start free assessment",
    "download question bank",
    "common hiring mistakes:",
    "get all 50 questions",
    "what great looks like",
    "time to first assessment:under 10 minutes",
    "start free trial — 5 assessments included",
    "start free trial — 5 assessments free",
    "info@the-algo.com | +91 89624 12726",
}
# Two words or fewer are a name ("Data Modeling", "Starter") or an answer's "No."
NAME = 2


def text_of(role):
    return (ROOT / "content" / "hire" / f"{role}.md").read_text()


def own_sentences(role):
    """Without headings, which say the same of each role, and without links' labels, which are other pages' names."""
    lines = [line for line in text_of(role).splitlines() if not line.startswith(("#", "- ["))]
    found = {sentence.lower() for sentence in words.sentences("\n".join(lines))}
    return {sentence for sentence in found - FRAME if len(sentence.split()) > NAME}


def test_no_sentence_stands_on_two_role_pages():
    roles = defaultdict(list)
    for role in RELATED:
        for sentence in own_sentences(role):
            roles[sentence].append(role)
    assert {sentence: where for sentence, where in roles.items() if len(where) > 1} == {}


def test_the_comparison_sees_what_two_pages_share():
    assert own_sentences("machine-learning-engineer") & own_sentences("machine-learning-engineer")
    assert "clean code, tested, well-architected systems" in own_sentences("machine-learning-engineer")


@pytest.fixture
def role_page(content):
    return lambda role: current.get_library().pages[f"/hire/{role}"]


@pytest.mark.parametrize("role", RELATED)
def test_a_role_page_has_the_first_one_s_parts_and_depth(role, role_page):
    page = role_page(role)
    assert [section.kind for section in page.sections] == KINDS
    by_kind = {type(section): section for section in page.sections}
    assert sum(weight.percent for weight in by_kind[Dimensions].weights) == 100
    assert by_kind[Questions].count >= 5
    (table,) = [part for part in by_kind[Criteria].body if hasattr(part, "grid")]
    assert len(table.grid.rows) >= 5
    assert len(text_of(role).split()) >= len(SEED.read_text().split())
    assert page.meta.title and page.meta.description and page.meta.keywords


@pytest.mark.parametrize("role", RELATED)
def test_a_role_page_leads_to_the_roles_next_to_it_and_to_the_resources(role, role_page):
    found = role_page(role)
    roles, resources = [section for section in found.sections if section.kind == "links"]
    assert [card.href for part in roles.body for card in part.cards] == [f"/hire/{other}" for other in RELATED[role]]
    assert [card.href for part in resources.body for card in part.cards] == [
        "/resources/question-bank",
        "/resources/hiring-scorecard",
        "/resources/roi-calculator",
    ]
