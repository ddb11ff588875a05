"""Models of the content in the admin. Documents are files, so `Document` has no table."""

from __future__ import annotations

from secrets import token_urlsafe

from django.conf import settings
from django.db import models

from .content.dates import format_time


class Document(models.Model):
    """The entry “Documents” in the admin, and the permission to see it."""

    class Meta:
        managed = False
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"Document {self.pk}"


def new_preview_key() -> str:
    """Return a random key. After a restore, consecutive numbers would be given again, to different links."""
    return token_urlsafe(16)


class PreviewLink(models.Model):
    """A link that shows a page before visitors can see it, or the whole site at another time.

    `address` is the URL of a page. If `at` is set, the link shows the site as it will be at that time. Otherwise, the
    link shows the site as it is now, with this page added.
    """

    key = models.CharField(max_length=22, unique=True, editable=False, default=new_preview_key)
    address = models.CharField(max_length=500)
    at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        default_permissions = ("add", "view")

    def __str__(self) -> str:
        return f"{self.address}, until {format_time(self.expires_at)}"

    @property
    def shown(self) -> str:
        """What the link shows, as words for a sentence, such as “the site as if /pricing were live”."""
        if self.at:
            return f"the site as it will be on {format_time(self.at)}"
        return f"the site as if {self.address} were live"


class MissingAddress(models.Model):
    """An address without a page, and how often visitors requested it. Nothing here is about a single visitor."""

    address = models.CharField(max_length=200, unique=True)
    visits = models.PositiveBigIntegerField()
    first_day = models.DateField("first visit")
    last_day = models.DateField("last visit")

    class Meta:
        verbose_name = "address without a page"
        verbose_name_plural = "addresses without a page"
        ordering = ("-visits", "address")
        default_permissions = ("view", "delete")

    def __str__(self) -> str:
        return self.address
