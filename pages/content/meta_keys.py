"""The keys of META, and functions that recognize a line of META."""

from __future__ import annotations

import re

# Each key of META and what it sets, in the order of the marketers' guide (content/README.md).
KEYS = {
    "title": "the title in browser tabs and search results",
    "nav title": "a shorter name for the header, the footer and the breadcrumbs",
    "description": "the text under the title in search results and shared links",
    "keywords": "keywords, which most search engines ignore",
    "status": "`draft` hides the page from visitors",
    "publish": "the time at which the page goes live, such as 2026-12-01 09:00 +05:30",
    "expires": "the time at which the page leaves the site, such as 2026-12-31 18:00 +05:30",
    "expires to": "the URL of the page that visitors see after the time in `Expires`",
    "aliases": "old URLs, separated by commas, that redirect here permanently",
    "canonical": "the URL that search engines should list instead of the page's own URL",
    "robots": "instructions for search engines, such as `noindex`",
    "image": "the image for shared links",
    "updated": "the date of the last important change, such as 2026-11-30",
    "author": "the author's name: a page with an author and a date is an article",
    "date": "the date of an article, such as 2026-11-30",
    "language": "the language of the page, such as `hi`",
    "translation of": "the URL of the same page in another language",
}

# These keys can hide a page. If such a key or its value is unclear, the writer may have meant to hide the page. So the
# site makes the page a draft.
PUBLISHING_KEYS = ("status", "publish", "expires", "draft")

LINE = re.compile(r"\s*([A-Za-z][A-Za-z ]{0,30}):(.*)")


def looks_like_meta(line: str) -> bool:
    """Return whether `line` has the form `Key: value`."""
    return LINE.match(line) is not None


def has_known_key(line: str) -> bool:
    """Return whether `line` has the form `Key: value`, with a known key."""
    match = LINE.match(line)
    return match is not None and is_known_key(match[1])


def is_known_key(key: str) -> bool:
    """Return whether `key` is one of KEYS, or `draft`. `Draft: true` means `Status: draft`, as in other tools."""
    key = key.strip().lower()
    return key in KEYS or key == "draft"
