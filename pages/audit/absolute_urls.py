"""Make absolute URLs from the URLs in the pages and responses of a checked site.

The site may send any text in place of a URL, so each function returns "" if the URL is not valid.
"""

from __future__ import annotations

from urllib.parse import urldefrag, urljoin, urlsplit


def absolute_url(base: str, written: str) -> str:
    """Return the absolute URL for the URL `written` in the page at `base`. Return "" if the URL is not valid."""
    try:
        url = urljoin(base, written)
        url.encode()  # a lone surrogate, which JSON can contain, raises UnicodeEncodeError
    except ValueError:  # such as https://[
        return ""
    return url


def requested_url(base: str, written: str) -> str:
    """Return the absolute URL without the fragment, which clients don't send. Return "" if the URL is not valid."""
    return urldefrag(absolute_url(base, written)).url


def origin_of(url: str) -> str:
    """Return the scheme and host of `url`, such as `https://www.example.com`. Return "" if `url` is not valid."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"
