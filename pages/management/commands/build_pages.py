"""`manage.py build_pages`: prerender all pages, and generate their images, social cards and downloads.

A new container can then serve them at once.
"""

from __future__ import annotations

from fcntl import LOCK_EX, LOCK_NB, flock
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pages.media import artifacts
from pages.publish.publisher import Publisher
from pages.publish.release import leader_lock_path
from pages.repository import current


class Command(BaseCommand):
    help = (
        "Prerender all pages, and generate their images, social cards and downloads, before the site starts. "
        "The site uses these pages only if it starts with the same SITE_URL, ALLOWED_HOSTS and code."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        leader_lock_path().parent.mkdir(parents=True, exist_ok=True)
        with leader_lock_path().open("w") as lock:
            try:
                flock(lock, LOCK_EX | LOCK_NB)
            except BlockingIOError as error:
                raise CommandError(
                    "The site is running, and prerenders its pages itself. To run this command, stop the site first."
                ) from error
            current.use_lazy_pages(None)
            current.refresh()
            publisher = Publisher()
            try:
                visible = current.visible_pages()
                publisher.publish(visible)
                for _ in artifacts.build(publisher.artifacts(visible)):
                    pass
                publisher.publish(visible)  # the downloads, and the pages that show their sizes
                publisher.prebuild(visible)  # what changes next, perhaps before the site starts
                self.stdout.write(f"Published {len(publisher.manifest.entries)} paths for {settings.SITE_URL}.")
            finally:
                publisher.close()
