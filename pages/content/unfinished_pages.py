"""Find the problems that never fail a check: notices, and the problems of pages that aren't live."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from .library import Library
from .problems import Problem


def split_problems(content: Library, problems: Iterable[Problem], now: datetime) -> tuple[list[Problem], list[Problem]]:
    """Return two lists: the problems that make a check fail at `now`, and all other problems. Leave out all notices.

    Problems of drafts, scheduled pages and expired pages are in the second list. If a page is a draft only because of a
    mistake in META, its problems are in the first list: the author thinks that the page is live.
    """
    unfinished = {page.path for page in content.documents.values() if page.meta.is_unfinished(now)}
    counted: list[Problem] = []
    apart: list[Problem] = []
    for problem in problems:
        if problem.level != "notice":
            (apart if problem.path in unfinished else counted).append(problem)
    return counted, apart
