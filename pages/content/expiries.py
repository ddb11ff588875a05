"""Check `Expires` and `Expires to` in META: report the pages that have expired, and wrong targets.

If a document has a problem only because a page has expired, the problem becomes a notice, and the check doesn't fail.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from . import dates
from .document import Page
from .problems import Problem, Suggestions


def check_expiries(pages: Mapping[str, Page], aliases: Mapping[str, str], now: datetime) -> Iterator[Problem]:
    """Yield a problem for each page that has expired, and for each target of `Expires to` that visitors can't open.

    `pages` maps URLs to pages, drafts included. `aliases` maps old URLs to current URLs.
    """
    similar_urls = Suggestions(cutoff=0.8)
    for page in pages.values():
        expires, url = page.meta.expires, page.meta.expires_to
        if expires and page.meta.has_expired(now):
            then = f"redirects to {url}" if url else "answers “410 Gone”"
            message = f"This page expired on {dates.format_time(expires)}. Its URL {then}."
            help = "You don't need to do anything. To bring the page back, delete “Expires” or change its time."
            yield _problem(page, "expired-page", "expires", message, help)
        if expires and url:
            yield from _check_target(page, pages, aliases, max(expires, now), similar_urls)


def _check_target(
    page: Page, pages: Mapping[str, Page], aliases: Mapping[str, str], time: datetime, similar_urls: Suggestions
) -> Iterator[Problem]:
    """Yield a problem if the URL in `Expires to` is wrong, or if its page isn't live at `time`.

    `time` is the time when `page` expires, or the current time if `page` has expired already.
    """
    url = page.meta.expires_to
    target = pages.get(aliases.get(url, url))
    message = help = ""
    if target is page:
        message = f"“Expires to” is {url}, which is this page itself."
        help = "Write the URL of another page, or delete this line."
    elif target and not target.meta.is_published(time):
        message = f"“Expires to” is {url}, but once this page has expired, "
        message += f"that page {target.meta.reason_unpublished(time)}."
        help = "Write the URL of a page that stays longer, or delete this line."
    elif target and url in aliases:
        message, help = f"“Expires to” is {url}, which redirects to {target.url}.", f"Write `Expires to: {target.url}`."
    elif target is None and url != "/":  # a site without a home page document has a list of all pages at /
        near = similar_urls.nearest(url, pages)
        message = f"“Expires to” is {url}, but no page has that URL."
        help = f"Did you mean {near}? If not, delete this line." if near else "Write a page's URL, or delete this line."
    if message:
        yield _problem(page, "expiry-target", "expires to", message, help)


def without_expiries(pages: Mapping[str, Page], now: datetime) -> Mapping[str, Page]:
    """Return `pages` as if no page had expired. If no page has expired, return `pages` itself."""
    expired = {url: page for url, page in pages.items() if page.meta.has_expired(now)}
    live = {url: replace(page.full, meta=replace(page.meta, expires=None)) for url, page in expired.items()}
    return {url: live.get(url, page) for url, page in pages.items()} if live else pages


def excuse_expiries(found: Iterable[Problem], without: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the problems in `found`. If a problem exists only because a page has expired, make it a notice.

    `without` are the problems that the documents would have if no page had expired. A problem that is in `found`, but
    not in `without`, is there because of an expired page.
    """
    places = {(problem.path, problem.line, problem.column, problem.rule) for problem in without}
    for problem in found:
        if problem.level != "notice" and (problem.path, problem.line, problem.column, problem.rule) not in places:
            message = f"{problem.message} The reason is that a page has expired."
            problem = problem._replace(message=message, is_notice=True)
        yield problem


def _problem(page: Page, rule: str, key: str, message: str, help: str) -> Problem:
    line = page.meta.lines[key]
    return page.source.problem_at(rule, message, help, line=line, text=page.source.line(line).strip())
