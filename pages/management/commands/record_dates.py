"""`manage.py record_dates`: what git knows of documents' ages, for where there is no git."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pages.content import library
from pages.repository import git_dates


class Command(BaseCommand):
    help = "Writes the day of each document's last commit to CONTENT_DATES, for the sitemap of an image without git."
    requires_system_checks = ()  # an image is built without a SECRET_KEY

    def handle(self, *args: Any, **options: Any) -> None:
        found = library.load(settings.CONTENT_DIR)
        count = git_dates.record(found)
        if not count:
            raise CommandError(
                f"git knows no document of {settings.CONTENT_DIR}, so no dates were written. Run this in a full clone, "
                "with git installed, before the image is built."
            )
        self.stdout.write(f"{count} of {len(found.documents)} documents dated in {settings.CONTENT_DATES}")
