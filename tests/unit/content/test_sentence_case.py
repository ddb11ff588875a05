"""Convert all-caps headings to sentence case. Names are written as in the document's text or the site's word list."""

import pytest

from pages.content import blocks, sentence_case
from tests.conftest import SEED
from tests.support.content_samples import HEADER, page_of, read, section_of

SITE_WORDS = ("LayersRank", "FAQ", "Python", "React")


def convert(heading, text="", meta_lines=(), site_words=SITE_WORDS):
    word_forms = sentence_case.collect_word_forms(blocks.parse(text), meta_lines, site_words)
    return word_forms.to_sentence_case(blocks.parse("## " + heading)[0].inline).text


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("THE ML ENGINEERING HIRING CHALLENGE", "The ML engineering hiring challenge"),
        ("WHAT LAYERSRANK EVALUATES", "What LayersRank evaluates"),
        ("SAMPLE ML ENGINEER QUESTIONS", "Sample ML engineer questions"),
        ("ML ENGINEER EVALUATION CRITERIA", "ML engineer evaluation criteria"),
        ("HOW IT WORKS", "How it works"),
        ("PRICING", "Pricing"),
        ("FAQ", "FAQ"),
        ("RELATED ROLES", "Related roles"),
        ("RELATED RESOURCES", "Related resources"),
        ("READY TO HIRE BETTER ML ENGINEERS?", "Ready to hire better ML engineers?"),
        ("MLOPS AND CI/CD", "MLOps and CI/CD"),
    ],
)
def test_headings_of_the_seed_document_get_sentence_case(heading, expected):
    assert convert(heading, SEED.read_text(encoding="utf-8")) == expected


@pytest.mark.parametrize(
    ("heading", "text", "expected"),
    [
        ("THE BACKEND HIRING CHALLENGE", "", "The backend hiring challenge"),
        ("DEVOPS EVALUATION CRITERIA", "DevOps engineers keep it up.", "DevOps evaluation criteria"),
        ("DEVOPS EVALUATION CRITERIA", "", "Devops evaluation criteria"),
        ("SAMPLE FULL STACK QUESTIONS", "Full Stack Developers", "Sample full stack questions"),
        ("PRICING COMPARISON", "", "Pricing comparison"),
        ("HIRE PYTHON AND REACT DEVELOPERS", "", "Hire Python and React developers"),
        ("HIRE IOS ENGINEERS", "We love iOS apps.", "Hire iOS engineers"),
        ("IOS ENGINEER QUESTIONS", "We love iOS apps.", "iOS engineer questions"),
        ("QA / SDET ROLES", "A QA team. An SDET team.", "QA / SDET roles"),
        ("ML-BASED SCORING", "We score with ML here.", "ML-based scoring"),
        ("LAYERSRANK'S PYTHON TEST", "", "LayersRank's Python test"),
        ("WHY WE’RE BETTER", "", "Why we’re better"),
        ("“READY” (OR NOT)?", "", "“Ready” (or not)?"),
        ("ASK FIRST. HIRE LATER", "", "Ask first. Hire later"),
        ("50 QUESTIONS", "", "50 questions"),
        ("ÉQUIPE À PARIS", "", "Équipe à paris"),
    ],
)
def test_headings_of_other_roles(heading, text, expected):
    assert convert(heading, text) == expected


@pytest.mark.parametrize(
    "heading", ["The ML Challenge", "Ready to HIRE?", "how it works", "CI/CD for All", "123", "“?”"]
)
def test_headings_that_are_not_all_caps_stay_the_same(heading):
    assert convert(heading, "ml mlops Ml HIRING all") == heading


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("An SQL query.", "Hire SQL people"),
        ("An SQL query. Some sql too.", "Hire sql people"),
        ("AN SQL QUERY", "Hire sql people"),
        ("Sql here.", "Hire sql people"),
        ("`SQL` here.", "Hire sql people"),
        ("```\nSQL here\n```", "Hire sql people"),
        ("- An SQL item", "Hire SQL people"),
        ("> An SQL quote", "Hire SQL people"),
        ("| An | SQL cell |\n|---|---|", "Hire SQL people"),
        ("## About SQL things", "Hire SQL people"),
        ("**Eyebrow:** Hire SQL people", "Hire sql people"),
        ("write to SQL@example.com or see /SQL and https://x.example/SQL", "Hire sql people"),
    ],
)
def test_only_ordinary_text_sets_the_case_of_a_word(text, expected):
    assert convert("HIRE SQL PEOPLE", text) == expected


@pytest.mark.parametrize(
    "url", ["**[Go → /hire/ml-roles]**", "[Go](/hire/ml-roles)", "See /hire/ml-roles.", "**Primary CTA:** Go → /ml"]
)
def test_url_does_not_set_the_case_of_a_word(url):
    section = section_of(f"## HIRE ML PEOPLE\n\nWe know ML.\n\n{url}\n")
    assert section.heading == "Hire ML people"


def test_case_comes_from_the_document_or_else_from_the_site_word_list():
    assert convert("REACT AND VUE", "ReACT is theirs.") == "ReACT and vue"
    assert convert("REACT AND VUE") == "React and vue"


def test_lowercase_word_in_the_document_does_not_override_the_site_word_list():
    assert convert("HIRE FAQ PEOPLE", "an faq, an FAQ") == "Hire FAQ people"


def test_all_caps_lines_do_not_set_the_case_of_a_word():
    assert convert("THE HIRING PLAN", "Hiring well\n\nHiring fast\n\nHIRING NOW") == "The hiring plan"


def test_lines_beside_an_all_caps_line_still_set_the_case_of_a_word():
    assert convert("OUR SQL PLAN", "OUR SQL PLAN\nis this SQL one") == "Our SQL plan"


def test_words_take_their_case_from_meta_even_if_meta_also_has_them_in_lowercase():
    assert (
        convert("SAMPLE ML QUESTIONS", "", ["Title: Hire ML people", "Keywords: ml questions"]) == "Sample ML questions"
    )
    assert convert("HIRE ML PEOPLE", "", ["TITLE: ML"]) == "Hire ml people"


def test_eyebrow_stays_in_all_caps():
    assert section_of("## HERO\n\n**Eyebrow:** HIRE ML NOW\n\n**Headline:** One\n").eyebrow == "HIRE ML NOW"


def test_page_name_and_all_headings_are_in_sentence_case():
    page = read(
        HEADER.replace("Hire Data Engineer", "HIRE ML ENGINEERS")
        + "## ABOUT ML\n\nSome ML words.\n\n### MORE ML NEWS\n"
    )
    assert page.name == "Hire ML engineers"
    assert page.sections[0].heading == "About ML"
    assert "More ML news" in page.sections[0].body[0].html


def test_faq_question_is_in_sentence_case():
    (faq,) = page_of("## FAQ\n\n**HOW LONG DOES AN ML TEST TAKE?**\nAn ML test takes an hour.\n").sections
    assert faq.items[0].question == "How long does an ML test take?"
