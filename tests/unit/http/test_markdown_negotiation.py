"""Which Accept headers choose Markdown (RFC 9110, 12.5.1)."""

import pytest

from pages.http.negotiation import prefers_markdown

MARKDOWN = (
    "text/markdown",
    "TEXT/Markdown",
    "text/markdown;charset=utf-8",
    "text/markdown, text/html;q=0.9, */*;q=0.1",
    "text/html, text/markdown",
    "text/markdown;q=0.5, text/html;q=0.5",
    "text/markdown;q=0.001",
    "text/markdown, */*",
    "text/markdown;q=0.2, */*;q=0.1",
    "text/markdown;q=0.2, text/html;q=0, */*",
    "text/html;q=0.9, text/markdown; q=1.0",
    "text/markdown;q=0.1, text/markdown;q=0.9, text/html;q=0.5",
)
HTML = (
    "",
    "*/*",
    "text/*",
    "text/html",
    "text/markdown;q=0",
    "text/markdown;q=0, */*",
    "text/markdown;q=0.5, */*",
    "text/markdown;q=0.5, text/*;q=0.6",
    "text/markdown;q=0.9, text/html",
    "text/markdown;q=x",
    "text/markdown;q=2",
    "text/markdown;q=nan",
    "text/markdownish, text/x-markdown, application/markdown",
    "text/plain",
    ",;=,",
)


@pytest.mark.parametrize("accept", MARKDOWN)
def test_markdown_is_chosen(accept):
    assert prefers_markdown(accept)


@pytest.mark.parametrize("accept", HTML)
def test_html_is_chosen(accept):
    assert not prefers_markdown(accept)
