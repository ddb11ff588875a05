"""Links to the files about a role, for a reply by email."""

from __future__ import annotations

from django.conf import settings

from pages.http import roles
from pages.http.file_links import TYPES
from pages.repository.visible_pages import VisiblePages


def links_about(role: str, visible: VisiblePages) -> str:
    """Return a line with the URL of each file about `role`, or "" if the site has no files about this role.

    The lines quote nothing that the visitor typed.
    """
    page = roles.page_of_role(role, visible)
    files = visible.library.files_of(page) if page else ()
    return "\n".join(f"{TYPES[file.suffix]}: {settings.SITE_URL}{file.path}" for file in files if not file.part)
