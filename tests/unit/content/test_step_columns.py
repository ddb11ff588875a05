"""Steps are side by side on wide screens, unless there are many steps or their texts are long."""

import pytest

from tests.support.content_samples import section_of


def step_list_of(*steps):
    lines = "\n".join(f"{number}. **Step** — {text}" for number, text in enumerate(steps, 1))
    (step_list,) = section_of(f"## HOW IT WORKS\n\n{lines}\n").body
    return step_list


def test_short_steps_are_side_by_side():
    assert step_list_of(*["Do a short thing"] * 5).has_columns


@pytest.mark.parametrize("steps", [["Do a short thing"] * 6, ["Do a short thing", "Many more words. " * 10]])
def test_many_steps_and_long_steps_are_below_each_other(steps):
    assert not step_list_of(*steps).has_columns


def test_only_visible_text_counts_as_long():
    assert step_list_of(f"See [the page](/{'long-' * 40}name).").has_columns
