"""Check that no two pages have the same first keyword."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from .document import Page
from .first_keyword import comparable_words, first_keyword, keyword_problem
from .problems import Problem


def check_intent(pages: Mapping[str, Page], now: datetime) -> Iterator[Problem]:
    """Yield a problem for each page that shares its first keyword with another page."""
    first: dict[tuple[str, str], Page] = {}
    # Check published pages first. If a published and an unpublished page share a keyword, the unpublished page has the
    # problem.
    for page in sorted(pages.values(), key=lambda page: not page.meta.is_published(now)):
        query = "".join(comparable_words(first_keyword(page.meta)))
        other = first.setdefault((page.meta.language, query), page) if query else page
        if other is not page:
            message = f"This page has the same first keyword as {other.path}, so the two compete in search results."
            help = "Begin “Keywords” with a query that only this page answers."
            yield keyword_problem(page.source, page.meta, message, help)
