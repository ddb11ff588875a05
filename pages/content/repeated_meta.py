"""Find pages that have the same title or description as another page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from .document import Page
from .markdown_checks import TODO
from .problems import Problem


def check_repeated_meta(pages: Mapping[str, Page], now: datetime) -> Iterator[Problem]:
    """Yield a problem for each page that has the same title or description as another page."""
    for key in ("title", "description"):
        first: dict[str, Page] = {}
        # Published pages come first, so that the problem is reported on a draft with the same text.
        for page in sorted(pages.values(), key=lambda page: not page.meta.is_published(now)):
            value = getattr(page.meta, key)
            if not value or TODO in value:
                continue
            other = first.setdefault(value.lower(), page)
            if other is not page:
                message = f"This page has the same {key} as {other.path}. Readers can't tell the two pages apart."
                yield page.source.problem_from(
                    f"repeated-{key}", message, "Say how this page differs.", first_line=page.meta.line, text=value
                )
