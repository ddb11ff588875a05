"""The checker reports headings and labels that are one typo away from a known heading or label."""

import re

import pytest

from pages.content.misspelled_names import HEADING_WORDS, is_one_typo
from pages.content.problems import Suggestions
from scripts.guide_pictures import guide, sections_of
from tests.support.content_samples import page_of, read

HELP = "Did you mean "


def found(body):
    return [
        (problem.column, problem.help.partition("? If")[0].removeprefix(HELP).removesuffix("?"))
        for problem in page_of(body).problems
        if problem.rule == "misspelled-name"
    ]


@pytest.mark.parametrize(
    ("heading", "meant"),
    [
        ("## HERO SECTON", "## HERO SECTION"),
        ("## HREO", "## HERO"),
        ("## Pricng", "## PRICING"),
        ("## FQA", "## FAQ"),
        ("## Frequently Askd Questons", "## FREQUENTLY ASKED QUESTIONS"),
        ("## THE ML HIRING CHALENGE", "## THE ML HIRING CHALLENGE"),
        ("## WHAT LAYERSRANK EVALUTES", "## WHAT LAYERSRANK EVALUATES"),
        ("## SAMPLE QUETSIONS", "## SAMPLE QUESTIONS"),
        ("## DATA EVALUATION CRITRIA", "## DATA EVALUATION CRITERIA"),
        ("## HOW IT WOKRS", "## HOW IT WORKS"),
        ("## RELATD ROLES", "## RELATED ROLES"),
        ("## REDY TO HIRE", "## READY TO HIRE"),
        ("## ROI CALCULATER", "## ROI CALCULATOR"),
        ("## FAQ:", "## FAQ"),
        ("## 🚀 Hero", "## HERO"),
        ("## How it works.", "## HOW IT WORKS"),
        ("## HERO SECTON:", "## HERO SECTION"),
        ("## FREQUENTLY ASKED QUESTION", "## FREQUENTLY ASKED QUESTIONS"),
        ("## Freqently asked question about prices", "## FREQUENTLY ASKED QUESTIONS ABOUT PRICES"),
        ("## FREQENTLY ASKED QUESTIONS", "## FREQUENTLY ASKED QUESTIONS"),
        ("## How it work", "## HOW IT WORKS"),
        ("## HOW LAYERSRANK WORK", "## HOW LAYERSRANK WORKS"),
        ("## QUESTION", "## QUESTIONS"),
        ("## EVALUATION DIMENSION", "## EVALUATION DIMENSIONS"),
    ],
)
def test_a_heading_with_a_typo_is_reported(heading, meant):
    assert found(f"{heading}\n\nWords.") == [(4, meant)]


def test_a_misspelled_meta_heading_is_reported_above_meta_lines_only():
    for heading in ("MTEA", "META:"):
        page = read(f"# A\n## /a\n\n## {heading}\n\n```\nTitle: A\n```\n")
        assert [problem.line for problem in page.problems if problem.rule == "misspelled-name"] == [4]
    assert found("## BETA\n\nWords.") == found("## METAL\n\nTitle words.") == []


@pytest.mark.parametrize(
    "heading",
    ["Here", "The question", "Our plan", "Price", "Planes", "What we evaluated", "Read to the end", "Now it works",
     "How we work", "How they work", "Beta", "Zero", "Fax", "A challenger", "An open question", "Prizes", "Relate",
     "Criterion", "Who it helps", "Our sections", "Fair", "Works", "Asked", "Hero of the week", "1. Pricing",
     "2.1 FAQ", "Questions", "The question of price", "Question everything", "An evaluation dimension",
     "How it works for you", "How it work changed"],
)  # fmt: skip
def test_an_ordinary_heading_is_not_reported(heading):
    assert found(f"## {heading}\n\nWords.") == []


def test_the_message_names_the_kind_of_a_misspelled_heading_and_the_help_says_how_to_keep_another_word():
    messages = [page_of(f"## {heading}\n\nWords.").problems[0] for heading in ("FREQENTLY ASKED QUESTIONS", "QUESTION")]
    assert [message.message.partition(" section.")[0] for message in messages] == [
        "“FREQENTLY ASKED QUESTIONS” is a questions",
        "“QUESTION” is an ordinary",
    ]
    assert all(message.help.endswith("If you mean another word, use one that is less similar.") for message in messages)


