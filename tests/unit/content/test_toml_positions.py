"""The positions of keys and values in a TOML file, in every TOML notation."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.content.problems import Source
from pages.content.toml_positions import TomlPositions

TEXT = r'''# header = ["/comment"]
"header" = ["/hire", # a comment, with "quotes"
  "a \"b\" c", 'literal \', 2026-12-01 09:00:00, {x = "y", z = [1, 2]},
]
[ phones ]
"In dia" = "+91"
d."e f" = """
one \
   tw\u00e9o
thr"ee"""""
[[groups]]
title = ''
[[groups]]
title = "B"
'''


def shown(span):
    return Source("site.toml", TEXT).text_at(span)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("header", 0), "/hire"),
        (("header", 1), r"a \"b\" c"),
        (("header", 2), "literal \\"),
        (("header", 3), "2026-12-01 09:00:00"),
        (("header", 4, "x"), "y"),
        (("header", 4, "z", 1), "2"),
        (("phones", "In dia"), "+91"),
        (("phones", "d", "e f"), "one \\"),
        (("groups", 0, "title"), "''"),
        (("groups", 1, "title"), "B"),
        (("phones",), "phones"),
        (("phones", "missing"), "phones"),
    ],
)
def test_values_have_positions(path, text):
    assert shown(TomlPositions(TEXT).value(path)) == text


def test_keys_have_positions():
    positions = TomlPositions(TEXT)
    assert positions.key(("header",))[:2] == (2, 2)
    assert [shown(positions.key(path)) for path in (("header",), ("phones", "In dia"), ("phones", "d", "e f"))] == [
        "header",
        "In dia",
        "e f",
    ]


@pytest.mark.parametrize("path", [("header", 0), ("header", 1), ("header", 2), ("phones", "d", "e f")])
def test_each_character_of_a_string_has_its_position(path):
    text = tomllib.loads(TEXT)
    for key in path:
        text = text[key]
    positions = TomlPositions(TEXT)
    for number, line in enumerate(text.split("\n"), start=1):
        for column, character in enumerate(line, start=1):
            written = shown(positions.character(path, number, column))
            assert written == character or written == "\\"
    assert text.endswith('"') is (positions.character(path, number, len(line))[0] == 10)


LEAVES = st.one_of(st.integers(), st.booleans(), st.text(alphabet="ab \\\"'\n#[]{},=é", max_size=8))


@settings(max_examples=40)
@given(st.lists(LEAVES, max_size=4), st.dictionaries(st.text(alphabet="ab. #\"'", max_size=4), LEAVES, max_size=3))
def test_every_string_starts_at_its_position(entries, table):
    def written(value):
        if isinstance(value, str):
            escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            return f'"{escaped}"'
        return str(value).lower()

    lines = ["list = [", *(f"  {written(entry)}, # ]" for entry in entries), "]", "[table]"]
    text = "\n".join([*lines, *(f"{written(key)} = {written(value)}" for key, value in table.items())])
    assert tomllib.loads(text) == {"list": entries, "table": table}
    positions = TomlPositions(text)
    assert [positions.value(("list", index))[0] for index in range(len(entries))] == list(range(2, len(entries) + 2))
    first = len(entries) + 4
    assert [positions.value(("table", key))[0] for key in table] == list(range(first, first + len(table)))
