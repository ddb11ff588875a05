"""`manage.py addresses`: list the addresses of all live pages, or compare them with a sitemap."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pages.content import library
from pages.content.redirects_file import REDIRECTS_FILE
from pages.publish.lost_addresses import answers
from pages.seo.sitemap_reader import UnreadableSitemap, read_paths


class Command(BaseCommand):
    help = (
        "List the addresses of all live pages. With --against, read the addresses in another sitemap instead, and list "
        "those that have no page, file or redirect on this site. Exit with 1 if there are any."
    )
    requires_system_checks = ()  # marketers have no SECRET_KEY

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--against", metavar="URL|FILE", help="a sitemap, a sitemap index, or a list with one address on each line"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        content = library.load(settings.CONTENT_DIR, max_document_bytes=settings.MAX_DOCUMENT_BYTES)
        if not options["against"]:
            now = datetime.now(UTC)
            for url in sorted(url for url, page in content.pages.items() if page.meta.is_published(now)):
                self.stdout.write(url)
            return
        try:
            paths = read_paths(options["against"])
        except UnreadableSitemap as error:
            raise CommandError(str(error)) from error
        if not paths:
            raise CommandError(f"There are no addresses in {options['against']}.")
        has_answer = answers(content)
        lost = [path for path in paths if not has_answer(path)]
        for path in sorted(lost):
            self.stdout.write(path)
        if lost:
            raise CommandError(
                f"{len(lost)} of {len(paths)} addresses would be lost. Add a line for each to {REDIRECTS_FILE}."
            )
        self.stdout.write(f"All {len(paths)} addresses have a page, a file or a redirect.")
