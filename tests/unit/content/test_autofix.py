"""Automatic fixes change exactly the reported places, and damage no document."""

import os
import re
import stat
from collections import Counter
from itertools import cycle, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pages.content import autofix, library
from pages.content.problems import Edit, Span

from .test_properties import FRAGMENTS

HEADER = "# Hire ML\n## /hire/ml\n\n## META\n\n```\nTitle: Hire ML engineers\nTitle: Hire ML engineers\n```\n\n"
QUESTIONS = "# Hire\n## /hire\n\n## SAMPLE QUESTIONS\n\n**1. Why?**\n\n**3. How?**\n"

# Each fragment has a problem that can be fixed automatically, or seems to have one.
FIXABLE = [
    "[a](/hire/)",
    "[b](</Hire/ML/> 'a title')",
    "[c](/hire/#question-1)",
    "[/hire/](/hire/?a=/hire/#über)",
    "[**d** `/hire/` ![e](/hire/)](/hire/)",
    "`[f](/hire/)`",
    "[g]( /hire&#47; )",
    "[h](\\/hire/)",
    "[i][ref]",
    "\n\n[ref]: /hire/\n\n",
    "**[Start → /hire/]**",
    "**[A &amp; B → /hire/] | [/hire/ → /HIRE]**",
    "**Primary CTA:** Start → /hire/",
    "<https://example.com/hire/>",
    "<!-- [j](/hire/) -->",
    "~~[k](/hire/)~~",
    "| a | b [l](/hire/) |\n|---|---|\n| [m](/hire/) |\n| \\| [n](/hire/)|[n](/hire/) |\n| `|` \\|\n|",
    "> | a | b |\n> |---|---|\n> 1\u00a0\n> 2 \\",
    "\n\n## SAMPLE QUESTIONS\n\n",
    "\n\n**1. Why?**",
    "\n\n**3. Why 3?**\n**3\\. How?**\n**03) 3?**",
    "3. **3. Which?**",
    "**&#51;. Which?** **3. Which?**",
    "**&#32;&#32;32. Which?**",
    "__**7**. Which?__",
    "# [o](/hire/) # # #",
    "\n## META\n",
    "\nTitle: A\nTitle: A\n",
    "\nCanonical: /Hire/\n",
    "\n**canonical**:\t**/hire/%4dl/**\n",
    "\nCanonical: /hire%0A/%252F/\n /Hire/\n",
    "\n```\nTitle: Hire ML engineers\n",
    "\n```\n",
    "Description: A\n  b\nDescription: A",
    "👩‍💻\u3000",
    "\u0085\u2028\u000c",
    "\t",
    "  \n",
    "\\\n",
    "- ",
    "1. \t",
    "> ",
]


@st.composite
def documents(draw):
    """Build the bytes of a document from fragments, with all kinds of newlines, with or without a byte order mark."""
    fragments = draw(st.lists(st.sampled_from([*FIXABLE, *FIXABLE, *FRAGMENTS]), max_size=12))
    text = draw(st.sampled_from(["", HEADER])) + draw(st.sampled_from(["\n\n", "\n", " ", ""])).join(fragments)
    newlines = cycle(draw(st.sampled_from([["\n"], ["\r\n"], ["\r"], ["\n", "\r\n", "\r"]])))
    lines = [line + next(newlines) for line in text.split("\n")]
    return (draw(st.sampled_from(["", "\ufeff"])) + "".join(lines)[:-1]).encode()


def write_folder(folder, document):
    (folder / "site.toml").write_text("[calls_to_action]\n")
    (folder / "hire.md").write_text(QUESTIONS)
    (folder / "ml.md").write_bytes(document)


def fix(folder):
    """Fix all documents in `folder`. Return the library before the fixes, and the edits of each document."""
    content = library.load(folder)
    edits = autofix.edits_by_document(content.all_problems)
    for path, page in content.documents.items():
        if page.path in edits:
            autofix.fix_file(folder, path, page.source.text, edits[page.path])
    return content, edits


def errors(content):
    return Counter(problem.rule for problem in content.all_problems if problem.level == "error")


def targets(content):
    """Return each link as four values: the link's text, and the destination, URL and anchor of its target."""
    links = [(page, link) for page in content.documents.values() for link in page.links]
    resolved = [(link, content.graph.resolve(page, link)) for page, link in links]
    return [(link.text, target.destination, target.url, target.anchor) for link, target in resolved]


