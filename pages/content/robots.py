"""Values of `Robots` in META: instructions for search engines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches

# Google's directives, and Bing's `nocache`.
# https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag
DIRECTIVES = (
    *("noindex", "nofollow", "none", "index", "follow", "all"),
    *("noarchive", "nocache", "nosnippet", "noimageindex", "notranslate", "indexifembedded"),
    *("max-snippet:50", "max-video-preview:30", "max-image-preview:large", "unavailable_after:2026-12-31"),
)
_WITH_VALUE = re.compile(r"max-(?:snippet|video-preview):(?:-1|\d+)|max-image-preview:(?:none|standard|large)")
_KEEPS_OUT = frozenset({"noindex", "none"})


def split_directives(text: str) -> list[str]:
    """Return the directives in `text`. Commas, spaces or both may separate directives."""
    return ":".join(part.strip() for part in text.split(":")).replace(",", " ").split()


def is_valid(directive: str) -> bool:
    """Return whether `directive`, in lowercase, is valid.

    The values in DIRECTIVES, such as `50`, are examples. Other values can be valid, too.
    """
    name, _, value = directive.partition(":")
    if name == "unavailable_after":
        try:
            return value == date.fromisoformat(value).isoformat()
        except ValueError:
            return False
    return (directive in DIRECTIVES and not value) or _WITH_VALUE.fullmatch(directive) is not None


def nearest(directive: str) -> str:
    """Return the valid directive most similar to `directive`, or "".

    If `directive` contains `noindex`, return `noindex`.
    """
    if "noindex" in directive:
        return "noindex"
    return next(iter(get_close_matches(directive, DIRECTIVES, n=1)), "")


def keeps_out(directives: Iterable[str]) -> bool:
    """Return whether `directives` keep a page out of search results."""
    return not _KEEPS_OUT.isdisjoint(directives)
