"""What search engines and assistants ask for at the site's root: the pages that there are, and where not to go."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..content.document import Page
from ..content.url_paths import normalize_path
from ..repository import current
from ..repository.git_dates import last_changes
from ..repository.visible_pages import VisiblePages
from .caching import cache_publicly
from .decorators import read_only

PLAIN = "text/plain; charset=utf-8"

# Welcome by name, since some of their owners ask sites whether they are. All stand in one group with `*`: a group of
# their own would take its place for them, and with it what it forbids (RFC 9309, 2.2.1).
CRAWLERS = (
    *("GPTBot", "ChatGPT-User", "OAI-SearchBot"),
    *("ClaudeBot", "Claude-User"),
    *("PerplexityBot", "Google-Extended", "Applebot-Extended", "CCBot", "Amazonbot"),
)

# Where forms are sent to, and where those work who run the site. Search results are open: that they are not to be
# indexed is said in the page, which must be read to be heeded.
DISALLOWED = ("/admin", "/forms")

_MARKDOWN_CHARACTERS = re.compile(r"([\\`*_\[\]<>#])")


@read_only
def robots(request: HttpRequest) -> HttpResponse:
    """https://www.rfc-editor.org/rfc/rfc9309"""
    lines = [
        *(f"User-agent: {name}" for name in ("*", *CRAWLERS)),
        *(f"Disallow: {path}" for path in DISALLOWED),
        "",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    ]
    return cache_publicly(request, HttpResponse("\n".join(lines) + "\n", content_type=PLAIN))


@read_only
def sitemap(request: HttpRequest) -> HttpResponse:
    """https://www.sitemaps.org/protocol.html"""
    found = current.visible_pages()
    changes = last_changes(found.library)
    entries = [(settings.SITE_URL + page.url, changes.get(page.url)) for page in _indexable(found)]
    context = {"entries": entries}
    return cache_publicly(
        request, render(request, "pages/sitemap.xml", context, content_type="application/xml; charset=utf-8")
    )


@read_only
def llms(request: HttpRequest) -> HttpResponse:
    """https://llmstxt.org"""
    found = current.visible_pages()
    return cache_publicly(request, HttpResponse("\n".join(_llms(found)) + "\n", content_type=PLAIN))


@read_only
def speculation_rules(request: HttpRequest) -> HttpResponse:
    """Which pages a browser may fetch before they are asked for: those whose links are about to be followed. Search
    results are made for each question, so they are left alone. Pages name this address in their Speculation-Rules
    header (https://wicg.github.io/nav-speculation/speculation-rules.html)."""
    likely = {"and": [{"href_matches": "/*"}, {"not": {"href_matches": "/search*"}}]}
    rules = {"prefetch": [{"source": "document", "where": likely, "eagerness": "moderate"}]}
    return cache_publicly(request, HttpResponse(json.dumps(rules), content_type="application/speculationrules+json"))


def _llms(found: VisiblePages) -> Iterator[str]:
    """The site's name and description, then its pages by hub, each with what it says of itself."""
    about, listed = found.library.site, {page.url: page for page in _indexable(found)}
    yield f"# {_escape_markdown(about.name)}"
    if about.description:
        yield f"\n> {_escape_markdown(about.description)}"
    hubs = [hub for hub in found.hubs() if hub.url in listed]
    under = {hub.url: [hub, *(page for page in found.under(hub.url) if page.url in listed)] for hub in hubs}
    in_hubs = {page.url for pages in under.values() for page in pages}
    yield from _group("Pages", (page for url, page in listed.items() if url not in in_hubs))
    for hub in hubs:
        yield from _group(hub.name, under[hub.url])


def _group(name: str, pages: Iterable[Page]) -> Iterator[str]:
    lines = [_link(page) for page in pages]
    if lines:
        yield f"\n## {_escape_markdown(name)}\n"
        yield from lines


def _link(page: Page) -> str:
    link = f"- [{_escape_markdown(page.name)}]({settings.SITE_URL}{page.url})"
    return f"{link}: {_escape_markdown(page.meta.description)}" if page.meta.description else link


def _escape_markdown(text: str) -> str:
    """Words as Markdown that means nothing but them."""
    return _MARKDOWN_CHARACTERS.sub(r"\\\1", " ".join(text.split()))


def _indexable(found: VisiblePages) -> list[Page]:
    """The pages that search engines are to keep, by address."""
    return sorted((page for page in found.pages() if _is_indexable(page)), key=lambda page: page.url)


def _is_indexable(page: Page) -> bool:
    """Neither META's Robots forbids it nor does its Canonical name another page."""
    canonical = page.meta.canonical.removeprefix(settings.SITE_URL)
    told = {word.strip().lower() for word in page.meta.robots.split(",")}
    return told.isdisjoint({"noindex", "none"}) and (not canonical or normalize_path(canonical) == page.url)
