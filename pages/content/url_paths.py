"""URLs in documents: allowed link targets, phone numbers and the normal form of paths."""

from __future__ import annotations

import re
from urllib.parse import unquote, urljoin, urlsplit

from . import hub_paths

# Browsers drop these characters before they parse the scheme (https://url.spec.whatwg.org/#url-parsing). So these
# characters can hide a scheme such as `javascript:`. markdown-it percent-encodes some of these characters, so the
# pattern matches them in this form too.
_IGNORED = re.compile(r"[\x00-\x20\x7f]|%[01][0-9A-Fa-f]|%20|%7[Ff]|&#\d+;?")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
# `urljoin` needs an origin. Otherwise, it removes the first slash of a path with too many `..`.
_ORIGIN = "http://site"
# A path that `resolve` returns unchanged, without calling `urljoin`, which is slow. Most links have such a path.
_PLAIN_PATH = re.compile(r"(?:/[\w-]+)+")
_ENCODED_PERIOD = re.compile("%2e", re.IGNORECASE)
_USABLE_URL = re.compile(r"(?:https?:)?[/\\]{2}[^/\\?#]|mailto:.|tel:\D*\d", re.IGNORECASE)
ALLOWED_SCHEMES = frozenset({"http", "https", "mailto", "tel"})

# An international phone number as people write it: +91 89624 12726, +1 (720) 334-7249. At most 15 digits (ITU-T E.164).
PHONE = re.compile(r"(?<![\w+])\+\d(?:[ \u00a0().\-]{0,2}\d){6,14}(?!\d)")

# The target of a call to action: a path (see `is_site_path`), an anchor, or a URL with a scheme.
TARGET_PATTERN = r"(?:/(?![/\\])|#(?=[^\W\d])|https?://|mailto:|tel:)[^\s\]]*"

# The paths of previews (pages/previews) start with this text.
PREVIEWS = "/preview/"

# Paths that the site serves itself. Documents may link to LINKABLE_PATHS, but no document can use a reserved path.
LINKABLE_PATHS = (
    *("/search", "/sitemap.xml", "/robots.txt", "/llms.txt", "/llms-full.txt", "/facts.json"),
    "/.well-known/security.txt",
)
RESERVED_PATHS = (
    *(*LINKABLE_PATHS, "/livez", "/readyz", "/version", "/metrics"),
    *("/static", "/social", "/__reload__", "/__edit__", "/favicon.ico", "/site.webmanifest", "/planned.ics"),
    "/.well-known",
    PREVIEWS.rstrip("/"),
)
_RESERVED_FOLDERS = tuple(f"{path}/" for path in RESERVED_PATHS)


def is_reserved(path: str) -> bool:
    """Return whether the site itself serves the normalized path `path`."""
    return path in RESERVED_PATHS or path.startswith(_RESERVED_FOLDERS) or bool(hub_paths.parse(path))


def is_allowed_url(href: str) -> bool:
    """Return whether `href` is a path, an anchor, or a URL with one of ALLOWED_SCHEMES."""
    scheme = scheme_of(href)
    return not scheme or scheme in ALLOWED_SCHEMES


def scheme_of(href: str) -> str:
    """Return the scheme of `href` in lowercase, as browsers read it, or "" if `href` has no scheme."""
    scheme = _SCHEME.match(_IGNORED.sub("", href))
    return scheme[1].lower() if scheme else ""


def is_external(href: str) -> bool:
    """Return whether `href` leads out of this site: it has a scheme, or begins with `//host`."""
    return href.startswith(("//", "/\\")) or scheme_of(href) != ""


def is_usable_url(href: str) -> bool:
    """Return whether `href`, an external URL, has a host, an email address or a phone number after its scheme."""
    return _USABLE_URL.match(href) is not None


def resolve(base: str, href: str) -> str:
    """Resolve `href` relative to the path `base` (RFC 3986, 5.2.4).

    Return external URLs and anchors unchanged. As in browsers, `%2e` counts as a period.
    """
    if not href or href.startswith("#") or _PLAIN_PATH.fullmatch(href) or is_external(href):
        return href
    path, *rest = re.split("(?=[?#])", href, maxsplit=1)
    if not path:
        return base + href
    url = urljoin(_ORIGIN + base, _ENCODED_PERIOD.sub(".", path)).removeprefix(_ORIGIN)
    return "".join((url, *rest))


def is_site_path(href: str) -> bool:
    """Return whether `href` is a path of this site.

    `//host` is not a path, because browsers treat it as a URL of that host. Browsers also treat a backslash as a slash.
    """
    return href.startswith("/") and not href.startswith(("//", "/\\"))


def is_web_url(href: str) -> bool:
    """Return whether `href` is a whole https:// URL."""
    try:
        parts = urlsplit(href)
        return parts.scheme == "https" and bool(parts.hostname) and not re.search(r"\s", href)
    except ValueError:  # such as https://[
        return False


def alias_path(alias: str) -> str:
    """Return the normalized path that the server receives when a browser opens the old URL `alias`.

    Return "" if the server can't receive such a path. The server percent-decodes paths as UTF-8. Browsers resolve `.`
    and `..`, turn a backslash into a slash, and don't send the part after `#`. The query is not part of the path.
    """
    path = unquote(alias)
    if not is_site_path(alias) or re.search(r"[\s?#\\]", alias) or re.search(r"[\x00-\x1f\x7f\ufffd]", path):
        return ""
    return normalize_path(path) if {".", ".."}.isdisjoint(path.split("/")) else ""


def phone_url(number: str) -> str:
    """Return the `tel:` URL of an international phone number (RFC 3966).

    Leave out “(0)”, which callers from other countries don't dial.
    """
    return "tel:+" + re.sub(r"\(0\)|\D", "", number)


def normalize_path(href: str) -> str:
    """Return the URL path in its normal form: lowercase, without a trailing slash or double slashes."""
    path = re.sub(r"/{2,}", "/", href.strip().lower())
    return path.rstrip("/") or "/"


def parent_url(url: str) -> str:
    """Return the parent of a page's URL: `/hire` for `/hire/data-engineer`, and `""` for the home page."""
    return "" if url == "/" else url.rpartition("/")[0] or "/"
