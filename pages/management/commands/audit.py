"""`manage.py audit`: check a running site against the web's rules."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pages.audit import report_formats
from pages.audit.fetched_site import AGENT, MAX_REQUESTS, UnreachableSite, fetch_site
from pages.audit.rules import check_site
from pages.audit.web_client import WebClient

_FORMATS = {"text": report_formats.as_text, "json": report_formats.as_json, "html": report_formats.as_html}


class Command(BaseCommand):
    help = (
        "Check a running site against the web's rules: titles, canonical links, sitemap, feeds, headers and more. "
        "Requests go only to the site's own host, one after the other, and follow its robots.txt. "
        "Exit with 1 if there are findings."
    )
    requires_system_checks = ()  # the command needs no SECRET_KEY

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", metavar="URL", help="the start page, such as https://www.example.com/")
        parser.add_argument(
            "paths", nargs="*", metavar="PATH", help="more paths to request, such as old addresses that redirect"
        )
        parser.add_argument("--format", choices=[*_FORMATS], default="text")
        parser.add_argument(
            "--limit",
            type=_positive,
            default=MAX_REQUESTS,
            help=f"send at most this many requests (default: {MAX_REQUESTS})",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        url = options["url"] if "://" in options["url"] else f"https://{options['url']}"
        try:
            site = fetch_site(WebClient(f"{AGENT}/1"), url, options["paths"], options["limit"])
        except UnreachableSite as error:
            raise CommandError(str(error)) from error
        found = check_site(site)
        self.stdout.write(_FORMATS[options["format"]](site, found))
        if any(found.values()):
            sys.exit(1)


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError(f"“{text}” is not a limit. Write a number such as {MAX_REQUESTS}")
    return int(text)
