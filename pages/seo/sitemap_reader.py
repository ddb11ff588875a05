"""Read the addresses in the sitemap of any site, or in a list with one address on each line."""

from __future__ import annotations

import gzip
import html
import re
import zlib
from collections.abc import Iterator
from http.client import HTTPException
from io import BytesIO
from pathlib import Path
from urllib.error import URLError
from urllib.parse import unquote, urlsplit
from urllib.request import Request, urlopen

# The protocol's limits for one file (https://www.sitemaps.org/protocol.html).
MAX_BYTES = 50 * 1024 * 1024
MAX_SITEMAPS = 1_000  # The protocol allows 50,000 sitemaps, but reading them would take hours.
TIMEOUT_SECONDS = 30

_GZIP = b"\x1f\x8b"
# A regular expression, because an XML parser would expand entities without a limit. The expression skips
# the addresses of images, videos and news, whose tags have a prefix, such as `<image:loc>`.
_LOCATION = re.compile(r"<(?!image:|video:|news:)(?:\w+:)?loc\s*>\s*(?:<!\[CDATA\[)?\s*([^<\s]+)")


class UnreadableSitemap(Exception):
    """The sitemap can't be read. The message says why."""


def read_paths(location: str) -> dict[str, str]:
    """Return the addresses in a sitemap, keyed by their paths and queries.

    `location` is a URL, or the path of a file. Instead of a sitemap, it can name a text file with one address on each
    line. If it names a sitemap index, all sitemaps in this index are read. Raises UnreadableSitemap.
    """
    waiting, seen = [location], {location}
    paths: dict[str, str] = {}
    while waiting:
        text = _load(waiting.pop())
        if "<sitemapindex" not in text[:10_000]:
            paths |= {path: address for address in _addresses(text) if (path := _path_of(address))}
            continue
        for child in _addresses(text):
            is_web = _is_web(child)  # a sitemap from the web must not lead to a local file
            if is_web and child not in seen:
                seen.add(child)
                waiting.append(child)
        if len(seen) > MAX_SITEMAPS:
            raise UnreadableSitemap(f"{location} leads to more than {MAX_SITEMAPS:,} sitemaps. Read them in parts.")
    return paths


def _addresses(text: str) -> Iterator[str]:
    if "<loc" in text or "<urlset" in text or "<sitemapindex" in text or ":loc" in text:
        yield from (html.unescape(match[1].removesuffix("]]>")) for match in _LOCATION.finditer(text))
        return
    for line in text.splitlines():
        if (address := line.strip()) and not address.startswith("#"):
            yield address


def _path_of(address: str) -> str:
    """Return the percent-decoded path and the query of `address`.

    If `address` is neither a path nor an http(s) URL, return "".
    """
    try:
        parts = urlsplit(address)
    except ValueError:  # such as https://[
        return ""
    is_address = parts.scheme in ("http", "https") or (not parts.scheme and address.startswith("/"))
    query = f"?{parts.query}" if parts.query else ""
    return (unquote(parts.path) or "/") + query if is_address else ""


def _load(location: str) -> str:
    try:
        raw = _fetch(location) if _is_web(location) else _read_file(location)
        if raw.startswith(_GZIP):
            with gzip.open(BytesIO(raw)) as file:
                raw = file.read(MAX_BYTES + 1)
    except (OSError, URLError, HTTPException, ValueError, EOFError, zlib.error) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
        raise UnreadableSitemap(f"{location} can't be read: {reason}.") from error
    if len(raw) > MAX_BYTES:
        raise UnreadableSitemap(f"{location} is larger than {MAX_BYTES // 1024 // 1024} MB.")
    text = raw.decode("utf-8-sig", errors="replace")
    if re.match(r"\s*<(?:!doctype )?html", text, re.IGNORECASE):
        raise UnreadableSitemap(f"{location} is a web page, not a sitemap. Write the URL of the sitemap.")
    for name in ("urlset", "sitemapindex"):
        if f"<{name}" in text and f"</{name}" not in text:
            raise UnreadableSitemap(f"{location} is cut off: it has no </{name}> at its end.")
    return text


def _is_web(location: str) -> bool:
    return location.lower().startswith(("http://", "https://"))


def _fetch(url: str) -> bytes:
    request = Request(url, headers={"User-Agent": "LayersRank-addresses"})  # noqa: S310  the URL is http or https
    with urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310  see above
        raw: bytes = response.read(MAX_BYTES + 1)
    return raw


def _read_file(name: str) -> bytes:
    with Path(name).open("rb") as file:
        return file.read(MAX_BYTES + 1)
