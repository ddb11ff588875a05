"""The classes of tables with unusual shapes."""

import pytest

from pages.content.blocks import parse
from pages.content.markup import render_table


def table(*cells):
    row = "|" + "|".join(cells) + "|\n"
    (block,) = parse(row + "|---" * len(cells) + "|\n" + row)
    return render_table(block)


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        (("A", "word " * 20), "text-table"),
        (("word " * 20, "A"), ""),
        (("A", "B", "word " * 20), ""),
        ("ABCDE", "wide-table"),
    ],
)
def test_only_unusual_tables_have_a_class(cells, name):
    assert [each for each in ("text-table", "wide-table") if each in table(*cells)] == [name][: bool(name)]
