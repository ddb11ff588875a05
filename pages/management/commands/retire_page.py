"""`manage.py retire_page /x [--to /y]`: delete a page. Its URL then redirects to /y, or answers “gone” (410)."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from pages.content.page_moves import plan_retirement

from ..page_changes import carry_out, load_content


class Command(BaseCommand):
    help = (
        "Delete a page. With --to, its URL redirects to another page, and links to the page are rewritten. "
        "Without --to, its URL shows that the page is gone, and the command lists the links to the page."
    )
    requires_system_checks = ()  # marketers have no SECRET_KEY

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="the page's URL, such as /resources/webinar")
        parser.add_argument("--to", metavar="URL", default="", help="the page that replaces it (default: none)")
        parser.add_argument("--yes", action="store_true", help="make the changes without asking")

    def handle(self, *args: Any, **options: Any) -> None:
        carry_out(self, lambda: plan_retirement(load_content(), options["url"], options["to"]), options["yes"])
