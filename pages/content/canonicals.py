"""Check that `Canonical` in META is the URL of a page that search engines can list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from .document import Page
from .problems import Problem, Suggestions


def check_canonicals(pages: Mapping[str, Page], aliases: Mapping[str, str], now: datetime) -> Iterator[Problem]:
    """Yield a problem for each page whose `Canonical` is a path that search engines can't list.

    `pages` maps URLs to pages, drafts included. `aliases` maps old URLs to current URLs.
    """
    similar_urls = Suggestions(cutoff=0.8)
    for page in pages.values():
        url = page.meta.canonical
        if not url.startswith("/") or url == page.url:
            continue
        target = pages.get(url)
        if url in aliases:
            message = f"“Canonical” is {url}, which redirects to {aliases[url]}. This line has no effect."
            yield _problem(page, message, f"Write `Canonical: {aliases[url]}`.")
        elif target:
            yield from _check_target(page, target, now)
        elif url != "/":  # a site without a home page document has a list of all pages at /
            near = similar_urls.nearest(url, pages)
            help = (
                f"Did you mean {near}? If not, remove this line."
                if near
                else "Write a page's URL, or remove this line."
            )
            yield _problem(page, f"“Canonical” is {url}, but no page has that URL. This line has no effect.", help)


def _check_target(page: Page, target: Page, now: datetime) -> Iterator[Problem]:
    url = target.url
    if page.meta.is_published(now) and not target.meta.is_published(now):
        message = f"“Canonical” is {url}, but that page {target.meta.reason_unpublished(now)}. This line has no effect."
        yield _problem(page, message, f"Publish {target.path}, or remove this line for now.")
    elif target.meta.canonical not in ("", url):
        message = f"“Canonical” is {url}, but the “Canonical” of that page is {target.meta.canonical}."
        yield _problem(page, message, f"Remove “Canonical” from {target.path}, or from this page.")
    elif target.meta.keeps_out_search_engines:
        message = f"“Canonical” is {url}, but “Robots” keeps that page out of search results."
        yield _problem(page, message, f"Remove “Robots” from {target.path}, or remove this line.")


def _problem(page: Page, message: str, help: str) -> Problem:
    line, text = page.meta.lines["canonical"], page.meta.canonical
    return page.source.problem_at("canonical-target", message, help, line=line, text=text)
