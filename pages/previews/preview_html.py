"""Keep the links of a preview's pages within the preview."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

from ..content import hub_paths
from ..content.url_paths import is_reserved, is_site_path
from ..repository.visible_pages import VisiblePages

# The URL in a link or a form. Pages escape `<` and `>` in text and attributes, so each `<` here begins a tag.
_LINK = re.compile(r'(<(?:a|form)\s[^<>]*?(?<=\s)(?:href|action)=")(/[^"]*)')


def keep_links_within(html: str, prefix: str, live: VisiblePages) -> str:
    """Add `prefix` to the path of each link and form that leads to a page.

    `live` are the pages that visitors see now. Links to the search, and to files that visitors can download now, stay
    unchanged.
    """

    def replace_link(match: re.Match[str]) -> str:
        start, href = match.groups()
        return f"{start}{prefix}{href}" if is_within(unescape(href), live) else match[0]

    return _LINK.sub(replace_link, html)


def is_within(href: str, live: VisiblePages) -> bool:
    """Return whether the link `href` stays inside the preview.

    Links to the URLs of pages stay inside, even if the page is missing or has moved. A link to a file stays inside only
    if visitors can't download the file yet.
    """
    path = unquote(re.split("[?#]", href, maxsplit=1)[0])
    if not is_site_path(path):
        return False
    hub_path = hub_paths.parse(path)
    if hub_path:
        return hub_path.number > 0  # 0 is a feed
    return not is_reserved(path) and not live.has_file(path)
