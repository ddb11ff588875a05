"""Keep the links of a preview's pages within the preview."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

from ..content import hub_paths
from ..content.url_paths import is_reserved, is_site_path
from ..repository.visible_pages import VisiblePages

# The URL in a link or a form. Text and attributes in a page contain no unescaped `<` or `>`.
_LINK = re.compile(r'(<(?:a|form)\s[^<>]*?(?<=\s)(?:href|action)=")(/[^"]*)')


def keep_links_within(html: str, prefix: str, visible: VisiblePages) -> str:
    """Add `prefix` to the path of each link and form that leads to a page. Files and search stay outside."""

    def replace_link(match: re.Match[str]) -> str:
        start, href = match.groups()
        return f"{start}{prefix}{href}" if leads_to_page(unescape(href), visible) else match[0]

    return _LINK.sub(replace_link, html)


def leads_to_page(href: str, visible: VisiblePages) -> bool:
    """Return whether `href` leads to a page of this site, also if this page is missing or has moved."""
    path = unquote(re.split("[?#]", href, maxsplit=1)[0])
    if not is_site_path(path):
        return False
    hub_path = hub_paths.parse(path)
    if hub_path:
        return hub_path.number > 0
    return not is_reserved(path) and not visible.has_file(path)