HERO = "## HERO\n\n**Headline:** Words\n\n"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("## HERO\n\n**Headlin:** Words", (3, "**Headline:**")),
        (HERO + "**Eyebrwo:** Words", (3, "**Eyebrow:**")),
        (HERO + "**Subhed**: Words", (3, "**Subhead:**")),
        (HERO + "**Primery CTA:** Start Free Trial", (3, "**Primary CTA:**")),
        (HERO + "Subhead: Words", (1, "**Subhead:**")),
        (HERO + "**Subhead** Words", (3, "**Subhead:**")),
        (HERO + "**Primary CTA –** Start Free Trial", (3, "**Primary CTA:**")),
        ("## ANY\n\n**Secondry CTA:** Start Free Trial", (3, "**Secondary CTA:**")),
        ("## ANY\n\n**Page under:** /hire", (3, "**Pages under:**")),
        ("## ANY\n\n**Roel:** /hire/data-engineer", (3, "**Role:**")),
        ("## ANY\n\n| Field | Name |\n|---|---|\n| A | name |\n\n**Buton:** Send", (3, "**Button:**")),
        ("## SAMPLE QUESTIONS\n\n**1. Why?**\n\n*What this revaels:* Care.", (2, "*What this reveals:*")),
        ("## FORM\n\n**Button:** Send\n\n**Consnet:** Words", (3, "**Consent:**")),
    ],
)
def test_a_label_with_a_typo_is_reported(body, place):
    assert found(body) == [place]


@pytest.mark.parametrize(
    "body",
    [
        HERO + "**Sub-head:** Words\n\n**CTA 2:** Start Free Trial",
        "## ANY\n\n**Rule:** one\n\n**Headlin:** Words\n\n**Bottom:** two\n\nRole: three\n\n**Roles:** /hire",
        "## SAMPLE QUESTIONS\n\n**1. Why?**\n\n*What this reveals:* Care.\n\n*Red flags:* None.",
        "## HOW IT WORKS\n\n**Time to first assessment:** Under 10 minutes",
        "## CHALLENGE\n\n**Common hiring mistakes:**\n- **One.** Two",
    ],
)
def test_other_labels_are_not_reported(body):
    assert found(body) == []


@pytest.mark.parametrize(("word", "known", "expected"), [
    ("headlin", "headline", True), ("heaadline", "headline", True), ("haedline", "headline", True),
    ("headlime", "headline", True), ("headline", "headline", False), ("hedlin", "headline", False),
    ("plan", "plans", False), ("planss", "plans", False), ("", "a", True), ("ba", "ab", True), ("abc", "cba", False),
])  # fmt: skip
def test_is_one_typo(word, known, expected):
    assert is_one_typo(word, known) == is_one_typo(known, word) == expected


def test_every_word_of_a_known_heading_is_checked():
    names = re.findall(r"^Headings that start [^:]+: ((?:.+\n)+)", guide()["Sections"], re.MULTILINE)
    headings = [name for line in names for name in re.findall(r"`([^`]+)`", line) if name != "ANYTHING ELSE"]
    assert len(sections_of(3, guide()["Sections"])) > len(names)
    assert {word for name in headings for word in name.replace("…", "").split()} - {"LAYERSRANK"} == set(HEADING_WORDS)


KEYS = ("title", "description", "keywords", "status", "publish", "expires", "aliases", "canonical", "robots", "image",
        "updated", "author", "date", "language", "translation of")  # fmt: skip


@pytest.mark.parametrize(("word", "nearest"), [
    ("titel", "title"), ("tilte", "title"), ("discription", "description"), ("keyword", "keywords"),
    ("staus", "status"), ("published", "publish"), ("alias", "aliases"), ("cannonical", "canonical"),
    ("robot", "robots"), ("imgae", "image"), ("update", "updated"), ("autor", "author"), ("langauge", "language"),
    ("translations of", "translation of"), ("expire", "expires"), ("expiry", "expires"), ("dates", "date"),
    ("tags", ""), ("tag", ""), ("slug", ""), ("layout", ""), ("category", ""), ("categories", ""), ("type", ""),
    ("template", ""), ("permalink", ""), ("weight", ""), ("menu", ""), ("name", ""), ("page", ""), ("toc", ""),
    ("summary", ""), ("excerpt", ""), ("subject", ""), ("theme", ""), ("series", ""), ("comments", ""), ("id", ""),
])  # fmt: skip
def test_a_suggestion_fits(word, nearest):
    assert Suggestions().nearest(word, KEYS) == nearest
