"""Problems of pages that aren't on the site. The checker lists them apart, and they never fail a check."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from .library import Library
from .problems import NOTICES, Problem


def split_problems(content: Library, problems: Iterable[Problem], now: datetime) -> tuple[list[Problem], list[Problem]]:
    """Return the problems that count at `now`, and those that don't.

    Problems of drafts, scheduled pages and expired pages don't count, and NOTICES never count. If a page is a draft
    only because of a mistake in META, its problems count: its author thinks that the page is live.
    """
    unfinished = {page.path for page in content.documents.values() if page.meta.is_unfinished(now)}
    counted: list[Problem] = []
    apart: list[Problem] = []
    for problem in problems:
        (apart if problem.path in unfinished or problem.rule in NOTICES else counted).append(problem)
    return counted, apart
