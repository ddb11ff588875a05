"""Find the words of the site itself, such as labels of links, that the pages in one language can show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from .document import Page
from .site_words import WORDS_BY_PART

_CALLOUT = re.compile(r">[ \t]*\[![A-Za-z]")
_NOTE = "[^"


def shown_words(pages: Iterable[Page], children: Mapping[str, Sequence[Page]], *, has_banner: bool) -> list[str]:
    """Return the words that at least one of `pages` can show.

    `children` are the pages that a hub can list, keyed by the hub's URL. `has_banner` means that `site.toml` has a
    banner.
    """
    parts = {part for page in pages for part in _parts(page.full, children, has_banner)}
    return [word for part, words in WORDS_BY_PART.items() if part in parts for word in words]


def _parts(page: Page, children: Mapping[str, Sequence[Page]], has_banner: bool) -> list[str]:
    """Return the keys of WORDS_BY_PART whose words `page` can show."""
    listed = [child for listing in page.listings for child in children.get(listing.url, ())]
    lists_articles = any(child.meta.is_article for child in listed)
    others = [child for child in listed if not child.meta.is_article]
    lists_reports = any(child.reported_scores and not child.weights for child in others)
    sheets = [sheet for report in page.reports for sheet in report.sheets]
    duel = page.hero.duel if page.hero else None
    shown: dict[str, object] = {
        "page": True,
        "banner": has_banner,
        "contents": page.contents,
        "weights": page.weights or sheets,
        "link to a report": page.weights,
        "questions": page.question_sections,
        "question bank": page.question_banks,
        "picture of a file": page.hero and any(file.is_picture for file in page.files),
        # Sections have callouts and notes only as HTML, so search the Markdown. A match may also be in a code block.
        "callouts": _CALLOUT.search(page.source.text),
        "notes": _NOTE in page.source.text,
        "players": page.player_hosts,
        "article": page.meta.is_article,
        "months": page.meta.is_article or lists_articles,
        "list of articles": lists_articles,
        "problems": page.form or page.calculator,
        "range": page.calculator or sheets or lists_reports,
        "calculator": page.calculator,
        "example": duel or sheets,
        "report": sheets,
        "chart": any(child.weights for child in others),
        "chart of reports": lists_reports,
        "duel": duel,
        "form": page.form,
    }
    return [part for part in WORDS_BY_PART if shown[part]]
