"""Models of the content in the admin. Documents are files, so `Document` has no table."""

from __future__ import annotations

from django.db import models


class Document(models.Model):
    """The entry “Documents” in the admin, and the permission to see it."""

    class Meta:
        managed = False
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"Document {self.pk}"
