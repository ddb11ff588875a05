"""What a template asks of the page that a link leads to."""

from django import template

from ..content.document import Page
from ..content.url_paths import normalize_path
from ..repository.visible_pages import VisiblePages

register = template.Library()


@register.filter
def under(found: VisiblePages, url: str) -> list[tuple[str, Page]]:
    """The pages right under `url`, each with its name as it stands under its hub's."""
    hub = found.page(url)
    return [(page.short_name(hub) if hub else page.name, page) for page in found.under(url)]


@register.filter
def page_description(found: VisiblePages, href: str) -> str:
    """The line that the page at `href` says of itself in its META; empty where no page is."""
    page = found.page(normalize_path(href.partition("#")[0])) if href.startswith("/") else None
    return page.meta.description if page else ""
