"""The admin for the content: all documents, the planned changes, and addresses without a page.

Preview links have a module of their own, `previews.preview_link_admin`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, cast
from urllib.parse import quote

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html

from . import clock
from .content import redirect_lines
from .content.document import Page
from .content.library import Library
from .content.redirects import GONE
from .content_admin import calendar_feed, document_list
from .content_admin.planned_changes import planned_changes
from .http.old_addresses import has_answer
from .http.suggestions import nearest_pages
from .models import Document, MissingAddress
from .previews import preview_link_admin  # noqa: F401  the import registers the admin class
from .publish import content_status, release
from .repository import current, document_reports

ROWS_PER_PAGE = 100

# The columns of the list by which users can sort (`document_list.ORDERS`).
COLUMNS = {
    "path": "Document",
    "state": "State",
    "problems": "Problems",
    "links_in": "Links in",
    "links_out": "Links out",
    "changed": "Last change",
}

if TYPE_CHECKING:
    DocumentBase: TypeAlias = admin.ModelAdmin[Document]
    MissingAddressBase: TypeAlias = admin.ModelAdmin[MissingAddress]
else:
    DocumentBase = MissingAddressBase = admin.ModelAdmin


@admin.register(Document)
class DocumentAdmin(DocumentBase):
    """The pages “Documents” and “Planned changes”. Documents are files, so these pages don't list database rows."""

    def get_urls(self) -> list[URLPattern]:
        views = {"": (self.changelist_view, "changelist"), "planned/": (self.planned_view, "planned")}
        return [
            path(route, self.admin_site.admin_view(view), name=f"pages_document_{name}")
            for route, (view, name) in views.items()
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Document | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Document | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """List the documents. The query has `state`, `problems`, `q` (search words), `o` (order) and `p` (page)."""
        self._check_permission(request)
        library, query = current.get_library(), request.GET
        reports = self._reports(library)
        rows = document_list.list_documents(library, reports, clock.now())
        selected = document_list.select(
            rows,
            state=query.get("state", ""),
            problems=query.get("problems", ""),
            words=query.get("q", ""),
            order=query.get("o", ""),
        )
        page = Paginator(selected, ROWS_PER_PAGE).get_page(query.get("p"))
        context = {
            "title": "Documents",
            "page": page,
            "rows": [(row, _edit_url(row.path)) for row in page],
            "total": len(rows),
            "is_complete": library.is_complete,
            "is_checked": reports is not None,
            "revision": content_status.read(release.content_status_path()).revision,
            "can_preview": request.user.has_perm("pages.add_previewlink"),
            "columns": _choices(query, "o", COLUMNS),
            "filters": {
                "state": _choices(query, "state", {"": "All", **document_list.STATES}),
                "problems": _choices(query, "problems", {"": "All", **document_list.PROBLEMS}),
            },
            "words": query.get("q", ""),
            "other_parameters": [(name, query[name]) for name in ("state", "problems", "o") if name in query],
        }
        return self._render(request, "document_list", context)

    def planned_view(self, request: HttpRequest) -> HttpResponse:
        """List the changes in the next 30 days, with the address of the calendar."""
        self._check_permission(request)
        context = {
            "title": "Planned changes",
            "changes": planned_changes(current.get_library(), clock.now()),
            "calendar_address": calendar_feed.address_for(cast(AbstractBaseUser, request.user)),
        }
        return self._render(request, "planned_changes", context)

    def _check_permission(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _reports(self, library: Library) -> document_reports.Reports | None:
        """Return the reports about all documents, or None if the publisher hasn't written them yet."""
        if current.follows_snapshot():
            return document_reports.read(release.document_reports_path())
        return document_reports.current_reports(library)

    def _render(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/pages/{name}.html", context)


@admin.register(MissingAddress)
class MissingAddressAdmin(MissingAddressBase):
    """The page “Addresses without a page”. Leave out addresses that lead to a page or a redirect by now."""

    list_display = ("address", "visits", "first_day", "last_day", "nearest_page", "redirect_line")
    list_display_links = None
    search_fields = ("address",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: MissingAddress | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[MissingAddress]:
        rows, visible = super().get_queryset(request), current.visible_pages()
        answered = [address for address in rows.values_list("address", flat=True) if has_answer(address, visible)]
        return rows.exclude(address__in=answered)

    @admin.display(description="Nearest page")
    def nearest_page(self, row: MissingAddress) -> str:
        page = self._nearest(row)
        return format_html('<a href="{}">{}</a>', page.url, page.name) if page else "none"

    @admin.display(description="Line for redirects.toml")
    def redirect_line(self, row: MissingAddress) -> str:
        page = self._nearest(row)
        line = redirect_lines.line_for(row.address, page.url if page else GONE)
        label = f"Line for {row.address}"
        return format_html('<input type="text" value="{}" aria-label="{}" size="{}" readonly>', line, label, len(line))

    def _nearest(self, row: MissingAddress) -> Page | None:
        return next(iter(nearest_pages(row.address, current.visible_pages())), None)


def _choices(query: QueryDict, name: str, values: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    """Return the choices of the filter `name`: the label, a link that applies the filter, and True if it is applied."""
    choices = []
    for value, label in values.items():
        changed = query.copy()
        changed.pop("p", None)
        changed[name] = value
        choices.append((label, f"?{changed.urlencode()}", value == query.get(name, "")))
    return choices


def _edit_url(path: str) -> str:
    """Return the address at which the file can be edited, or "" if there is no online editor."""
    _, _, path_in_folder = path.partition("/")  # `path` begins with the name of the content folder
    return f"{settings.CONTENT_EDIT_URL}/{quote(path_in_folder)}" if settings.CONTENT_EDIT_URL else ""
