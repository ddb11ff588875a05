"""Template filters for pages and their sections."""

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.template import Context
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from ..content import markup
from ..content.document import Page
from ..content.markup import Html
from ..content.role_reports import RoleReport, build_report, find_question
from ..content.sections import dimensions
from ..content.sections.closing import Closing
from ..content.sections.faq import Faq
from ..content.sections.links import Links
from ..content.sections.prose import Prose
from ..content.sections.questions import Question
from ..content.sections.report import CandidateQuestion, Sheet
from ..content.url_paths import is_site_path, normalize_path, parent_url
from ..http import file_links
from ..http.article_list import ShownList, shown_list
from ..http.file_links import CallTarget, FileOffer, FilePicture
from ..http.hub_list import listed_under
from ..http.navigation import NavLink
from ..repository.visible_pages import VisiblePages

register = template.Library()

register.filter("listed_under", listed_under)


@register.simple_tag(takes_context=True)
def article_list(context: Context, url: str) -> ShownList | None:
    """Return the articles under `url` that the page shows, or None if there are none."""
    visible, page, number = context.get("visible"), context.get("page"), context.get("list_number")
    if not visible:
        return None
    shown = shown_list(visible, url, 1 if page and url == page.url else number)
    return shown if shown.articles else None


@register.simple_tag(takes_context=True)
def files_of(context: Context, page: Page | None, part: str = "") -> FileOffer | None:
    """Return links to the files about `page`. With `part`, return links to the files about this competency.

    Return None if there are no files.
    """
    visible = context.get("visible")
    return file_links.offer(visible, page, part) if visible and page else None


@register.simple_tag(takes_context=True)
def pictures_under(context: Context, page: Page | None) -> tuple[FilePicture, ...]:
    """Return pictures of the files to download from pages under `page`. A hub's hero shows these pictures."""
    visible = context.get("visible")
    return file_links.pictures_under(visible, page) if visible and page else ()


@register.simple_tag(takes_context=True)
def call_target(context: Context, href: str) -> CallTarget:
    """Return the target of a call to action."""
    return file_links.call_target(context.get("visible"), context.get("page"), context.get("navigation"), href)


@register.filter
def nav_link(link: NavLink) -> SafeString:
    """Return the HTML of a link in the header or the footer."""
    # The cache doesn't distinguish a SafeString from a `str` with the same text. So escape the name first: then equal
    # names are equally safe.
    return _nav_link(conditional_escape(link.name), link.href, link.current, is_external=link.is_external)


@register.filter
def nav_items(links: Iterable[NavLink]) -> SafeString:
    """Return a list item for each link in the header or the footer."""
    return format_html_join("", "<li>{}</li>\n", ((nav_link(link),) for link in links))


@lru_cache(1_000)  # most pages have the same links
def _nav_link(name: SafeString, href: str, current: str, *, is_external: bool) -> SafeString:
    attribute = format_html(' aria-current="{}"', current) if current else ""
    rel = SafeString(' rel="external noreferrer"' if is_external else "")
    return format_html('<a href="{}"{}{}>{}</a>', href, attribute, rel, name)


@register.filter
def is_text_page(page: Page) -> bool:
    """Return whether the page has only text and links, and no duel or call to action in its hero."""
    texts = (Closing, Faq, Links, Prose)
    hero = page.hero
    if hero is None or hero.calls or hero.duel:
        return False
    return all(section is hero or isinstance(section, texts) for section in page.sections)


@register.filter
def without_note_marks(html: str) -> Html:
    """Return `html` without footnote marks, for a place where the page doesn't show the footnotes."""
    return markup.without_note_marks(html)


@register.filter
def page_teaser(visible: VisiblePages, href: str) -> str:
    """Return the teaser of the page that `href` leads to, or "" if there is none. A teaser is a line about the page."""
    page = visible.page(normalize_path(href.partition("#")[0])) if is_site_path(href) else None
    return page.teaser if page else ""


@register.filter
def report_of(visible: VisiblePages | None, sheet: Sheet) -> RoleReport | None:
    """Return the sample report for the template. Its weights and questions come from the role's page.

    Return None if visitors can't see the role's page, or if the report doesn't fit that page.
    """
    role = visible.full_page(sheet.role) if visible else None
    return build_report(sheet, role) if role else None


@register.filter
def role_name(visible: VisiblePages, role: Page) -> str:
    """Return the short name of a role, such as “Data Engineer”."""
    hub = visible.page(parent_url(role.url))
    return role.short_name(hub) if hub else role.name


@register.filter
def question_of(visible: VisiblePages | None, part: CandidateQuestion) -> Question | None:
    """Return the question that `part` shows, or None if the role's page has no such question."""
    role = visible.full_page(part.role) if visible else None
    found = find_question(role, part.question) if role else None
    return found[1] if found else None


@register.filter
def report_on(visible: VisiblePages | None, role: Page) -> Page | None:
    """Return the page with a sample report about `role`, or None."""
    return visible.report_on(role.url) if visible else None


register.filter("are_to_scale", dimensions.are_to_scale)
