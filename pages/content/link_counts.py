"""Count the links between pages: find pages with too few links to them, and pages without links to other pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice

from .document import Page
from .link_resolution import LinkResolver
from .problems import Problem

# If fewer pages than this link to a page, readers and search engines have trouble finding the page.
MIN_LINKS_IN = 3


def check_counts(
    pages: Mapping[str, Page], linking: Mapping[str, list[Page]], resolver: LinkResolver, now: datetime
) -> Iterator[Problem]:
    """Yield a problem for each page that too few pages link to, and for each page that links to no other page.

    `pages` maps URLs to pages, drafts included. `linking` has the pages that link to each page.
    """
    for url, page in pages.items():
        time = max(page.meta.publish or now, now)  # check a scheduled page as of the time when it goes live
        # A page with `noindex`, such as a campaign's landing page, needs no links: readers reach it from emails or ads.
        if url == "/" or not page.meta.is_published(time) or page.meta.keeps_out_search_engines:
            continue
        is_translation = page.meta.translation_of in pages  # the original page links to its translations
        needed = 0 if is_translation else 1 if page.meta.is_article else MIN_LINKS_IN
        live = (each for each in linking[url] if each.meta.is_published(time))
        if (count := len(list(islice(live, needed)))) < needed:
            links = {0: "No other page links", 1: "Only one other page links"}
            message = f"{links.get(count, f'Only {count} other pages link')} to this page."
            help = f"Link to this page from at least {MIN_LINKS_IN} related pages."
            help = "Write the hub that lists this article." if page.meta.is_article else help
            yield _problem(page, "few-links-in", message, help)
        if not page.listings and not _links_to_pages(page, resolver):
            help = "Link to pages that readers may want to read next."
            yield _problem(page, "no-links-out", "This page links to no other page.", help)


def _links_to_pages(page: Page, resolver: LinkResolver) -> bool:
    """Return whether `page` has a link to a page, existing or missing."""
    links = (target for target in page.link_targets if not target[1])
    return any(resolver.resolve(page, target).destination in ("page", "missing") for target in links)


def _problem(page: Page, rule: str, message: str, help: str) -> Problem:
    return page.source.problem_at(rule, message, help, line=page.url_line, text=page.url)
