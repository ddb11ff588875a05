"""The role pages. A link from a role page to a form names the role in the query, such as /start?role=data-engineer."""

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
    path = f"{HUB}/{slug}"
    page = visible.page(path) if role_at(path, visible) else None
    return _name(page, visible.page(HUB)) if page else ""


def role_names(visible: VisiblePages) -> list[str]:
    hub = visible.page(HUB)
    return [_name(page, hub) for page in islice(visible.under(HUB), MAX_SUGGESTIONS)]


def _name(page: Page, hub: Page | None) -> str:
    return page.short_name(hub) if hub else page.name
