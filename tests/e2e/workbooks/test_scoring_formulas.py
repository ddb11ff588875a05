"""Test the formulas of the sheets with scores: LibreOffice's results must match calculations by hand."""

import pytest
from xlsxwriter.utility import xl_rowcol_to_cell

from pages.kits.scoring_sheet import AGREED, FIRST_SCORE, MESSAGE, NAME, RESULT, RESULT_SURE, WEIGHT
from pages.kits.workbook import kit_workbook
from tests.support import spreadsheets
from tests.support.kits import WORDS, sample_kit
from tests.support.spreadsheets import needs_libreoffice

ROLE, BANK, SCORECARD = "/hire/machine-learning-engineer", "/resources/question-bank", "/resources/hiring-scorecard"
FIRST_ROW = 5 + len(WORDS.texts["HOW TO SCORE"]) + 1  # the row of the first candidate's first score, counted from 0


class Scores:
    """A kit's workbook, and what interviewers write into it. Candidates are counted from 1, rows from 0."""

    def __init__(self, library, url):
        self.kit = sample_kit(library, url)
        self.values = {}

    def row_of(self, candidate, row):
        return FIRST_ROW + (candidate - 1) * (len(self.kit.rows) + 3) + row

    def set(self, candidate, row, column, *values):
        """Write `values` into a row, starting at `column`. Columns are counted from 0."""
        for offset, value in enumerate(values):
            self.values[xl_rowcol_to_cell(self.row_of(candidate, row), column + offset)] = value

    def score(self, candidate, *pairs, interviewer=1):
        """Fill in an interviewer's scores for a candidate, each with its ±."""
        for row, pair in enumerate(pairs):
            self.set(candidate, row, FIRST_SCORE + 2 * (interviewer - 1), *pair)

    def filled(self):
        return spreadsheets.fill_in(kit_workbook(self.kit, "https://www.example.com"), "Scoring", self.values)


class Results:
    def __init__(self, scores, workbook):
        self.scores, self.workbook = scores, workbook

    def on_scoring(self, candidate, row, column):
        cell = self.workbook["Scoring"].cell(self.scores.row_of(candidate, row) + 1, column + 1)
        return None if cell.value == "" else cell.value

    def column(self, candidate, column):
        return [self.on_scoring(candidate, row, column) for row in range(len(self.scores.kit.rows))]

    def total(self, candidate):
        """Return what the last sheet shows for a candidate: the weighted score, its ±, the interval and the message."""
        count = len(self.scores.kit.rows)
        values = [None if cell.value == "" else cell.value for cell in self.workbook["Candidates"][3 + candidate]]
        return tuple(values[count + 1 : count + 6])


@pytest.fixture(scope="module")
def results(sample_site, tmp_path_factory):
    """The recalculated workbooks, by name. Each candidate in a workbook is a test case."""
    library = sample_site[1]
    books = {name: Scores(library, ROLE) for name in ("role", "team", "weights")}
    books |= {"scorecard": Scores(library, SCORECARD), "bank": Scores(library, BANK)}
    role = books["role"]
    role.score(1, (4, 0.5), (3, 1), (5, 0.5))
    role.score(2, (5, 1), (5, 1), (5, 1))
    role.score(3, (4, 0.5), ("not seen", None), (5, 0.5))
    role.score(4, (4, 0.5), (3, None), (5, 0.5))
    role.score(5, (5, 0.5), (3, 1), (4, 0.5))
    role.score(5, (3, 0.5), (3, 1), (3, 0.5), interviewer=2)
    role.score(6, (4, 0.5), (3, 1), (4, 1))
    role.score(6, (4, 0.5), ("not seen", None), (2, 0.5), interviewer=3)
    role.set(6, 2, AGREED, 4, 1)
    role.score(7, (9, 0.5), (3, 1), (4, 1))
    role.set(8, -1, NAME, None)
    score_as_a_team(books["team"])
    books["weights"].set(1, 0, WEIGHT, 50)
    books["weights"].score(1, (4, 0.5), (3, 1), (5, 0.5))
    books["scorecard"].score(1, (4, 0.5), (3, 1), (5, 0.5), (2, 1), (3, 0.5), (4, 0))
    recalculated = spreadsheets.recalculate(
        tmp_path_factory.mktemp("scores"), {name: scores.filled() for name, scores in books.items()}
    )
    return {name: Results(scores, recalculated[name]) for name, scores in books.items()}


def score_as_a_team(team):
    first = (4, 0.5), (3, 1), (5, 0.5)
    for candidate in range(1, 9):
        team.score(candidate, *first)
    team.score(1, (4, 1), (3, 0.5), interviewer=2)
    team.score(2, (3, 0.5), (5, 0.5), interviewer=2)
    team.set(2, 1, AGREED, 4, 0.5)
    team.set(3, 0, AGREED, 4)
    team.set(4, 0, AGREED, 2, 0.5)
    team.score(5, (None, 1), interviewer=2)
    team.score(6, ("not seen", 2), interviewer=2)
    team.set(7, 0, AGREED, "not seen")
    team.set(8, 0, AGREED, None, 0.25)


