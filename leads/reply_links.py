"""Find a role's page, and list the URLs of its files for a reply by email."""

from __future__ import annotations

from django.conf import settings

from pages.content.document import Page
from pages.http import file_links, roles
from pages.repository.visible_pages import VisiblePages


def page_with_files(role: str, visible: VisiblePages) -> Page | None:
    """Return the page of the role called `role`, or None if the site has no files about this role."""
    page = roles.page_of_role(role, visible)
    return page if page and file_links.offer(visible, page) else None


def links_to(page: Page, visible: VisiblePages) -> str:
    """Return a line for each file of `page`, with the file's URL. The lines quote nothing that the visitor typed."""
    offer = file_links.offer(visible, page)
    return "\n".join(f"{link.type}: {settings.SITE_URL}{link.href}" for link in offer.links) if offer else ""
