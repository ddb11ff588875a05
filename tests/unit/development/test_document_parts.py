"""The editor splits each document into parts, and replaces exactly the lines of one part."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pages.content import document
from pages.content.document import Settings
from pages.content.problems import Source
from pages.content.text_files import normalize
from pages.development.editor.document_parts import parts_of, replace_part, text_of

from ...conftest import FIXTURES, SEED

META = "## META\n\n```\nTitle: A title\nDescription: A description\n```"
HEADINGS = ["HERO", "THE DATA HIRING CHALLENGE", "WHAT LAYERSRANK EVALUATES", "SAMPLE DATA QUESTIONS",
            "DATA EVALUATION CRITERIA", "HOW IT WORKS", "PRICING", "FAQ", "ROI CALCULATOR", "RELATED ROLES",
            "READY TO HIRE?", "Anything else"]  # fmt: skip

# Sections that are recognized by a line in their text: a hub, a report and a form.
BODIES = ["**All pages under:** /hire", "**Role:** /hire/data-engineer", "| Field |\n|---|\n| Name |\n\n**Send**"]


def read(text):
    source = Source("content/a.md", normalize(text))
    return source, parts_of(source)


def labels(text):
    return [part.label for part in read(text)[1]]


def shown(text):
    source, parts = read(text)
    return [text_of(source, part) for part in parts]


def edit(text, label, new_text):
    [part] = [part for part in read(text)[1] if part.label == label]
    return replace_part(text, part, new_text)


@pytest.mark.parametrize("divider", ["", "\n---\n", "\n* * *\n\n"])
def test_each_section_kind_has_the_lines_from_its_heading_to_the_divider(divider):
    sections = [f"## {heading}\n\nWords of {heading}." for heading in HEADINGS]
    sections += [f"## Section {number}\n\n{body}" for number, body in enumerate(BODIES)]
    text = f"\n{divider}\n".join(["# A page\n## /a", META, *sections]) + "\n"
    assert shown(text) == ["# A page\n## /a", META, *sections]
    assert [part.section for part in read(text)[1]] == [None, None, *range(len(sections))]


def test_parts_belong_to_the_sections_of_the_page():
    text = SEED.read_text()
    page = document.read(Source("content/a.md", text), "/a", Settings({}))
    parts = [part for part in read(text)[1] if part.section is not None]
    assert [part.first_line for part in parts] == [section.line for section in page.sections]


def test_a_heading_inside_code_starts_no_part():
    text = "# A page\n\n## One\n\n```\n## Two\n```\n\n    ## Three\n\n## Four\n"
    assert labels(text) == ["name and URL", "One", "Four"]


def test_text_without_a_heading_is_the_introduction():
    assert labels("# A page\n## /a\n\nWords.\n\n## One\n") == ["name and URL", "introduction", "One"]
    assert labels("Words.\n\n# A page\n\n## One\n") == ["introduction", "One"]


def test_equal_sections_have_different_numbers():
    parts = read("# A page\n\n## FAQ\n\na\n\n## FAQ\n\nb\n")[1]
    assert [(part.name, part.number) for part in parts] == [("# A page", 0), ("## FAQ", 0), ("## FAQ", 1)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"# A page\n\n{META}\n\nWords.\n\n## One\n", ["name and URL", "META", "introduction", "One"]),
        (f"# A page\n\n## One\n\n{META}\n", ["name and URL", "One", "META"]),
        (f"# A page\n\n{META[:-4]}\n\n## One\n\nWords.\n", ["name and URL", "META", "One"]),
        (f"# A page\n\n{META}\n\n{META}\n", ["name and URL", "META", "META"]),
        ("---\ntitle: A title\n---\n\n# A page\n\n## One\n", ["name and URL", "One"]),
        ("Name\n====\n\nOne\n---\n\nWords.\n", ["name and URL", "introduction"]),
        ("# Name\n\n## One ##\n", ["name and URL", "One"]),
        ("", []),
        ("\n\n", []),
    ],
)
def test_labels(text, expected):
    assert labels(text) == expected


def documents():
    return sorted((FIXTURES / "documents").glob("*.md"))


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.stem)
def test_each_line_of_a_hostile_document_belongs_to_one_part(path):
    text = path.read_bytes().decode(errors="replace")
    source, parts = read(text)
    covered = [number for part in parts for number in range(part.first_line, part.end + 1)]
    assert covered == sorted(set(covered))
    missing = set(range(1, len(source.lines) + 1)) - set(covered)
    assert [source.line(number) for number in missing if source.line(number).strip()] == []
    names = [(part.name, part.number) for part in parts]
    assert len(names) == len(set(names))
    for part in parts:
        hidden = source.lines[part.last_line : part.end]
        assert not "".join(hidden).strip(" \t-*_")
        assert replace_part(text, part, text_of(source, part)) == text


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_newlines_and_byte_order_mark_stay(newline, mark):
    text = mark + "# A page\n\n## One\n\nold\n\n---\n\n## Two\n\nlast".replace("\n", newline)
    expected = mark + "# A page\n\n## One\n\nnew\nmore\n\n---\n\n## Two\n\nlast".replace("\n", newline)
    assert edit(text, "One", "## One\n\nnew\nmore") == expected
    expected = mark + "# A page\n\n## One\n\nold\n\n---\n\n## Two\n\nlast\nlines".replace("\n", newline)
    assert edit(text, "Two", "## Two\r\n\r\nlast\r\nlines") == expected


def test_unchanged_lines_keep_their_newlines():
    text = "# A page\r\n\n## One\r\na\nb\r\nc\n"
    assert edit(text, "One", "## One\nA\nb\nc") == "# A page\r\n\n## One\r\nA\nb\r\nc\n"
    assert edit(text, "One", "## One\na\nb\nx\nc") == "# A page\r\n\n## One\r\na\nb\r\nx\r\nc\n"
    assert edit(text, "One", "## One\nc") == "# A page\r\n\n## One\r\nc\n"


@pytest.mark.parametrize(
    ("text", "new", "expected"),
    [
        ("## One\na", "## One\na\nb", "## One\na\nb"),
        ("## One\na\n", "## One\na\nb", "## One\na\nb\n"),
        ("## One\na\n", "## One\na\n", "## One\na\n\n"),
        ("## One\na\n\n", "", "\n\n"),
        ("## One\na\n\n## Two\n", "## One", "## One\n\n## Two\n"),
        ("## One\na\n\n## Two\n", "", "\n\n## Two\n"),
    ],
)
def test_longer_and_shorter_texts(text, new, expected):
    assert edit(f"# A page\n\n{text}", "One", new) == f"# A page\n\n{expected}"


LINES = st.sampled_from(["", "a", "b", "## One", "## FAQ", "---", "```", "## META", "Title: x", "- é", "\u2028", "# N"])
NEWLINES = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def texts(draw):
    lines = draw(st.lists(st.tuples(LINES, NEWLINES), max_size=12))
    mark = draw(st.sampled_from(["", "\ufeff"]))
    text = "".join(line + newline for line, newline in lines)
    return mark + (text.rstrip("\r\n") if draw(st.booleans()) else text)


@given(texts(), st.lists(LINES, max_size=5).map("\n".join), st.integers(0, 9))
@example("## One\r\na\n\n## FAQ", "## One\nb", 0)
@example("---\na\n## One\n## One\ra\n", "\n\n", 3)
@example("---\na\n## One\ra\n", "\n\n", 2)
def test_all_bytes_outside_the_part_stay(text, new_text, index):
    source, parts = read(text)
    for part in parts[index : index + 1]:
        assert replace_part(text, part, text_of(source, part)) == text
        edited = replace_part(text, part, new_text)
        before, after = split_at(text, part)
        assert edited.startswith(before)
        assert edited.endswith(after)
        assert normalize(edited[len(before) : len(edited) - len(after)]) == new_text


def split_at(text, part):
    """Return the exact text before and after the lines of `part`, line endings included."""
    positions, position = [], 0
    for line in normalize(text).split("\n"):
        position += (text.startswith("\ufeff") and position == 0) + len(line)
        positions.append(position)
        position += 2 if text.startswith("\r\n", position) else 1
    start = positions[part.first_line - 2] if part.first_line > 1 else 0
    if part.first_line > 1:
        start += 2 if text.startswith("\r\n", start) else 1
    return text[:start], text[positions[part.last_line - 1] :]
