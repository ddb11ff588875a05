"""The admin for leads and messages. All pages are read-only; actions release leads and send messages again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from pages import csv_format

from . import lead_counts, outbox, rate_limits
from .models import Lead, LeadCount, Message, Quarantine

_REFERENCE = re.compile(r"[0-9a-f]{4}-[0-9a-f]{4}", re.IGNORECASE)

if TYPE_CHECKING:
    LeadBase: TypeAlias = admin.ModelAdmin[Lead]
    LeadCountBase: TypeAlias = admin.ModelAdmin[LeadCount]
    MessageBase: TypeAlias = admin.ModelAdmin[Message]
    InlineBase: TypeAlias = admin.TabularInline[Message, Lead]
else:
    LeadBase = LeadCountBase = MessageBase = admin.ModelAdmin
    InlineBase = admin.TabularInline


class ReadOnly:
    """Forbid adding and changing, since a lead records what the visitor sent."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_send_permission(self, request: HttpRequest) -> bool:
        """Only users with the permission to change leads may run actions that send messages."""
        return request.user.has_perm("leads.change_lead")


class MessageInline(ReadOnly, InlineBase):
    model = Message
    fields = ("kind", "state", "recipient", "created_at", "due_at", "sent_at", "history")
    readonly_fields = fields
    can_delete = False
    extra = 0

    @admin.display(description="attempts")
    def history(self, message: Message) -> str:
        return "; ".join(map(str, message.attempts.all())) or "none yet"


class HeldBackFilter(admin.SimpleListFilter):
    title = "held back"
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "No"), ("yes", "Yes")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Lead]) -> QuerySet[Lead]:
        if self.value() == "no":
            return queryset.filter(quarantine=Quarantine.NONE)
        if self.value() == "yes":
            return queryset.exclude(quarantine=Quarantine.NONE)
        return queryset


@admin.register(Lead)
class LeadAdmin(ReadOnly, LeadBase):
    list_display = ("sent_at", "reference", "email", "name", "company", "page", "quarantine", "messages_sent")
    list_filter = (HeldBackFilter, "quarantine", "page", "sent_at", "messages__state")
    search_fields = ("email", "name", "company", "fields__phone", "page", "came_from", "^key")
    date_hierarchy = "sent_at"
    inlines = (MessageInline,)
    actions = ("release", "resend")
    readonly_fields = ("reference",)
    exclude = ("mailbox", "client", "opening", "digest")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lead]:
        return super().get_queryset(request).prefetch_related("messages__attempts")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Lead], search_term: str
    ) -> tuple[QuerySet[Lead], bool]:
        """Remove the hyphen from a reference number, so that it matches the start of a lead's key."""
        if _REFERENCE.fullmatch(search_term.strip()):
            search_term = search_term.replace("-", "")
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description="messages sent")
    def messages_sent(self, lead: Lead) -> str:
        messages = lead.messages.all()
        sent = sum(message.state == Message.State.SENT for message in messages)
        return f"{sent} of {len(messages)}"

    @admin.action(description="Release held-back leads and send the messages", permissions=["send"])
    def release(self, request: HttpRequest, queryset: QuerySet[Lead]) -> None:
        held_back = queryset.exclude(quarantine=Quarantine.NONE)
        count = 0
        for lead in held_back:
            with transaction.atomic():
                rate_limits.lock()
                # Check again under the lock: another user may have released the lead in the meantime.
                still_held_back = Lead.objects.filter(pk=lead.pk).exclude(quarantine=Quarantine.NONE)
                if still_held_back.update(quarantine=Quarantine.NONE):
                    outbox.enqueue(lead)
                    count += 1
        self.message_user(request, f"Leads released: {count}. Their messages are in the outbox and will be sent soon.")

    @admin.action(description="Send the sales email and the webhook again", permissions=["send"])
    def resend(self, request: HttpRequest, queryset: QuerySet[Lead]) -> None:
        messages = Message.objects.filter(lead__in=queryset).exclude(kind=Message.Kind.REPLY)
        count = sum(outbox.resend(message) for message in messages)
        self.message_user(request, f"Messages queued: {count}. They will be sent soon.")


@admin.register(LeadCount)
class LeadCountAdmin(ReadOnly, LeadCountBase):
    """The page “Leads per week”. Its numbers are sums, so the page isn't a list of model instances."""

    WEEKS = (12, 52)  # the periods that users can choose

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.changelist_view)
        return [path("", view, name="leads_leadcount_changelist")]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the counts as tables, or send them as CSV if the query has `format=csv`."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        chosen = next((count for count in self.WEEKS if request.GET.get("weeks") == str(count)), self.WEEKS[0])
        weeks = lead_counts.last_weeks(chosen, timezone.now())
        counts = lead_counts.count_leads(weeks)
        if request.GET.get("format") == "csv":
            response = HttpResponse(content_type="text/csv; charset=utf-8")
            response["Content-Disposition"] = f'attachment; filename="leads-per-week-{weeks[-1].name}.csv"'
            csv_format.write_rows(response, lead_counts.csv_rows(counts, weeks))
            return response
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Leads per week",
            "other_periods": [count for count in self.WEEKS if count != chosen],
            "chosen": chosen,
            "weeks": weeks,
            "time_zone": timezone.get_current_timezone_name(),
            "tables": lead_counts.tables(counts, chosen),
        }
        return TemplateResponse(request, "admin/leads/leads_per_week.html", context)


@admin.register(Message)
class MessageAdmin(ReadOnly, MessageBase):
    list_display = ("created_at", "kind", "state", "lead", "due_at", "sent_at", "attempt_count")
    list_filter = ("state", "kind", "created_at")
    search_fields = ("lead__email", "message_id")
    actions = ("resend",)

    @admin.display(description="attempts")
    def attempt_count(self, message: Message) -> int:
        return message.attempts.count()

    @admin.action(description="Send again", permissions=["send"])
    def resend(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        count = sum(outbox.resend(message) for message in queryset)
        self.message_user(request, f"Messages queued: {count}. They will be sent soon.")
