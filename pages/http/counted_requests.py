"""Decide which requests for missing pages are counted: people's requests for addresses that may need a redirect."""

from __future__ import annotations

import re

from django.http import HttpRequest

from ..content.url_paths import alias_path, is_reserved
from .notices import READ_METHODS

# Addresses with more characters than this aren't counted. Even the long URLs of articles have fewer characters.
MAX_LENGTH = 200

# Only addresses with one of these extensions, or without an extension, are counted. Addresses with another extension
# belong to images, styles and scripts of pages, or to programs such as `login.php` that scanners look for.
_DOCUMENT_ENDINGS = (".htm", ".html", ".pdf")

# Paths that scanners request: hidden files, and parts of other sites' software.
_SCANNED = re.compile(
    r"/\.|/wp-|/cgi-bin(?:/|$)|phpmyadmin|/(?:_ignition|actuator|administrator|boaform|hnap1|owa|pma|server-status|"
    r"solr|vendor|wordpress|xmlrpc)(?:/|$)"
)

# Bots that read pages usually have their name or a URL in their User-Agent.
_BROWSER = re.compile(r"Mozilla/|Opera/")
_BOT = re.compile(r"bot|crawl|spider|slurp|scan|monitor|preview|headless|http|curl|wget|python|java/|facebook", re.I)

# Text that may identify a person, or give access to something: an email address, a long number such as a phone number,
# a UUID, or a word that may be a token. A token has at least 16 characters and a digit, or at least 40 characters.
_PERSONAL = re.compile(r"@|\d{7}|\d(?:[ ._-]?\d){8}|[0-9a-f]{8}-[0-9a-f]{4}-|(?=[a-z_=~]*\d)[a-z0-9_=~]{16}|[^\W_]{40}")


def counted_address(request: HttpRequest) -> str:
    """Return the normalized address to count for a request without a page, or "" if the request isn't counted.

    The address has no query, and nothing in it may identify a visitor.
    """
    if request.method not in READ_METHODS or "text/html" not in request.headers.get("Accept", ""):
        return ""
    browser = request.headers.get("User-Agent", "")
    if not _BROWSER.match(browser) or _BOT.search(browser):
        return ""
    path = request.path_info
    if "%" in path or not path.isprintable():
        return ""
    address = alias_path(path)  # "" if redirects.toml can't list this address
    if len(address) > MAX_LENGTH:  # in lowercase, a path may have more characters: "İ" becomes two
        return ""
    last = address.rpartition("/")[2]
    if "." in last and not last.endswith(_DOCUMENT_ENDINGS):
        return ""
    if is_reserved(address) or _SCANNED.search(address) or _PERSONAL.search(address):
        return ""
    return address if address != "/" else ""
