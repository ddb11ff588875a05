"""Test the Markdown version of documents: it says what the page says, with absolute links, and nothing else."""

import re
from pathlib import Path

import pytest

from pages.content import blocks, document
from pages.content.absolute_links import LinkRules
from pages.content.comments import find_comments
from pages.content.document_links import links_of
from pages.content.markdown_paths import markdown_path, page_path
from pages.content.problems import Source
from pages.content.public_markdown import LinePart, to_markdown
from pages.content.text_files import normalize

from ...conftest import FIXTURES, SEED

SITE = "https://www.example.com"
CALLS = {"Start Free Trial": "/start", "Write to us": "mailto:us@example.com", "Log in": "https://app.example.com/"}
META = "## META\n\n```\nTitle: T\nDescription: D\n```\n\n"

DOCUMENTS = [SEED, *sorted((FIXTURES / "documents").glob("*.md")), *sorted((FIXTURES / "site").rglob("*.md"))]


def read(text, url="/hire/x"):
    return document.read(Source("content/x.md", text), url, document.Settings(CALLS))


def convert(text, url="/hire/x", hidden=(), parts=()):
    return to_markdown(read(text, url), LinkRules(SITE, hidden.__contains__), parts)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_the_markdown_version_says_what_the_page_says(path: Path):
    """Every word of the page is in its Markdown version, in the same order. META is left out."""
    page = read(normalize(path.read_text()), "/x")
    text = to_markdown(page, LinkRules(SITE, lambda path: False))
    written = blocks.parse(text)
    words = iter(re.findall(r"\w+", blocks.plain_text(written)))
    labels = r"(?i)\b(?:hero|eyebrow|headline|sub-?head(?:line|ing)?|(?:primary |secondary )?cta(?: \d)?)\b:? ?"
    shown = re.sub(labels, "", re.sub(r"[→»]\s*[\w/.:#-]+|->\s*/\S+", "", page.plain_text))
    missing = [word for word in re.findall(r"\w+", shown) if word.lower() not in {"hero"} and word not in words]
    assert missing == []
    assert page.meta.title not in text or page.meta.title in page.plain_text
    assert "```\nTitle:" not in text


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_all_links_are_absolute(path: Path):
    text = convert(normalize(path.read_text()), "/x")
    hrefs = [link.href for link in links_of(blocks.parse(text))]
    assert [href for href in hrefs if not re.match(r"https?://|mailto:|tel:", href)] == []


def test_the_hero_loses_its_labels_and_the_document_its_meta():
    text = convert(
        "# Hire X\n## /hire/x\n\n---\n\n"
        + META
        + "---\n\n## HERO\n\n**Eyebrow:** HIRE\n**Headline:** Find X\n\n**Primary CTA:** Start Free Trial\n"
        + "**Secondary CTA:** See prices → /pricing\n\n---\n\n## FAQ\n\n**What?**\nThis.\n\n---\n"
    )
    assert text == (
        "# Hire X\n\nHIRE\n\nFind X\n\n[Start Free Trial](https://www.example.com/start)\n\n"
        "[See prices](https://www.example.com/pricing)\n\n---\n\n## FAQ\n\n**What?**\nThis.\n"
    )


@pytest.mark.parametrize("meta", ["---\ntitle: T\nstatus: published\n---\n\n", "+++\ntitle = 'T'\n+++\n\n"])
def test_front_matter_is_left_out(meta):
    assert convert(meta + "# Name\n\nText.\n") == "# Name\n\nText.\n"


