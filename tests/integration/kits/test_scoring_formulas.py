"""Tests for the formulas of the sheets with scores, recalculated by LibreOffice and compared with sums by hand."""

import pytest

from pages.kits.scoring_sheets import AGREED, AGREED_SURE, FIRST_SCORE, GAP_COLUMN
from pages.kits.workbook import kit_workbook
from tests.support import spreadsheets
from tests.support.kits import sample_kit
from tests.support.spreadsheets import needs_libreoffice

ROLE, BANK, SCORECARD = "/hire/machine-learning-engineer", "/resources/question-bank", "/resources/hiring-scorecard"
FIRST_ROW = 6  # the first score of the first candidate, counted from 1


class Scores:
    """A kit's workbook, whose scores can be filled in and recalculated."""

    def __init__(self, library, url):
        self.kit = sample_kit(library, url)
        self.workbook = spreadsheets.read(kit_workbook(self.kit, "https://www.example.com"))
        self.sheet = self.workbook["Scoring"]

    def row_of(self, candidate, row):
        return FIRST_ROW + (candidate - 1) * (len(self.kit.rows) + 3) + row

    def set(self, candidate, row, column, *values):
        """Fill in `values` from `column` on, which is counted from 0. Both other numbers are counted from 1 and 0."""
        for offset, value in enumerate(values):
            self.sheet.cell(self.row_of(candidate, row), column + 1 + offset).value = value

    def score(self, candidate, *pairs, interviewer=1):
        """Fill in an interviewer's scores for a candidate, each with its ±."""
        for row, pair in enumerate(pairs):
            self.set(candidate, row, FIRST_SCORE + 2 * (interviewer - 1), *pair)


class Results:
    def __init__(self, scores, workbook):
        self.scores, self.workbook = scores, workbook

    def on_scoring(self, candidate, row, column):
        return self.workbook["Scoring"].cell(self.scores.row_of(candidate, row), column + 1).value or None

    def total(self, candidate):
        """The candidate's weighted score, its ±, the interval's ends and the message, from the last sheet."""
        count = len(self.scores.kit.rows)
        values = [cell.value or None for cell in self.workbook["Candidates"][3 + candidate]]
        return tuple(values[count + 1 : count + 6])


@pytest.fixture(scope="module")
def results(sample_site, tmp_path_factory):
    """One workbook for each key. Each candidate is a case."""
    library = sample_site[1]
    books = {name: Scores(library, ROLE) for name in ("role", "weights")}
    books |= {"scorecard": Scores(library, SCORECARD), "bank": Scores(library, BANK)}
    role = books["role"]
    role.score(1, (4, 0.5), (3, 1), (5, 0.5))
    role.score(2, (5, 1), (5, 1), (5, 1))
    role.score(3, (4, 0.5), ("not seen", None), (5, 0.5))
    role.score(4, (4, 0.5), (3, None), (5, 0.5))
    role.score(5, (5, 0.5), (3, 1), (4, 0.5))
    role.score(5, (3, 0.5), (3, 1), (3, 0.5), interviewer=2)
    role.score(6, (4, 0.5), (3, 1), (4, 1))
    role.score(6, (4, 0.5), ("not seen", None), (3, 0.5), interviewer=3)
    role.set(6, 2, AGREED, 4, 1)
    role.score(7, (9, 0.5), (3, 1), (4, 1))
    books["weights"].set(1, 0, 1, 50)
    books["weights"].score(1, (4, 0.5), (3, 1), (5, 0.5))
    books["scorecard"].score(1, (4, 0.5), (3, 1), (5, 0.5), (2, 1), (3, 0.5), (4, 0))
    recalculated = spreadsheets.recalculate(
        tmp_path_factory.mktemp("scores"), {name: scores.workbook for name, scores in books.items()}
    )
    return {name: Results(scores, recalculated[name]) for name, scores in books.items()}


@needs_libreoffice
def test_the_total_weighs_scores_and_intervals(results):
    # (45 * 4 + 35 * 3 + 20 * 5) / 100 = 3.85, and (45 * 0.5 + 35 * 1 + 20 * 0.5) / 100 = 0.675
    assert results["role"].total(1) == pytest.approx((3.85, 0.675, 3.175, 4.525, None))
    # (25 * 4 + 20 * 3 + 20 * 5 + 15 * 2 + 10 * 3 + 10 * 4) / 100 = 3.6
    # (25 * 0.5 + 20 * 1 + 20 * 0.5 + 15 * 1 + 10 * 0.5) / 100 = 0.625
    assert results["scorecard"].total(1) == pytest.approx((3.6, 0.625, 2.975, 4.225, None))


@needs_libreoffice
def test_an_interval_ends_with_the_scale(results):
    assert results["role"].total(2) == pytest.approx((5, 1, 4, 5, None))


@needs_libreoffice
def test_a_row_that_says_not_seen_blocks_the_total(results):
    assert results["role"].total(3) == (None, None, None, None, "no total")


@needs_libreoffice
@pytest.mark.parametrize("candidate", [4, 7], ids=["missing ±", "score beyond the scale"])
def test_a_missing_or_impossible_number_blocks_the_total(results, candidate):
    assert results["role"].total(candidate) == (None, None, None, None, "incomplete")


@needs_libreoffice
def test_a_gap_of_two_between_interviewers_is_marked_and_needs_agreement(results):
    role = results["role"]
    assert [role.on_scoring(5, row, GAP_COLUMN) for row in range(3)] == ["discuss", None, None]
    assert [role.on_scoring(5, row, AGREED) for row in range(3)] == [None, 3, None]
    assert role.total(5) == (None, None, None, None, "incomplete")


@needs_libreoffice
def test_equal_scores_are_agreed_and_typed_agreements_count(results):
    role = results["role"]
    assert [(role.on_scoring(6, row, AGREED), role.on_scoring(6, row, AGREED_SURE)) for row in range(3)] == [
        (4, 0.5),
        (3, 1),
        (4, 1),
    ]
    # (45 * 4 + 35 * 3 + 20 * 4) / 100 = 3.65, and (45 * 0.5 + 35 * 1 + 20 * 1) / 100 = 0.775
    assert role.total(6) == pytest.approx((3.65, 0.775, 2.875, 4.425, None))


@needs_libreoffice
def test_a_candidate_without_scores_has_no_message(results):
    assert results["role"].total(8) == (None, None, None, None, None)


@needs_libreoffice
def test_weights_that_do_not_add_up_to_100_are_flagged_for_every_candidate(results):
    for candidate in (1, 8):
        assert results["weights"].total(candidate) == (None, None, None, None, "wrong weights")
    assert results["weights"].on_scoring(8, 0, 1) == 50


@needs_libreoffice
def test_competencies_without_weights_ask_for_weights(results):
    assert results["bank"].total(1)[-1] == "wrong weights"
