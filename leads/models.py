"""Leads, their outbox messages, the attempts to send the messages, and unsent forms."""

from __future__ import annotations

from django.db import models

from .submissions import reference_of


class Quarantine(models.TextChoices):
    """Why a lead is held back. No messages are created for such a lead until an admin user releases it."""

    NONE = "", "not held back"
    HONEYPOT = "honeypot", "filled in the hidden field"
    TOO_FAST = "too-fast", "sent faster than people type"
    TOKEN = "token-cap", "too many leads from a form that was opened only once"
    # Earlier versions held leads back for these reasons. The current version doesn't.
    CLIENT = "client-cap", "too many leads from one network address"
    RECIPIENT = "recipient-cap", "too many leads with the same email address"
    ALL = "global-cap", "too many leads in total"


class LeadQuerySet(models.QuerySet["Lead"]):
    def accepted(self) -> LeadQuerySet:
        return self.filter(quarantine=Quarantine.NONE)

    def held_back(self) -> LeadQuerySet:
        return self.exclude(quarantine=Quarantine.NONE)


class Lead(models.Model):
    """One sent form.

    - `key` is the idempotency key. The key stays the same if a visitor opens a form once, and submits it twice with the
      same values.
    - `kept_at` is when the lead was saved to this database. It is later than `sent_at` if the lead was spooled.
    - `fields` maps the names of the form's fields to the visitor's values.
    - Rate limits count the leads with the same `mailbox`, `client` or `opening`. `mailbox` is the normalized email
      address, `client` has keyed hashes of the visitor's networks, and `opening` is the random ID of the opened form.
    - `digest` is the email to sales that lists the lead, if the lead is held back.

    Text from documents is stored in TextFields, since its length has no limit. New columns need a default in the
    database, since the previous release may still be running.
    """

    key = models.CharField(max_length=64, unique=True)
    page = models.TextField()
    sent_at = models.DateTimeField(db_index=True)
    kept_at = models.DateTimeField(auto_now_add=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField()
    company = models.CharField(max_length=200, blank=True)
    fields = models.JSONField()
    consent = models.TextField()
    came_from = models.CharField(max_length=500, blank=True)
    referrer_host = models.CharField(max_length=255, blank=True)
    campaign = models.JSONField(default=dict, blank=True)
    mailbox = models.CharField(max_length=254, db_index=True)
    client = models.CharField(max_length=64, db_index=True)
    opening = models.CharField(max_length=64, db_default="")
    quarantine = models.CharField(max_length=20, choices=Quarantine, default=Quarantine.NONE, blank=True, db_index=True)
    reply_subject = models.TextField(blank=True)
    reply = models.TextField(blank=True)
    digest = models.ForeignKey("Message", models.SET_NULL, null=True, related_name="digested_leads")

    objects = LeadQuerySet.as_manager()

    class Meta:
        ordering = ("-sent_at",)
        indexes = (models.Index(fields=("opening",)),)

    def __str__(self) -> str:
        return f"Lead {self.pk} from {self.page}"

    @property
    def reference(self) -> str:
        """The reference number shown to the visitor."""
        return reference_of(self.key)


class LeadCount(Lead):
    """The entry “Leads per week” in the admin, and the permission to see these counts. This model has no table."""

    class Meta:
        proxy = True
        default_permissions = ("view",)
        verbose_name = "number of leads per week"
        verbose_name_plural = "leads per week"


class Message(models.Model):
    """One message in the outbox: an email, a webhook request, or a request to search engines.

    - `message_id` is an email's Message-ID or a webhook request's `webhook-id`. It is the same in each attempt, so that
      a receiver can ignore duplicates.
    - `recipient` is empty in a message to sales. The address of sales is read from the settings at each attempt.
    - `created_at` is when the message was first due.
    - `lease` is set while a worker is sending the message. It is a random ID, and expires at `leased_until`.
    """

    class Kind(models.TextChoices):
        SALES = "sales", "email to sales"
        GATHERED = "gathered", "part of an email to sales about several leads"
        REPLY = "reply", "reply to the visitor"
        WEBHOOK = "webhook", "webhook"
        ALARM = "alarm", "alarm to sales"
        DIGEST = "digest", "daily list of held-back leads"
        INDEXNOW = "indexnow", "changed addresses, to search engines"

    class State(models.TextChoices):
        PENDING = "pending", "to be sent"
        SENT = "sent", "sent"
        DEAD = "dead", "no longer retried"

    lead = models.ForeignKey(Lead, models.CASCADE, null=True, related_name="messages")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    message_id = models.CharField(max_length=255, unique=True)
    recipient = models.CharField(max_length=254, blank=True)
    subject = models.TextField(blank=True)
    body = models.TextField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    lease = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ("created_at", "pk")
        indexes = (models.Index(fields=("state", "due_at")), models.Index(fields=("kind", "created_at")))

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.get_state_display()}"


class Attempt(models.Model):
    """One attempt to send a message. `error` is empty if the attempt succeeded."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.error or 'sent'}"


class UnsentForm(models.Model):
    """The encrypted values of a form that was not sent because of an error.

    - `key` is a keyed hash. The form's URL and the browser's cookie are necessary to compute it.
    - `network` is a keyed hash of the visitor's network.
    - `values` is a Fernet token.
    """

    key = models.CharField(max_length=64, primary_key=True)
    network = models.CharField(max_length=64, db_index=True)
    saved_at = models.DateTimeField(db_index=True)
    values = models.TextField()

    def __str__(self) -> str:
        return f"Unsent form of {self.saved_at:%Y-%m-%d %H:%M}"


class Backup(models.Model):
    """One finished backup. The command `person` lists the backups that may still have a person's data."""

    path = models.TextField()
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("written_at", "pk")

    def __str__(self) -> str:
        return f"{self.path}, written at {self.written_at:%Y-%m-%d %H:%M} UTC"


class AnnouncedPages(models.Model):
    """The pages that were live when `leads.search_engines` last looked for changes to announce.

    The table has at most one row. The fields have the same meaning as in `pages.publish.live_pages.LivePages`.
    """

    changed_at = models.FloatField()
    digests = models.JSONField()
    unlisted = models.JSONField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{len(self.digests)} pages"
