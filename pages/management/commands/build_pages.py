"""`manage.py build_pages`: prerender all pages, and generate their images, social cards and downloads.

A new container can then serve them at once.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pages.publish.full_build import SiteIsRunning, publish_all
from pages.repository import current


class Command(BaseCommand):
    help = (
        "Prerender all pages, and generate their images, social cards and downloads, before the site starts. "
        "The site uses these pages only if it starts with the same SITE_URL, ALLOWED_HOSTS and code."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with publish_all(self.stdout.write) as publisher:
                publisher.prebuild(current.visible_pages())  # a scheduled page may go live before the site starts
                self.stdout.write(f"Published {len(publisher.manifest.entries)} paths for {settings.SITE_URL}.")
        except SiteIsRunning as error:
            raise CommandError(
                "The site is running, and prerenders its pages itself. To run this command, stop the site first."
            ) from error