def test_only_a_hero_loses_its_labels():
    assert convert("# A\n\n## Words\n\n**Headline:** is a label.\n") == "# A\n\n## Words\n\n**Headline:** is a label.\n"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[a](/pricing)", "[a](https://www.example.com/pricing)"),
        ("[a](</pricing> 'Prices')", "[a](<https://www.example.com/pricing> 'Prices')"),
        ("[a](../pricing#b)", "[a](https://www.example.com/pricing#b)"),
        ("[a](y?b=1)", "[a](https://www.example.com/hire/y?b=1)"),
        ("[a](#part)", "[a](https://www.example.com/hire/x#part)"),
        ("[**a**](/b)", "[**a**](https://www.example.com/b)"),
        ("[a](/b\\_c)", "[a](https://www.example.com/b_c)"),
        ("[a](https://other.example/b)", "[a](https://other.example/b)"),
        ("<https://other.example/b> and us@example.com", "<https://other.example/b> and us@example.com"),
        ("Call +91 89624 12726", "Call +91 89624 12726"),
        ("![a](images/b.png)", "![a](https://www.example.com/images/b.png)"),
        ("[![a](images/b.jpg)](/c)", "[![a](https://www.example.com/images/b.jpg)](https://www.example.com/c)"),
        ("[a][b] and [b]\n\n[b]: /c", "[a][b] and [b]\n\n[b]: https://www.example.com/c"),
        ("**[Start Free Trial]** — 5 free", "**[Start Free Trial](https://www.example.com/start)** — 5 free"),
        ("**[Start Free Trial — now]**", "**[Start Free Trial — now](https://www.example.com/start)**"),
        ("**[All 50 → /bank]**", "**[All 50](https://www.example.com/bank)**"),
        ("**All 50 → /bank**", "**[All 50](https://www.example.com/bank)**"),
        ("**[All 50 -> /bank.pdf]**", "**[All 50](https://www.example.com/bank.pdf)**"),
        ("**[Write to us]**", "**[Write to us](mailto:us@example.com)**"),
        ("**[Log in]**", "**[Log in](https://app.example.com/)**"),
        ("**[Unknown call]**", "**[Unknown call]**"),
        ("`[a](/b)` and `<!-- c -->`", "`[a](/b)` and `<!-- c -->`"),
        ("| A |\n|---|\n| [a](/b) |", "| A |\n|---|\n| [a](https://www.example.com/b) |"),
        ("> - [a](/b)", "> - [a](https://www.example.com/b)"),
    ],
)
def test_links_are_absolute(written, expected):
    assert convert(f"# A\n\n{written}\n") == f"# A\n\n{expected}\n"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("See [the *new* page](/new), please.", "See the *new* page, please."),
        ('[a [b] c](/new "Title")', "a [b] c"),
        ("**[Read it → /new]**", "**Read it**"),
        ("[a][b]\n\n[b]: /new", "a\n\n[b]: https://www.example.com/new"),
        (
            "[a](/new/file.pdf) and [b](/old)",
            "[a](https://www.example.com/new/file.pdf) and [b](https://www.example.com/old)",
        ),
    ],
)
def test_links_to_hidden_pages_are_text(written, expected):
    assert convert(f"# A\n\n{written}\n", hidden=("/new",)) == f"# A\n\n{expected}\n"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a <!-- secret --> b", "a  b"),
        ("<!-- secret -->\n\na", "a"),
        ("<!--\nsecret\n\nsecret [a](/b)\n-->\n\na", "a"),
        ("a\n<!-- secret `code --> b `c`", "a\n b `c`"),
        ("<!-- secret don`t --> a <!-- secret won`t --> b", "a  b"),
        ("a <!-- shown\n\nshown --> b", "a <!-- shown\n\nshown --> b"),
        ("a \\<!-- shown -->", "a \\<!-- shown -->"),
        ("```\n<!-- shown -->\n```", "```\n<!-- shown -->\n```"),
        ("a <!-- shown", "a <!-- shown"),
    ],
)
def test_comments_are_left_out(written, expected):
    page = read(f"# A\n\n{written}\n")
    text = convert(f"# A\n\n{written}\n")
    assert text.removeprefix("# A\n\n").strip() == expected.strip()
    assert ("shown" in page.plain_text) == ("shown" in text) and "secret" not in text


def test_comments_of_a_long_line_are_found_in_linear_time():
    text = "`" * 200 + "<!-- a --> `x` " * 20_000
    assert len(list(find_comments(text, ()))) == 20_000


def test_parts_replace_lines_or_are_inserted():
    parts = [LinePart(3, 4, "- [one](/1)"), LinePart(7, 6, "inserted"), LinePart(7, 7, "")]
    text = convert("# A\n\n[two](/2)\nlines\n\nlast\ngone\n", parts=parts)
    assert text == "# A\n\n- [one](/1)\n\nlast\ninserted\n"


def test_paths_of_markdown_versions():
    assert [markdown_path(url) for url in ("/", "/hire", "/hire/x")] == ["/index.md", "/hire.md", "/hire/x.md"]
    paths = {"/index.md": "/", "/hire/x.md": "/hire/x", "/Hire/X.MD": "/Hire/X", "/hire": "", "/x.md/": "", "/.md": "/"}
    assert {path: page_path(path) for path in paths} == paths
