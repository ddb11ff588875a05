"""What a template asks of the page that a link leads to."""

from django import template

from ..content.document import Page
from ..content.targets import address
from ..site import Visible

register = template.Library()


@register.filter
def under(found: Visible, url: str) -> list[tuple[str, Page]]:
    """The pages right under `url`, each with its name as it stands under its hub's."""
    hub = found.page(url)
    return [(page.name_under(hub) if hub else page.name, page) for page in found.under(url)]


@register.filter
def told_of(found: Visible, href: str) -> str:
    """The line that the page at `href` says of itself in its META; empty where no page is."""
    page = found.page(address(href.partition("#")[0])) if href.startswith("/") else None
    return page.meta.description if page else ""
