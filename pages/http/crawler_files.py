"""Files for crawlers at the site's root: robots.txt, sitemap.xml, llms.txt, facts.json and a key file."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.encoding import iri_to_uri

from .. import markdown_format
from ..content.content_usage import EVERYONE, LABELS
from ..content.document import Page
from ..content.facts import Fact
from ..content.markdown_paths import markdown_path
from ..repository import current
from ..repository.visible_pages import VisiblePages
from ..seo.alternates import alternates
from ..seo.canonical_url import indexable_pages
from ..seo.last_modified import LastModified
from .caching import cache_page, cache_publicly
from .decorators import read_only

PLAIN_TEXT = "text/plain; charset=utf-8"

# robots.txt names these crawlers because some of their operators look for an explicit permission. These crawlers share
# a group with `*`, unless site.toml has another group for them: a crawler that has its own group ignores the rules for
# `*` (RFC 9309, 2.2.1).
CRAWLERS = (
    *("GPTBot", "ChatGPT-User", "OAI-SearchBot"),
    *("ClaudeBot", "Claude-User"),
    *("PerplexityBot", "Google-Extended", "Applebot-Extended", "CCBot", "Amazonbot"),
)


@read_only
def robots(request: HttpRequest) -> HttpResponse:
    """Serve robots.txt (RFC 9309), with the preferences for the use of the pages, if site.toml states any.

    The file allows everything, for two reasons. A rule against a path would also forbid each page whose URL begins with
    that path (2.2.2). And crawlers have to read search results and the admin's pages to find the `noindex` in them.
    """
    visible = current.visible_pages_of(request)
    usage = visible.library.site.content_usage
    stated = usage.groups if usage else {}
    apart = {name.lower() for names in stated for name in names}
    everyone = (EVERYONE, *(name for name in CRAWLERS if name.lower() not in apart))
    groups = [(everyone, usage.everyone if usage else None), *stated.items()]
    blocks = ["\n".join(_robots_group(names, uses)) for names, uses in groups]
    text = "\n\n".join([*blocks, f"Sitemap: {settings.SITE_URL}/sitemap.xml"])
    return cache_page(request, HttpResponse(f"{text}\n", content_type=PLAIN_TEXT), visible)


def _robots_group(names: Iterable[str], uses: Container[str] | None) -> Iterator[str]:
    """Yield the lines of robots.txt about the crawlers `names`.

    The last line says what these crawlers may use the pages for. If `uses` is None, this line is missing. The line's
    format is in draft-ietf-aipref-attach-05 (19 August 2026).
    """
    yield from (f"User-agent: {name}" for name in names)
    yield "Allow: /"
    if uses is not None:
        preferences = (f"{label}={'y' if use in uses else 'n'}" for use, label in LABELS.items())
        yield f"Content-Usage: / {', '.join(preferences)}"


@read_only
def indexnow_key(request: HttpRequest) -> HttpResponse:
    """Serve the key file of IndexNow, which proves that announcements come from this site."""
    return cache_publicly(request, HttpResponse(settings.INDEXNOW_KEY, content_type=PLAIN_TEXT))


@read_only
def sitemap(request: HttpRequest) -> HttpResponse:
    """Serve sitemap.xml (https://www.sitemaps.org/protocol.html)."""
    visible = current.visible_pages_of(request)
    modified, site_url = LastModified(visible), settings.SITE_URL
    entries = []
    for page in indexable_pages(visible, site_url):
        entries.append((site_url + page.url, modified.of(page), alternates(page, visible, site_url)))
        paths = visible.list_paths(page.url)
        entries += [(site_url + path, modified.of_list(page.url, number), ()) for number, path in enumerate(paths, 2)]
    context = {"entries": entries}
    response = render(request, "pages/sitemap.xml", context, content_type="application/xml; charset=utf-8")
    return cache_page(request, response, visible)


@read_only
def llms(request: HttpRequest) -> HttpResponse:
    """Serve llms.txt (https://llmstxt.org)."""
    visible = current.visible_pages_of(request)
    response = HttpResponse("\n".join(_llms_lines(visible)) + "\n", content_type=PLAIN_TEXT)
    return cache_page(request, response, visible)


@read_only
def facts_json(request: HttpRequest) -> HttpResponse:
    """Serve facts.json: the facts that the site states. docs/facts.md describes the format."""
    visible, site_url = current.visible_pages_of(request), settings.SITE_URL
    data = {
        "name": visible.library.site.name,
        "url": f"{site_url}/",
        "facts": [_fact_data(fact, site_url) for fact in visible.library.facts.facts.values()],
    }
    return cache_page(request, JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1}), visible)


def _fact_data(fact: Fact, site_url: str) -> dict[str, object]:
    data = {
        "name": fact.name,
        "value": fact.value,
        "what": fact.what,
        "source": fact.source,
        "lastConfirmed": fact.confirmed.isoformat() if fact.confirmed else None,
        "confirmEveryDays": fact.confirm_every,
        "pages": [site_url + url for url in fact.pages],
    }
    return {key: value for key, value in data.items() if value}


def _llms_lines(visible: VisiblePages) -> Iterator[str]:
    """Yield the lines of llms.txt.

    The site's name, description and facts come first, then its pages with their descriptions, grouped by hub. The links
    lead to the pages' Markdown versions. Each page is followed by the files that are made from it.
    """
    site, indexable = visible.library.site, {page.url: page for page in indexable_pages(visible, settings.SITE_URL)}
    yield f"# {markdown_format.escape(site.name)}"
    if site.description:
        yield f"\n> {markdown_format.escape(site.description)}"
    if site.facts.facts:
        yield ""
        yield from (f"- {markdown_format.escape(f'{fact.what}: {fact.value}')}" for fact in site.facts.facts.values())
        yield f"\nAll facts, with the days when they were confirmed: [facts.json]({settings.SITE_URL}/facts.json)"
    if settings.LLMS_FULL_BYTES:
        yield f"\nAll pages in one file: [llms-full.txt]({settings.SITE_URL}/llms-full.txt)"
    hubs = [hub for hub in visible.hubs() if hub.url in indexable]
    under = {hub.url: [hub, *(page for page in visible.under(hub.url) if page.url in indexable)] for hub in hubs}
    in_hubs = {page.url for pages in under.values() for page in pages}
    yield from _group("Pages", visible, (page for url, page in indexable.items() if url not in in_hubs))
    for hub in hubs:
        yield from _group(hub.name, visible, under[hub.url])


def _group(name: str, visible: VisiblePages, pages: Iterable[Page]) -> Iterator[str]:
    lines = [line for page in pages for line in (_link(page), *_file_links(page, visible))]
    if lines:
        yield f"\n## {markdown_format.escape(name)}\n"
        yield from lines


def _link(page: Page) -> str:
    link = f"- [{markdown_format.escape(page.name)}]({settings.SITE_URL}{iri_to_uri(markdown_path(page.url))})"
    return f"{link}: {markdown_format.escape(page.meta.description)}" if page.meta.description else link


def _file_links(page: Page, visible: VisiblePages) -> Iterator[str]:
    failed = visible.failed_files()
    for file in visible.library.files_of(page):
        if file.is_picture or file.path in failed:
            continue
        name = f"{file.kind}: {file.name}" if file.part else file.kind
        link = f"{markdown_format.escape(name)} ({file.suffix.removeprefix('.').upper()})"
        yield f"  - [{link}]({settings.SITE_URL}{iri_to_uri(file.path)})"