def words(content):
    """Return the text of each page, to compare the texts before and after fixes.

    Leave out all that fixes may change: digits, spaces, `*`, `~` and the targets of calls to action.
    """
    return [re.sub(r"\d|→ /[^\s\]]*|[*~\s]", "", page.plain_text) for page in content.documents.values()]


def unchanged_parts(text, spans):
    """Return the parts of `text` outside `spans`. Each span is a pair of offsets: start and end."""
    return [text[end:start] for (_, end), (start, _) in pairwise([(0, 0), *spans, (len(text), len(text))])]


def offsets(text, edits):
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    for edit in sorted(edits, key=lambda edit: edit.span):
        start = starts[edit.span.line - 1] + edit.span.column - 1
        end = start + edit.span.length
        yield start, min(end + edit.deletes_line, len(text))


@settings(max_examples=100, deadline=None)
@given(documents())
@example(b"[a](/hire/ml)\n\n[One](/hire/) or [two](/hire/) or `[sample](/hire/)`.")
@example(b"**2. {} **2. {}")
@example(b"\xef\xbb\xbf# [a](/hire/)\r\rTitle\r\n")
def test_a_fix_changes_only_the_reported_places_and_damages_no_document(document):
    with TemporaryDirectory() as name:
        folder = Path(name) / "content"
        folder.mkdir()
        write_folder(folder, document)
        before, edits = fix(folder)
        fixed = (folder / "ml.md").read_bytes()
        after, remaining = fix(folder)
        assert not remaining
        assert (folder / "ml.md").read_bytes() == fixed
        assert errors(after) <= errors(before)
        assert targets(after) == targets(before)
        assert words(after) == words(before)
        for path, page in before.documents.items():
            assert after.documents[path].meta == page.meta
            own = edits.get(page.path, ())
            spans = list(offsets(page.source.text, own))
            assert all(first[1] <= second[0] for first, second in pairwise(spans))
            parts = unchanged_parts(page.source.text, spans)
            new = [edit.text for edit in sorted(own, key=lambda edit: edit.span)]
            expected = "".join(part for pair in zip(parts, [*new, ""], strict=True) for part in pair)
            assert after.documents[path].source.text == expected
    assert fixed.startswith(b"\xef\xbb\xbf") == document.startswith(b"\xef\xbb\xbf")
    if b"\r" not in document:
        assert b"\r" not in fixed


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "content"
    folder.mkdir()
    return folder


def fixed(folder, document):
    write_folder(folder, document.encode())
    fix(folder)
    return (folder / "ml.md").read_bytes().decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("See [ML](/hire/ml#about), or [all](/hire/).", "See [ML](/hire/ml#about), or [all](/hire)."),
        ("Write `/hire/` for [all](/hire/).", "Write `/hire/` for [all](/hire)."),
        ("[/hire/ has them](/hire/)", "[/hire/ has them](/hire)"),
        ("[a](/hire/) [b](/hire/)[c](/hire/) `[d](/hire/)`", "[a](/hire) [b](/hire)[c](/hire) `[d](/hire/)`"),
        ("- >\t[a](</HIRE>\n  'x')", "- >\t[a](</hire>\n  'x')"),
        ("👩‍💻 [💼 a](/hire/?b=/hire/#c)", "👩‍💻 [💼 a](/hire?b=/hire/#c)"),
        ("R&amp;D [&lt;](/hire/)", "R&amp;D [&lt;](/hire)"),
        (
            "| [a](/hire/) | [a](/hire/) |\n|---|---|\n| [a](/hire/) |",
            "| [a](/hire) | [a](/hire) |\n|---|---|\n| [a](/hire) | |",
        ),
        ("[![a](/hire/)](/hire/)", "[![a](/hire/)](/hire)"),  # an image's target is a file, not a page, so it stays
        ("**[/hire/ → /hire/]** **[B → /Hire]**", "**[/hire/ → /hire]** **[B → /hire]**"),
        ("**Primary CTA:** Go → /hire/", "**Primary CTA:** Go → /hire"),
    ],
)
def test_fixing_a_link_changes_only_the_target_of_this_link(folder, before, after):
    header = "# ML\n## /hire/ml\n\n"
    assert fixed(folder, header + before) == header + after
    assert fixed(folder, "\ufeff" + (header + before).replace("\n", "\r\n")) == "\ufeff" + (header + after).replace(
        "\n", "\r\n"
    )
    assert fixed(folder, (header + before).replace("\n", "\r")) == (header + after).replace("\n", "\r")


