"""Template filters that look up pages."""

from django import template

from ..content.document import Page
from ..content.url_paths import normalize_path
from ..repository.visible_pages import VisiblePages

register = template.Library()


@register.filter
def under(visible: VisiblePages, url: str) -> list[tuple[str, Page]]:
    """Return the direct children of the page at `url`, each with its short name."""
    hub = visible.page(url)
    return [(page.short_name(hub) if hub else page.name, page) for page in visible.under(url)]


@register.filter
def page_description(visible: VisiblePages, href: str) -> str:
    """Return the META description of the page that `href` leads to, or ""."""
    page = visible.page(normalize_path(href.partition("#")[0])) if href.startswith("/") else None
    return page.meta.description if page else ""
