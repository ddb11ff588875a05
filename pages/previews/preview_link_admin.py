"""The admin for preview links: create, copy and revoke them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect

from .. import clock
from ..content.dates import format_time
from ..models import PreviewLink
from ..repository import current
from . import preview_links

if TYPE_CHECKING:
    FormBase: TypeAlias = forms.ModelForm[PreviewLink]
    PreviewLinkBase: TypeAlias = admin.ModelAdmin[PreviewLink]
else:
    FormBase, PreviewLinkBase = forms.ModelForm, admin.ModelAdmin


class PreviewLinkForm(FormBase):
    address = forms.CharField(
        label="Page", max_length=500, help_text="The page’s URL, such as /hire/data-engineer, or / for the home page."
    )
    period = forms.CharField(
        label="Works for", initial="7d", max_length=20, help_text="Such as 12h, 7d or 2w. At most 90 days."
    )
    at = forms.CharField(
        label="Show the site at",
        required=False,
        max_length=60,
        help_text="A later time, such as 2026-12-01 09:00 +05:30. If empty, the page is shown as if it were live.",
    )

    class Meta:
        model = PreviewLink
        fields = ("address", "at")

    def clean(self) -> dict[str, Any]:
        data = {**self.cleaned_data}
        checks: dict[str, Callable[[str], Any]] = {
            "address": lambda text: preview_links.page_url(text, current.get_library()),
            "period": preview_links.parse_period,
            "at": lambda text: preview_links.parse_future_time(text) if text else None,
        }
        for name in checks.keys() & data.keys():
            try:
                data[name] = checks[name](data[name])
            except ValueError as error:
                self.add_error(name, ValidationError(str(error)))
        return data


@admin.register(PreviewLink)
class PreviewLinkAdmin(PreviewLinkBase):
    list_display = ("number", "address", "shows", "works_until", "state", "created_by", "created")
    list_display_links = ("number", "address")
    list_select_related = ("created_by",)
    search_fields = ("address",)
    ordering = ("-created_at",)
    actions = ("revoke",)

    def has_change_permission(self, request: HttpRequest, obj: PreviewLink | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PreviewLink | None = None) -> bool:
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)

    def get_form(
        self, request: HttpRequest, obj: PreviewLink | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            kwargs["form"] = PreviewLinkForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: PreviewLink | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("address", "period", "at")
        return ("link", "number", "address", "shows", "works_until", "state", "created_by", "created")

    def save_model(self, request: HttpRequest, obj: PreviewLink, form: Any, change: bool) -> None:
        obj.expires_at = clock.now() + form.cleaned_data["period"]
        obj.created_by_id = request.user.pk
        obj.save()
        if obj.at is None and preview_links.is_live(obj.address, current.get_library()):
            self.message_user(request, preview_links.LIVE_ALREADY, messages.WARNING)

    def response_post_save_add(self, request: HttpRequest, obj: PreviewLink) -> HttpResponseRedirect:
        """Show the new link, so that the user can copy it."""
        return redirect("admin:pages_previewlink_change", obj.pk)

    @admin.display(description="link")
    def link(self, obj: PreviewLink) -> str:
        return preview_links.full_url(obj) if self.state(obj) == "works" else "This link doesn’t work any more."

    @admin.display(description="number", ordering="pk")
    def number(self, obj: PreviewLink) -> int:
        return obj.pk

    @admin.display(description="shows", ordering="at")
    def shows(self, obj: PreviewLink) -> str:
        return obj.shown

    @admin.display(description="works until", ordering="expires_at")
    def works_until(self, obj: PreviewLink) -> str:
        return format_time(obj.expires_at)

    @admin.display(description="created", ordering="created_at")
    def created(self, obj: PreviewLink) -> str:
        return format_time(obj.created_at)

    @admin.display(description="state")
    def state(self, obj: PreviewLink) -> str:
        if obj.revoked_at:
            return "revoked"
        return "works" if obj.expires_at > clock.now() else "expired"

    @admin.action(description="Revoke selected preview links", permissions=["revoke"])
    def revoke(self, request: HttpRequest, links: QuerySet[PreviewLink]) -> None:
        self.message_user(request, f"Links revoked: {preview_links.revoke(links)}.")