@needs_libreoffice
def test_the_total_weighs_scores_and_intervals(results):
    # (45 * 4 + 35 * 3 + 20 * 5) / 100 = 3.85, and (45 * 0.5 + 35 * 1 + 20 * 0.5) / 100 = 0.675
    assert results["role"].total(1) == pytest.approx((3.85, 0.675, 3.175, 4.525, None))
    # (25 * 4 + 20 * 3 + 20 * 5 + 15 * 2 + 10 * 3 + 10 * 4) / 100 = 3.6
    # (25 * 0.5 + 20 * 1 + 20 * 0.5 + 15 * 1 + 10 * 0.5) / 100 = 0.625
    assert results["scorecard"].total(1) == pytest.approx((3.6, 0.625, 2.975, 4.225, None))


@needs_libreoffice
def test_an_interval_does_not_extend_beyond_the_scale(results):
    assert results["role"].total(2) == pytest.approx((5, 1, 4, 5, None))


@needs_libreoffice
def test_a_score_of_not_seen_blocks_the_total(results):
    assert results["role"].total(3) == (None, None, None, None, "no total")


@needs_libreoffice
@pytest.mark.parametrize("candidate", [4, 7], ids=["missing ±", "score beyond the scale"])
def test_a_missing_or_impossible_number_blocks_the_total(results, candidate):
    assert results["role"].total(candidate) == (None, None, None, None, "incomplete")


@needs_libreoffice
def test_a_gap_of_two_between_interviewers_is_marked_and_needs_agreement(results):
    role = results["role"]
    assert role.column(5, MESSAGE) == ["discuss", None, "agree"]
    assert role.column(5, RESULT) == [None, 3, None]
    assert role.total(5) == (None, None, None, None, "not agreed")


@needs_libreoffice
def test_equal_scores_and_agreed_scores_count(results):
    role = results["role"]
    assert role.column(6, MESSAGE) == [None, None, None]
    assert (role.column(6, RESULT), role.column(6, RESULT_SURE)) == ([4, 3, 4], [0.5, 1, 1])
    # (45 * 4 + 35 * 3 + 20 * 4) / 100 = 3.65, and (45 * 0.5 + 35 * 1 + 20 * 1) / 100 = 0.775
    assert role.total(6) == pytest.approx((3.65, 0.775, 2.875, 4.425, None))


@needs_libreoffice
def test_the_widest_interval_of_equal_scores_counts(results):
    # (45 * 1 + 35 * 1 + 20 * 0.5) / 100 = 0.9
    assert results["team"].column(1, RESULT_SURE) == [1, 1, 0.5]
    assert results["team"].total(1) == pytest.approx((3.85, 0.9, 2.95, 4.75, None))


@needs_libreoffice
def test_different_scores_without_a_gap_need_agreement(results):
    team = results["team"]
    assert team.column(2, MESSAGE) == ["agree", None, None]
    assert team.column(2, RESULT) == [None, 4, 5]
    assert team.total(2) == (None, None, None, None, "not agreed")


@needs_libreoffice
@pytest.mark.parametrize(
    ("candidate", "case"),
    [(3, "agreed score without its ±"), (5, "± without a score"), (8, "agreed ± without a score")],
)
def test_a_score_needs_an_interval_and_an_interval_needs_a_score(results, candidate, case):
    assert results["team"].on_scoring(candidate, 0, RESULT_SURE) is None, case
    assert results["team"].total(candidate) == (None, None, None, None, "incomplete"), case


@needs_libreoffice
def test_an_agreed_score_that_no_longer_fits_the_scores_is_marked(results):
    team = results["team"]
    assert team.column(4, MESSAGE) == ["check agreed", None, None]
    # (45 * 2 + 35 * 3 + 20 * 5) / 100 = 2.95
    assert team.total(4) == pytest.approx((2.95, 0.675, 2.275, 3.625, None))


@needs_libreoffice
def test_an_interviewer_who_saw_nothing_does_not_count(results):
    assert results["team"].on_scoring(6, 0, RESULT_SURE) == 0.5
    assert results["team"].total(6) == results["role"].total(1)


@needs_libreoffice
def test_interviewers_can_agree_that_they_saw_nothing(results):
    assert results["team"].total(7) == (None, None, None, None, "no total")


@needs_libreoffice
def test_a_candidate_without_a_name_is_listed_by_number(results):
    assert results["role"].workbook["Candidates"]["A11"].value == "candidate 8"


@needs_libreoffice
def test_a_candidate_without_scores_has_no_message(results):
    assert results["role"].total(8) == (None, None, None, None, None)


@needs_libreoffice
def test_weights_that_do_not_add_up_to_100_are_flagged_for_every_candidate(results):
    for candidate in (1, 8):
        assert results["weights"].total(candidate) == (None, None, None, None, "wrong weights")
    assert results["weights"].on_scoring(8, 0, WEIGHT) == 50


@needs_libreoffice
def test_missing_weights_are_flagged(results):
    assert results["bank"].total(1)[-1] == "wrong weights"


@needs_libreoffice
def test_no_formula_has_an_error(results):
    for name, result in results.items():
        cells = (cell for sheet in result.workbook.worksheets for row in sheet.iter_rows() for cell in row)
        assert [cell.coordinate for cell in cells if cell.data_type == "e" or str(cell.value).startswith("#")] == [], (
            name
        )
