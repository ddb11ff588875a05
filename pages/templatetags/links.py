"""What a template asks of the page that a link leads to."""

from django import template

from ..content.targets import address
from ..site import Visible

register = template.Library()


@register.filter
def told_of(found: Visible, href: str) -> str:
    """The line that the page at `href` says of itself in its META; empty where no page is."""
    page = found.page(address(href.partition("#")[0])) if href.startswith("/") else None
    return page.meta.description if page else ""
