"""The role pages. Their links to forms have the role in the query, such as /start?role=data-engineer."""

from __future__ import annotations

from itertools import islice

from ..content.document import Page
from ..repository.visible_pages import VisiblePages

HUB = "/hire"

# The name of the query parameter.
PARAMETER = "role"

# A form suggests at most this many roles, because a site may have 10,000 role pages.
MAX_SUGGESTIONS = 100


def role_at(path: str, visible: VisiblePages) -> str:
    """Return the last segment of a role page's path, or "" if there is no role page at `path`."""
    slug = path.removeprefix(f"{HUB}/")
    return slug if slug != path and "/" not in slug and visible.page(path) else ""


def role_name(slug: str, visible: VisiblePages) -> str:
    """Return the name of the role whose page is at /hire/`slug`, or "" if there is no such page."""
    page = role_page(slug, visible)
    return _name(page, visible.page(HUB)) if page else ""


def role_page(slug: str, visible: VisiblePages) -> Page | None:
    """Return the role page at /hire/`slug`, or None."""
    path = f"{HUB}/{slug}"
    return visible.page(path) if role_at(path, visible) else None


def page_of_role(name: str, visible: VisiblePages) -> Page | None:
    """Return the page of the role called `name`, or None. Case doesn't matter."""
    hub = visible.page(HUB)
    return next((page for page in visible.under(HUB) if _name(page, hub).casefold() == name.casefold()), None)


def role_names(visible: VisiblePages) -> list[str]:
    hub = visible.page(HUB)
    return [_name(page, hub) for page in islice(visible.under(HUB), MAX_SUGGESTIONS)]


def _name(page: Page, hub: Page | None) -> str:
    return page.short_name(hub) if hub else page.name
