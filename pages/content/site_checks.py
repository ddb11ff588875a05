"""Check the links and the banner in `site.toml`, like the links and texts of documents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from . import banner as banners
from . import document
from .document import Page
from .document_links import Link
from .link_graph import LinkGraph
from .link_texts import is_generic
from .meta import Meta
from .problems import Edit, Problem, Source, Span
from .site_settings import SiteSettings
from .toml_positions import TomlPositions
from .url_paths import is_site_path

# The banner isn't a document, so it has no META.
_RULES_OF_DOCUMENTS = ("missing-meta",)


def check_site(source: Source, site: SiteSettings, graph: LinkGraph, settings: document.Settings) -> Iterator[Problem]:
    """Yield the problems with the links and the banner in `site`. `source` is `site.toml`."""
    yield from _check_entries(source, site, graph)
    if site.banner:
        yield from _check_banner(source, site.banner, graph, settings)


def _check_entries(source: Source, site: SiteSettings, graph: LinkGraph) -> Iterator[Problem]:
    button = (site.header_button,) if site.header_button else ()
    groups = (entry for entries in site.footer_groups.values() for entry in entries)
    for entry in (*site.header, *button, *site.footer, *groups):
        link = _fixable(source, link_at(source, entry.place, entry.target))
        page = hidden_page(source, [link])
        yield from graph.check_links(page)
        if is_generic(entry.label, site.language):
            message = f"The link text “{entry.label}” doesn't say where the link leads."
            yield source.problem("bare-link-text", message, "Name the target.", **entry.place._asdict())
        if not entry.label and graph.resolve(page, link).destination == "file":
            message = f"The entry {entry.target} leads to no page, so it needs a text."
            help = f'Write the text and an arrow before the URL: "Brochure → {entry.target}"'
            yield source.problem("broken-link", message, help, **entry.place._asdict())


def _check_banner(
    source: Source, banner: banners.Banner, graph: LinkGraph, settings: document.Settings
) -> Iterator[Problem]:
    positions = TomlPositions(source.text)
    if banner.has_ended(graph.now):
        message = "The banner has ended, so no page shows it."
        place = positions.value(("banner", "until"))._asdict()
        yield source.problem("expired-banner", message, "Delete [banner], or change “until”.", **place)
    links = [
        _fixable(source, link_at(source, positions.value(("banner", "pages", index)), url))
        for index, url in enumerate(banner.pages)
        if is_site_path(url)
    ]
    yield from graph.check_links(hidden_page(source, links))
    # Read the text as if it were a document. Check its links as of the time when the banner appears, so that the
    # banner can announce a page that goes live at the same time.
    text = Source(source.path, banner.text)
    page = document.read(text, "/", settings)
    graph = replace(graph, now=max(graph.now, banner.starts or graph.now))
    for problem in (*page.problems, *graph.check_links(page)):
        if problem.rule not in _RULES_OF_DOCUMENTS:
            span = positions.character(("banner", "text"), problem.line, problem.column)
            line = source.line(span.line)
            edits = [_moved(edit, text, source, positions) for edit in problem.edits]
            moved = tuple(edit for edit in edits if edit)
            # A fix must make all of its edits. If one of them can't be made in the TOML file, leave out the whole fix.
            moved = moved if len(moved) == len(edits) else ()
            yield problem._replace(line=span.line, column=span.column, source=line, edits=moved)


def _moved(edit: Edit, text: Source, source: Source, positions: TomlPositions) -> Edit | None:
    """Convert an edit of the banner's text into an edit of `site.toml`.

    `edit` counts lines and columns in `text`, the banner's text. The returned edit counts them in `source`, the file
    `site.toml`. Return None if `edit` deletes a line, if the old text is escaped in `site.toml`, or if the new text may
    need escapes.
    """
    place = edit.span
    start = positions.character(("banner", "text"), place.line, place.column)
    span = start._replace(length=place.length)
    is_same = source.text_at(span) == text.text_at(place) and not re.search(r'["\\\n]', edit.text)
    return replace(edit, span=span) if is_same and not edit.deletes_line else None


def link_at(source: Source, span: Span, href: str) -> Link:
    return Link(href, source.text_at(span), span.line, span.column)


def _fixable(source: Source, link: Link) -> Link:
    """Return `link` with the position of its URL, so that the checker can fix the URL.

    The URL comes last in an entry such as `Pricing → /pricing`.
    """
    url = link.text.rpartition("→")[2].strip()
    start = link.column + link.text.rindex(url) if url else 0
    return link if "\\" in url or not url else link._replace(target=Span(link.line, start, len(url)))


def hidden_page(source: Source, links: Iterable[Link]) -> Page:
    """Return a page with `links`, so that the link checks for pages can check a settings file.

    The page is a draft, because drafts may link to drafts. Links in `site.toml` may lead to drafts, too: pages leave
    out these links until the drafts are published.
    """
    meta = Meta(draft=True)
    return Page(source, "/", 1, "", meta, (), tuple(links), frozenset(), (), (), "", ())