@pytest.mark.parametrize(
    "text",
    [
        "[a][b]\n\n[b]: /hire/",  # the target is not in the link, but in the link definition
        "[a](/hire&#47;)",
        "[a](\\/hire/)",
        "| \\| [a](/hire/) |\n|---|",  # columns after an escaped `|` aren't known exactly
        "## SAMPLE QUESTIONS\n\n**&#51;. Why?**",
    ],
)
def test_a_problem_without_an_exact_position_is_not_fixed(folder, text):
    assert fixed(folder, text) == text


def test_numbering_a_question_changes_only_the_number(folder):
    text = "## SAMPLE QUESTIONS\n\n**1. Why?**\n**3. Why 3?**\n\n> 3\n\n**3) Which 3?**"
    assert fixed(folder, text) == text.replace("**3. W", "**2. W")


def test_questions_keep_their_numbers_if_a_document_links_to_them(folder):
    write_folder(folder, b"[a](/hire#question-3)")
    fix(folder)
    assert (folder / "hire.md").read_text() == QUESTIONS
    write_folder(folder, b"[a](/hire)")
    fix(folder)
    assert (folder / "hire.md").read_text() == QUESTIONS.replace("3.", "2.")


REPORT = "# Report\n## /report\n\n## A REPORT\n\n**Role:** /hire\n\n"
SCORES = "| Dimension | Score |\n|---|---|\n| Craft | 72 ± 4 |\n\n"


def hire(numbers):
    return "# Hire\n## /hire\n\n## SAMPLE QUESTIONS" + "".join(f"\n\n**{number}. Why?**" for number in numbers)


@pytest.mark.parametrize("scores", [SCORES, ""], ids=["a report", "a candidate's question"])
@pytest.mark.parametrize(
    ("numbers", "shown", "is_fixed"),
    [("1123", 2, False), ("1123", 3, False), ("1233", 2, True), ("1233", 3, False), ("1244", 3, False)],
)
def test_questions_keep_their_numbers_if_a_report_shows_one_of_those_that_change(
    folder, scores, numbers, shown, is_fixed
):
    (folder / "site.toml").write_text("[calls_to_action]\n")
    (folder / "hire.md").write_text(hire(numbers))
    (folder / "report.md").write_text(f"{REPORT}{scores}**Question:** {shown}\n")
    content, _ = fix(folder)
    assert (folder / "hire.md").read_text() == hire("1234" if is_fixed else numbers)
    line = 12 if scores else 8
    helps = [problem.help for problem in content.all_problems if problem.rule == "question-number"]
    assert all((f"/report.md:{line}. Correct" in help) != is_fixed for help in helps)
    assert len(helps) == sum(number != str(expected) for expected, number in enumerate(numbers, start=1))


def test_the_help_for_question_numbers_names_the_first_references(folder):
    write_folder(folder, b"\n\n".join([b"[a](/hire#question-3)"] * 5))
    [problem] = [problem for problem in fix(folder)[0].all_problems if problem.rule == "question-number"]
    path = f"{folder.name}/ml.md"
    assert f"depend on them: {path}:1, {path}:3, {path}:5 and 2 more." in problem.help


def test_a_repeated_meta_line_is_not_deleted_if_the_remaining_block_would_not_be_meta(folder):
    text = "## META\n\nTitle: A\n\nTitle: A\nUnknown: b\n"
    assert fixed(folder, text) == text


def test_fixing_the_target_of_a_symbolic_link_keeps_the_link_and_the_file_mode(folder):
    write_folder(folder, b"[a](/hire/)")
    os.rename(folder / "ml.md", folder / "target.md")
    os.chmod(folder / "target.md", 0o640)
    (folder / "ml.md").symlink_to("target.md")
    content = library.load(folder)
    page = content.documents[folder / "ml.md"]
    edits = autofix.edits_by_document(content.all_problems)[page.path]
    autofix.fix_file(folder, folder / "ml.md", page.source.text, edits)
    assert (folder / "ml.md").is_symlink()
    assert (folder / "target.md").read_text() == "[a](/hire)"
    assert stat.S_IMODE((folder / "target.md").stat().st_mode) == 0o640


@pytest.mark.parametrize("new", [b"[a](/hire/) and more", b"\xff"])
def test_a_document_that_changed_after_the_check_is_not_fixed(folder, new):
    write_folder(folder, new)
    with pytest.raises(autofix.DocumentChanged):
        autofix.fix_file(folder, folder / "ml.md", "[a](/hire/)", [Edit(Span(1, 5, 6), "/hire")])
    assert (folder / "ml.md").read_bytes() == new
