"""The checker reports links that the page doesn't show, and Markdown that the page shows as text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.content_samples import page_of, read, rules, visible_text

SECTION = "## A PLAIN SECTION\n\n"


def found(body):
    return [(problem.rule, problem.column) for problem in page_of(SECTION + body).problems]


@pytest.mark.parametrize(
    "target",
    ["whatsapp://send?phone=91", "sms:+911234567890", "webcal://example.com/c.ics", "ftp://example.com/x", "data:x"],
)
def test_a_link_with_a_disallowed_scheme_is_an_error(target):
    assert found(f"An [old *link*]({target}) and [one](/a).") == [("link-scheme", 5)]
    assert found(f"![A dot]({target})") == [("link-scheme", 3)]
    assert found(f"| A |\n|---|\n| [one][b] |\n\n[b]: {target}") == [("link-scheme", 4)]


@pytest.mark.parametrize("text", ["![](data:image/png;base64,x)", "![](<ftp://example.com/x.png>)"])
def test_an_image_with_a_disallowed_scheme_and_no_text_is_an_error(text):
    [problem] = page_of(f"{SECTION}To {text}").problems
    assert (problem.rule, problem.column) == ("link-scheme", 4)
    assert problem.message.endswith("so the page doesn't show this image.")
    assert found(f"[{text}](/b)") == [("link-scheme", 2)]
    assert found(f"`{text}`") == []


@pytest.mark.parametrize("image", ["![][dot]", "![][DOT]", "![A dot][dot]", "![dot][]", "![dot]"])
def test_a_pasted_image_with_a_label_is_an_error(image):
    body = f"{SECTION}To {image}\n\n[dot]: <data:image/png;base64,{'A' * 200}>"
    [problem] = page_of(body).problems
    assert (problem.rule, problem.line, problem.column) == ("link-scheme", 13, 4 if "![]" in image else 6)
    assert "images/" in problem.help
    assert found(f"`{image}`\n\n```\n{image}\n[dot]: data:x\n```") == []


def test_disallowed_schemes_in_unused_definitions_and_autolinks_are_reported():
    assert [rule for rule, _ in found("[b]: sms:+911234567890")] == ["link-scheme"]
    assert [rule for rule, _ in found("<ftp://example.com/x>")] == ["link-scheme"]


@pytest.mark.parametrize("link", ["[](/b)", "[ ](/b)", "[\u00a0](/b)", "[&nbsp;](/b)", "[\u200b](/b)"])
def test_a_link_without_text_is_an_error(link):
    assert found(f"To {link}") == [("empty-link", 4)]
    assert found(link) == [("empty-link", 1)]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("##FAQ", 1),
        ("##\u00a0A heading", 1),
        ("#\u00a0A heading", 1),
        ("##\u3000A heading", 1),
        ("\u00a0## A heading", 2),
        ("\ufeff### A heading", 2),
        ("- ###Part", 3),
        ("> ###Part", 3),
    ],
)
def test_a_line_that_looks_like_a_heading_is_reported(line, column):
    assert found(line) == [("unsupported-markdown", column)]
    assert "##" in visible_text(page_of(SECTION + line)) or line.startswith("#\u00a0")


def test_a_single_hash_without_a_space_is_reported_only_in_the_first_line():
    assert "unsupported-markdown" in rules(read("#Hire Data Engineer\n\nWords."))
    assert rules(page_of(SECTION + "#hiring")) == ["broken-markdown"]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("[A file](my file.pdf)", 8),
        ("![A file](images/my file.png)", 9),
        ("[Open](/b and more", 6),
        ("See [the card][card] now", 14),
        ("See [the card] (/card) now", 14),
        ("![A card]  (https://example.com/x.png)", 9),
        ("**[Start] (/start)**", 9),
    ],
)
def test_links_that_the_page_shows_as_text_are_reported(text, column):
    assert found(text) == [("unsupported-markdown", column)]


@pytest.mark.parametrize(
    ("text", "helps"),
    [
        ("![a](a file.jpg)", ["Write each space in the URL as %20: (a%20file.jpg)"]),
        ("![a](a file.jpg) and [b](/b c", ["Write each space in the URL as %20: (a%20file.jpg)",
                                           "Close the link with a parenthesis: [text](/url)"]),
        ("[b](/b and [c](/c d)", ["Close the link with a parenthesis: [text](/url)",
                                  "Write each space in the URL as %20: (/c%20d)"]),
    ],
)  # fmt: skip
def test_every_broken_link_of_a_line_says_what_to_write(text, helps):
    problems = page_of(SECTION + text).problems
    assert [problem.help for problem in problems] == helps
    assert [problem.column for problem in problems] == [match.start() + 1 for match in re.finditer(r"\]\(", text)]


@pytest.mark.parametrize(
    ("text", "column", "address"),
    [
        ("www.example.com", 1, "www.example.com"),
        ("**Website:** www.example.com", 14, "www.example.com"),
        ("- Website: *www.example.com*.", 13, "www.example.com"),
        ("Read www.example.com/a-b?c=1, and tell us.", 6, "www.example.com/a-b?c=1"),
        ("(www.example.com/)", 2, "www.example.com/"),
    ],
)
def test_an_address_without_https_is_reported_if_it_looks_like_a_link(text, column, address):
    assert found(text) == [("unsupported-markdown", column)]
    [problem] = page_of(SECTION + text).problems
    assert problem.help.startswith(f"Write https://{address}, or [text](https://{address}).")
    assert problem.length == len(address)


@pytest.mark.parametrize("start", ["http:/", "https//", "https:", "https:/", "HTTPS;//", "https:///", "https//:"])
def test_a_mistyped_url_is_reported(start):
    text = f"Read **{start}www.example.com/a**."
    [problem] = page_of(SECTION + text).problems
    assert (problem.rule, problem.column, problem.help) == (
        "unsupported-markdown",
        8,
        "Write https://www.example.com/a",
    )
    assert problem.length == len(f"{start}www.example.com/a")


@pytest.mark.parametrize(
    "text",
    [
        "[One](/a) and [two][b] and [b]\n\n[b]: /b",
        "`[^1]` and `[a](b c)` and `##x`",
        "```\n##FAQ\n[a](b c)\n[^1]\n[](/x)\n```",
        "\\[a\\](b c) and [a\\](b c) and \\[^1]",
        "array[0][1]",
        "[sic] (see below), \\[a] (/b), [a](/b) (/c) and `[a] (/b)`",
        "- [ ] to do (soon)\n- [x] done",
        "**[Start Free Trial]** **[Get it → /b]**",
        "C# and F#, item #3, # alone",
        "[![A dot](images/x.png)](/b)",
        "<!--\n##FAQ [^1] [](/b)\n-->",
    ],
)
def test_text_without_mistakes_is_not_reported(text):
    assert {rule for rule, _ in found(text)} <= {"html"}


PARTS = ["#", "##", " ", "\u00a0", "\u200b", "[", "]", "](", "][", "(", ")", "^", "!", "\\", "/b", "`", "- ", "> ",
         "1. ", "sms:", "words", "\n", "\n\n", "&nbsp;", "<", ">", "**", "~~", "•", "==",
         ":::", "{{", "}}", "|", "\t", "->", "（", "-", "＊＊", "“", ":a", ":", "<b>", "<!--", "-->"]  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=60))
def test_problems_in_random_markdown_point_into_the_document(parts):
    page = page_of(SECTION + "".join(parts))
    lines = page.source.lines
    assert all(problem.column <= len(lines[problem.line - 1]) + 1 for problem in page.problems)


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("[Call](+91 89624 12726)", "Write the number like this: (tel:+918962412726)"),
        ("![A dot](images/x.png =200x100)", "Delete the size: (images/x.png). The site chooses the image's size."),
        ("![A dot](images/x.png =50%x)", "Delete the size: (images/x.png). The site chooses the image's size."),
        ("[A file](my =file.pdf)", "Write each space in the URL as %20: (my%20=file.pdf)"),
    ],
)
def test_the_help_for_a_link_with_spaces_fits_its_target(text, help):
    [problem] = page_of(SECTION + text).problems
    assert (problem.rule, problem.help) == ("unsupported-markdown", help)
