"""`manage.py record_dates`: write the dates of the documents' last commits to a file, for containers without git."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pages.content import library
from pages.repository import content_revision, git_dates


class Command(BaseCommand):
    help = (
        "Save the date of each document's last commit in the file CONTENT_DATES. "
        "Where git is missing, as in the container image, the sitemap uses these dates."
    )
    requires_system_checks = ()  # the checks need a SECRET_KEY, which the image build doesn't have

    def handle(self, *args: Any, **options: Any) -> None:
        content = library.load(settings.CONTENT_DIR, max_document_bytes=settings.MAX_DOCUMENT_BYTES)
        count = git_dates.record(content)
        content_revision.record(content)
        if not count:
            raise CommandError(
                f"No dates were written, because git has no commits of the documents in {settings.CONTENT_DIR}. "
                "Run this command in a full clone, with git installed, before you build the image."
            )
        self.stdout.write(
            f"Wrote the dates of {count} of {len(content.documents)} documents to {settings.CONTENT_DATES}."
        )
