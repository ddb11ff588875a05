"""Relative links lead to the same URL in the checker and on the page (RFC 3986, 5.2.4)."""

import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.content import library, url_paths
from pages.content.document_links import Link
from tests.support.content_samples import document_text, page_of, read, visible_text


# Examples from RFC 3986, 5.4. The RFC's base path is /b/c/d;p. Here it is /b/c/d, since `;p` has no special meaning.
@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("g", "/b/c/g"), ("./g", "/b/c/g"), ("g/", "/b/c/g/"), ("/g", "/g"), ("?y", "/b/c/d?y"), ("g?y", "/b/c/g?y"),
        ("#s", "#s"), ("g#s", "/b/c/g#s"), ("g?y#s", "/b/c/g?y#s"), (".", "/b/c/"), ("./", "/b/c/"), ("..", "/b/"),
        ("../", "/b/"), ("../g", "/b/g"), ("../..", "/"), ("../../g", "/g"), ("../../../g", "/g"),
        ("../../../../g", "/g"), ("/./g", "/g"), ("/../g", "/g"), ("g.", "/b/c/g."), (".g", "/b/c/.g"),
        ("g..", "/b/c/g.."), ("..g", "/b/c/..g"), ("./../g", "/b/g"), ("./g/.", "/b/c/g/"), ("g/./h", "/b/c/g/h"),
        ("g/../h", "/b/c/h"), ("g?y/./x", "/b/c/g?y/./x"), ("g?y/../x", "/b/c/g?y/../x"), ("g#s/../x", "/b/c/g#s/../x"),
        ("%2e%2E/g", "/b/g"), ("", ""), ("//g", "//g"), ("http:g", "http:g"), ("HTTPS://g/../x", "HTTPS://g/../x"),
        ("mailto:a@b", "mailto:a@b"), ("./a:b", "/b/c/a:b"),
    ],
)  # fmt: skip
def test_resolve(href, url):
    assert url_paths.resolve("/b/c/d", href) == url


SEGMENTS = st.lists(st.sampled_from(["a", "b", "..", ".", "hire", "%2e", "x.png"]), min_size=1, max_size=6).map(
    "/".join
)


@given(
    st.sampled_from(["/", "/hire", "/hire/data-engineer"]), SEGMENTS, st.sampled_from(["", "#x", "?a=b", "?a=../b#c"])
)
def test_checker_and_page_agree(base, path, rest):
    page = read(f"# A\n## {base}\n\n## META\n\n```\nTitle: A\n```\n\n## ONE\n\n[It]({path}{rest})\n", base)
    [served] = re.findall(r'href="([^"]+)"', str(page.sections))
    assert urlsplit(served).path == urlsplit(urljoin(f"https://x.example{base}", path.replace("%2e", "."))).path
    graph = library.load(Path("/nonexistent")).graph
    assert graph.resolve(page, Link(path + rest, "It", 1, 1)) == graph.resolve(page, Link(served, "It", 1, 1))


def test_same_links_on_different_pages_and_of_images():
    first, second = (read(f"# A\n## {url}\n", url) for url in ("/hire/a", "/resources/b"))
    graph = library.load(Path("/nonexistent")).graph
    for _ in range(2):
        assert graph.resolve(first, Link("c", "It", 1, 1)).path == "/hire/c"
        assert graph.resolve(second, Link("c", "It", 1, 1)).path == "/resources/c"
        assert graph.resolve(first, Link("c", "It", 1, 1, is_image=True)).path == "/c"
        assert graph.resolve(first, Link("#c", "It", 1, 1)).url == "/hire/a"
        assert graph.resolve(second, Link("#c", "It", 1, 1)).url == "/resources/b"


@pytest.mark.parametrize(
    "body",
    [
        "## WORDS\n\n[It](../b) and **[Go](../b)**",
        "## RELATED ROLES\n\n- [It](../b) — a note",
        "## HERO\n\n**Headline:** A\n\n**Primary CTA:** [Go](../b)",
        "## FAQ\n\n**Where?**\n[It](../b)",
        "## A [heading](../b)\n\nWords.",
        "## WORDS\n\n| A |\n|---|\n| [It](../b) |",
    ],
)
def test_the_page_shows_relative_links_with_their_resolved_urls(body):
    page = page_of(body)
    html = repr(page.sections)
    assert "../b" not in html and re.search(r"""href=["'\\]+/b["'\\]+|href='/b'""", html)
    assert page.url == "/hire/data-engineer" and visible_text(page)


def test_a_card_with_a_relative_link_leads_to_the_resolved_url():
    [section] = page_of("## RELATED ROLES\n\n- [It](data-scientist)").sections
    assert section.body[0].cards[0].href == "/hire/data-scientist"


def test_relative_links_count_as_links_to_pages(write):
    files = {
        "hire/a.md": document_text("/hire/a", body="[B](b) [C](../c) [D](./../hire/d/)"),
        "c.md": document_text("/c"),
    }
    files |= {f"hire/{name}.md": document_text(f"/hire/{name}") for name in "bd"}
    content = library.load(write(named=files))
    assert content.graph.links_out(content.pages["/hire/a"]) == {"/hire/b", "/c", "/hire/d"}
    assert [problem.rule for problem in content.all_problems if "link-" in problem.rule] == ["link-spelling"]


def test_a_relative_image_path_starts_at_the_content_folder():
    page = page_of("## WORDS\n\n![It](../images/x.png) ![It](./images/../images/x.png) ![It](/images/x.png)")
    assert set(re.findall(r'src="([^"]+)"', str(page.sections))) == {"/images/x.png"}
    assert page.images == {"/images/x.png"}
