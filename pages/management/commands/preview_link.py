"""`manage.py preview_link /page`: create a link to a page that visitors can't see yet. List and revoke such links."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pages.content.dates import format_time
from pages.models import PreviewLink
from pages.previews import preview_links

from ..database_errors import database_errors
from ..page_changes import load_content


class Command(BaseCommand):
    help = "Create a link that shows a page before visitors can see it, or the whole site at a later time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", nargs="?", help="the page's URL, such as /hire/data-engineer")
        parser.add_argument("--for", dest="period", default="7d", help="how long the link works: 12h, 7d (default), 2w")
        parser.add_argument("--at", metavar="TIME", help='show the site at a later time: "2026-12-01 09:00 +05:30"')
        parser.add_argument("--list", action="store_true", help="list the links that work")
        parser.add_argument("--revoke", metavar="NUMBER", help="revoke one link; --list shows its number")
        parser.add_argument("--revoke-all", action="store_true", help="revoke all links")

    def handle(self, *args: Any, **options: Any) -> None:
        with database_errors():
            self._run(options)

    def _run(self, options: dict[str, Any]) -> None:
        if options["revoke_all"]:
            self.stdout.write(f"Links revoked: {preview_links.revoke(PreviewLink.objects.all())}")
        elif options["revoke"] is not None:
            self._revoke(options["revoke"])
        elif options["list"]:
            self._list()
        elif options["url"]:
            self._create(options["url"], options["period"], options["at"])
        else:
            raise CommandError("Give the URL of a page, or --list, --revoke or --revoke-all.")

    def _create(self, url: str, period: str, at: str | None) -> None:
        library = load_content()
        try:
            link = preview_links.create(
                preview_links.page_url(url, library),
                preview_links.parse_period(period),
                preview_links.parse_future_time(at) if at else None,
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(preview_links.full_url(link))
        self.stderr.write(f"This link shows {link.shown}.")
        self.stderr.write(f"It works until {format_time(link.expires_at)} for everyone who has it.")
        self.stderr.write(f"To revoke it, run “preview_link --revoke {link.pk}”.")
        if link.at is None and preview_links.is_live(link.address, library):
            self.stderr.write(preview_links.LIVE_ALREADY)

    def _list(self) -> None:
        for link in preview_links.working_links().order_by("pk"):
            at = f", shows the site at {format_time(link.at)}" if link.at else ""
            self.stdout.write(f"{link.pk}  {link}{at}")

    def _revoke(self, number: str) -> None:
        if not number.isdecimal() or not preview_links.revoke(PreviewLink.objects.filter(pk=number)):
            raise CommandError(f"There is no working link with the number {number}. Run “preview_link --list”.")
        self.stdout.write("The link is revoked.")
