"""The hiring scorecard: its weights and its scale hold together, as a marketer may change them."""

import re

from .conftest import ROOT

TEXT = (ROOT / "content" / "resources" / "hiring-scorecard.md").read_text()


def rows(heading):
    """The cells of the table under a heading, without its head."""
    part = re.split(r"^#{2,3} ", TEXT.split(f"# {heading}\n")[1], maxsplit=1, flags=re.MULTILINE)[0]
    table = [line.strip("| ").split("|") for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip(" *") for cell in row] for row in table[2:]]


def test_the_weights_add_up_to_a_hundred():
    weights = {name: int(weight) for name, weight, _ in rows("COMPETENCIES AND WEIGHTS")}
    assert sum(weights.values()) == 100
    *sheet, (_, total, *_) = rows("THE SCORING SHEET")
    assert {name: int(weight) for name, weight, *_ in sheet} == weights and total == "100"


def test_each_competency_has_an_anchor_for_each_of_five_points():
    anchors = [rows(name) for name, *_ in rows("COMPETENCIES AND WEIGHTS")]
    assert [[score for score, _ in table] for table in anchors] == [["1", "2", "3", "4", "5"]] * 6
    said = [words for table in anchors for _, words in table]
    assert all(said) and len(set(said)) == 30
