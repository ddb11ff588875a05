"""Scores with their confidence intervals, and their positions on an axis."""

import pytest

from pages.content.intervals import Interval
from pages.content.scores import Axis, Score, parse_score


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("72 ± 4", Score(72, 4)),
        (" 72\u00a0±\u00a04 ", Score(72, 4)),
        ("72±4", Score(72, 4)),
        ("72.5 ± 0.5", Score(72.5, 0.5)),
        ("72 +/- 4", Score(72, 4)),
    ],
)
def test_score_is_parsed(text: str, score: Score) -> None:
    assert parse_score(text) == score


@pytest.mark.parametrize("text", ["", "72", "± 4", "72 ± 4 points", "about 72 ± 4", "72 ± four", "65 to 83"])
def test_other_text_is_no_score(text: str) -> None:
    assert parse_score(text) is None


def test_axis_has_room_for_all_intervals() -> None:
    assert Axis.around([Score(74, 9), Score(71, 3)]) == Axis(50, 100)
    assert Axis.around([Score(50, 0)]) == Axis(50, 75)
    assert Axis.around([Score(10, 15), Score(140, 20)]) == Axis(-25, 175)


def test_axis_of_scores_from_1_to_5_or_1_to_10_is_short() -> None:
    assert Axis.around([Score(3.5, 0.5), Score(4.2, 0.3)]) == Axis(0, 5)
    assert Axis.around([Score(7, 1), Score(8.5, 1.5)]) == Axis(5, 10)


def test_interval_ends_are_percentages_of_the_axis() -> None:
    assert Axis(50, 100).interval(Score(74, 9)) == Interval(30, 66, 48)
