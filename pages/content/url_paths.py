"""Where links may lead, and the phone numbers that stand in a text without being marked as links."""

from __future__ import annotations

import re

# What a browser drops from an address before it reads the scheme (https://url.spec.whatwg.org/#url-parsing), and the
# same as the Markdown parser writes it: whatever hides a scheme so is no address that a writer meant.
_IGNORED = re.compile(r"[\x00-\x20\x7f]|%[01][0-9A-Fa-f]|%20|%7[Ff]|&#\d+;?")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
ALLOWED_SCHEMES = frozenset({"http", "https", "mailto", "tel"})

# An international number as people write it: +91 89624 12726, +1 (720) 334-7249. Fifteen digits at most (ITU-T E.164).
PHONE = re.compile(r"(?<![\w+])\+\d(?:[ \u00a0().\-]{0,2}\d){6,14}(?!\d)")

# What can stand as a target in a document: a path, an anchor, or an address with a scheme.
TARGET_PATTERN = r"(?:/|#(?=[^\W\d])|https?://|mailto:|tel:)[^\s\]]*"


# Addresses at which the site itself answers, so that documents may link there; and with these, those that no document
# can have.
LINKABLE_PATHS = ("/search", "/sitemap.xml", "/robots.txt", "/llms.txt", "/speculation-rules.json")
RESERVED_PATHS = (
    *(*LINKABLE_PATHS, "/livez", "/readyz", "/version"),
    *("/static", "/social", "/__reload__", "/favicon.ico", "/site.webmanifest"),
)


def is_allowed_url(href: str) -> bool:
    """Whether a link may lead to `href`: a path, an anchor, or one of ALLOWED_SCHEMES."""
    scheme = _SCHEME.match(_IGNORED.sub("", href))
    return scheme is None or scheme[1].lower() in ALLOWED_SCHEMES


def phone_url(number: str) -> str:
    """The `tel:` address of a written number (RFC 3966: digits after a plus)."""
    return "tel:+" + re.sub(r"\D", "", number)


def normalize_path(href: str) -> str:
    """A path of this site in the one spelling it is served under: lower case, no slash at the end, none doubled."""
    path = re.sub(r"/{2,}", "/", href.strip().lower())
    return path.rstrip("/") or "/"


def parent_url(url: str) -> str:
    """The address right above a page's: `/hire` for `/hire/data-engineer`; empty for the home page's."""
    return "" if url == "/" else url.rpartition("/")[0] or "/"
