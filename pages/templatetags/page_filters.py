"""Template filters for pages and their sections."""

from django import template

from ..content.document import Page
from ..content.sections import dimensions
from ..content.url_paths import is_site_path, normalize_path
from ..http.hub_list import listed_under
from ..repository.visible_pages import VisiblePages

register = template.Library()


register.filter("listed_under", listed_under)


@register.filter
def page_description(visible: VisiblePages, href: str) -> str:
    """Return the META description of the page that `href` leads to, or ""."""
    page = visible.page(normalize_path(href.partition("#")[0])) if is_site_path(href) else None
    return page.meta.description if page else ""


@register.filter
def is_interview_kit(page: Page) -> bool:
    """Return whether interviewers print this page.

    Such a page has a section with evaluation criteria, or a text with several tables, as on a scorecard.
    """
    return any(
        section.kind == "criteria" or any(getattr(component, "has_table_series", False) for component in section.body)
        for section in page.sections
    )


register.filter("are_to_scale", dimensions.are_to_scale)
