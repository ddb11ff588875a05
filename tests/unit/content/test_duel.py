"""Duels (comparisons of two candidates): which tables contain one, and what the verdicts say."""

import pytest

from pages.content import document
from pages.content.blocks import parse
from pages.content.duel import find_duel
from pages.content.intervals import Interval
from pages.content.problems import Source

HEAD = "| Candidate | Score alone | With its interval |\n|---|---|---|\n"


def table(*scores, names=("A", "B")):
    return HEAD + "".join(f"| {name} | 7 | {score} |\n" for name, score in zip(names, scores, strict=True))


def duel(*scores, **names):
    return find_duel(parse(table(*scores, **names)))


def plain(text):
    return text.replace("\u00a0", " ")


def test_a_duel_is_drawn_on_one_axis():
    found = duel("74 ± 9", "71 ± 3")
    assert [(one.name, one.value, one.margin) for one in found.candidates] == [
        ("Candidate A", "74", "9"),
        ("Candidate B", "71", "3"),
    ]
    assert [one.interval for one in found.candidates] == [Interval(30, 66, 48), Interval(36, 48, 42)]
    assert found.axis.ends == "50 100"
    assert found.overlap == Interval(36, 48, 42)


@pytest.mark.parametrize(
    ("scores", "score_verdict", "verdict"),
    [
        # The second interval is inside the first.
        (
            ("74 ± 9", "71 ± 3"),
            "By score alone, Candidate A leads by 3.",
            "The intervals overlap from 68 to 74, so either candidate may be better.",
        ),
        (
            ("71 ± 3", "76.5 ± 4"),
            "By score alone, Candidate B leads by 5.5.",
            "The intervals overlap from 72.5 to 74, so either candidate may be better.",
        ),
        (
            ("74 ± 9", "74 ± 3"),
            "Both score 74.",
            "The intervals overlap from 71 to 77, so either candidate may be better.",
        ),
        (
            ("80 ± 4", "72 ± 4"),
            "By score alone, Candidate A leads by 8.",
            "The intervals meet at 76, so either candidate may be better.",
        ),
        # In floating point, 72.3 + 4.1 is not exactly 76.4.
        (
            ("72.3 ± 4.1", "78.6 ± 2.2"),
            "By score alone, Candidate B leads by 6.3.",
            "The intervals meet at 76.4, so either candidate may be better.",
        ),
        (
            ("74 ± 9", "71 ± 0"),
            "By score alone, Candidate A leads by 3.",
            "The intervals meet at 71, so either candidate may be better.",
        ),
        (
            ("60 ± 3", "74 ± 4"),
            "By score alone, Candidate B leads by 14.",
            "The intervals don’t overlap. The whole interval of Candidate B is higher.",
        ),
    ],
)
def test_verdicts_claim_no_more_than_the_scores_show(scores, score_verdict, verdict):
    found = duel(*scores)
    assert (plain(found.score_verdict), plain(found.verdict)) == (score_verdict, verdict)
    assert (found.overlap is None) == ("don’t overlap" in verdict)


def test_the_heading_of_the_column_is_added_to_a_short_name_but_not_to_a_long_name():
    assert [one.name for one in duel("74 ± 9", "71 ± 3", names=("Asha", "B")).candidates] == ["Asha", "Candidate B"]


@pytest.mark.parametrize(
    "text",
    [
        table("74 ± 9", "71 ± 3", "70 ± 2", names="ABC"),
        table("74 ± 9", names="A"),
        table("74 ± 9", "71"),
        table("74 ± 9", "71 ± 3", names=("A", "")),
        "| Score | Range |\n|---|---|\n| 74 ± 9 | 65 to 83 |\n| 71 ± 3 | 68 to 74 |\n",
        "| A | B | C |\n|---|---|---|\n| a | 74 ± 9 | 1 |\n| b | 2 | 71 ± 3 |\n",
        "Scores of 74 ± 9 and 71 ± 3.",
    ],
)
def test_other_text_is_no_duel(text):
    assert find_duel(parse(text)) is None


def test_the_hero_shows_a_duel_from_any_section():
    text = f"# Page\n## /a\n\n## HERO\n\n**Headline:** Words\n\n## ANY HEADING\n\nWords.\n\n{table('74 ± 9', '71 ± 3')}"
    page = document.read(Source("content/a.md", text), "/a", document.Settings({}))
    assert page.hero.duel == duel("74 ± 9", "71 ± 3")
