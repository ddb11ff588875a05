"""Weights of dimensions: whether pages show them to scale, how long the bars are, and the dimensions' short names."""

import pytest

from pages.content.sections.dimensions import are_to_scale

from ...support.content_samples import read


def weights(**percents):
    headings = "".join(f"### {name.replace('_', ' ')} ({percent}%)\n\nWords.\n\n" for name, percent in percents.items())
    return read(f"# Page\n## /page\n\n## DIMENSIONS\n\n{headings}").sections[0].weights


@pytest.mark.parametrize(
    ("percents", "expected"),
    [
        ({"Technical": 45, "Behavioral": 35, "Contextual": 20}, True),
        ({"Technical": 33.3, "Behavioral": 33.3, "Contextual": 33.3}, True),
        ({"Skill": 30, "Team": 26, "Speed": 26, "Care": 18}, True),
        ({"Everything": 100}, True),
        ({"Technical": 45, "Behavioral": 38, "Care": 17}, False),
        ({"Technical": 47.5, "Behavioral": 30, "Care": 22.5}, False),
        ({"Technical": 45, "Behavioral": 36, "Contextual": 19}, False),
        ({"Technical": 45, "Behavioral": 35}, False),
        ({"Technical": 54, "Behavioral": 35, "Contextual": 20}, False),
    ],
)
def test_weights_are_drawn_to_scale_if_they_total_about_100_and_each_text_fits_its_segment(percents, expected):
    assert are_to_scale(weights(**percents)) is expected


def test_the_bar_is_100_percent_long_unless_the_weights_need_more():
    assert [(weight.start, weight.width) for weight in weights(A=50, B=25)] == [(0, 50), (50, 25)]
    assert [(weight.start, weight.width) for weight in weights(A=150, B=50)] == [(0, 75), (75, 25)]


def test_names_are_shortened_if_all_end_with_the_same_word():
    assert [weight.short_name for weight in weights(Code_Dimension=50, Team_Dimension=50)] == ["Code", "Team"]
    assert [weight.short_name for weight in weights(Code_Dimension=50, Team=50)] == ["Code Dimension", "Team"]
    assert [weight.short_name for weight in weights(Code=100)] == ["Code"]
