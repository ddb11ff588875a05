"""What the admin shows of leads: to be read, restored and told again, and not to be rewritten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from . import outbox, rate_limits
from .models import Lead, Message, Quarantine

if TYPE_CHECKING:
    LeadBase: TypeAlias = admin.ModelAdmin[Lead]
    MessageBase: TypeAlias = admin.ModelAdmin[Message]
    InlineBase: TypeAlias = admin.TabularInline[Message, Lead]
else:
    LeadBase = MessageBase = admin.ModelAdmin
    InlineBase = admin.TabularInline

admin.site.site_header = admin.site.site_title = "LayersRank leads"


class ReadOnly:
    """What was sent stays as it was sent."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_tell_permission(self, request: HttpRequest) -> bool:
        """Whether a user may have others told of leads: who may change them, as Django's groups say it."""
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


class IsHeldBack(admin.SimpleListFilter):
    title = "held back"
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "No"), ("yes", "Yes")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Lead]) -> QuerySet[Lead]:
        held = {"no": queryset.filter(quarantine=Quarantine.NONE), "yes": queryset.exclude(quarantine=Quarantine.NONE)}
        return held.get(self.value() or "", queryset)


@admin.register(Lead)
class LeadAdmin(ReadOnly, LeadBase):
    list_display = ("sent_at", "email", "name", "company", "page", "quarantine", "told")
    list_filter = (IsHeldBack, "quarantine", "page", "sent_at", "messages__state")
    search_fields = ("email", "name", "company", "page", "came_from")
    date_hierarchy = "sent_at"
    inlines = (MessageInline,)
    actions = ("restore", "resend")
    exclude = ("mailbox", "client")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lead]:
        return super().get_queryset(request).prefetch_related("messages__attempts")

    @admin.display(description="told")
    def told(self, lead: Lead) -> str:
        messages = lead.messages.all()
        sent = sum(message.state == Message.State.SENT for message in messages)
        return f"{sent} of {len(messages)}"

    @admin.action(description="Restore from quarantine, and tell everybody", permissions=["tell"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Lead]) -> None:
        held = queryset.exclude(quarantine=Quarantine.NONE)
        count = 0
        for lead in held:
            with transaction.atomic():
                rate_limits.lock()
                if (
                    Lead.objects.filter(pk=lead.pk)
                    .exclude(quarantine=Quarantine.NONE)
                    .update(quarantine=Quarantine.NONE)
                ):
                    outbox.enqueue(lead)
                    count += 1
        self.message_user(request, f"Restored: {count}. What there is to tell is on its way.")

    @admin.action(description="Send the emails to sales and the webhooks again", permissions=["tell"])
    def resend(self, request: HttpRequest, queryset: QuerySet[Lead]) -> None:
        again = Message.objects.filter(lead__in=queryset).exclude(kind=Message.Kind.REPLY)
        count = sum(outbox.resend(message) for message in again)
        self.message_user(request, f"To be sent again: {count}.")


@admin.register(Message)
class MessageAdmin(ReadOnly, MessageBase):
    list_display = ("created_at", "kind", "state", "lead", "due_at", "sent_at", "attempts_made")
    list_filter = ("state", "kind", "created_at")
    search_fields = ("lead__email", "message_id")
    actions = ("resend",)

    @admin.display(description="attempts")
    def attempts_made(self, message: Message) -> int:
        return message.attempts.count()

    @admin.action(description="Send again", permissions=["tell"])
    def resend(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        self.message_user(request, f"To be sent again: {sum(outbox.resend(message) for message in queryset)}.")
