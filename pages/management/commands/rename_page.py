"""`manage.py rename_page /old /new`: give a page another URL, and keep its old URL working."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from pages.content.page_moves import plan_rename
from pages.content.url_paths import normalize_path

from ..page_changes import carry_out, load_content


class Command(BaseCommand):
    help = (
        "Give a page another URL: move its file, add the old URL to its aliases, and rewrite mentions of the old URL. "
        "The pages under this page move with it."
    )
    requires_system_checks = ()  # marketers have no SECRET_KEY

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("old", help="the page's URL, such as /hire/sre")
        parser.add_argument("new", help="the page's new URL, such as /hire/site-reliability-engineer")
        parser.add_argument("--yes", action="store_true", help="make the changes without asking")

    def handle(self, *args: Any, **options: Any) -> None:
        old, new = options["old"], options["new"]
        carry_out(self, lambda: plan_rename(load_content(), old, normalize_path(new)), options["yes"])
