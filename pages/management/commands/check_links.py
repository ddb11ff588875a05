"""`manage.py check_links`: check whether the addresses of other sites in the content still answer."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pages.audit.external_links import find_external_links
from pages.audit.link_checker import AGENT, LinkChecker
from pages.audit.link_results import LinkResult, State, load_results, save_results
from pages.audit.web_client import WebClient
from pages.content import library
from pages.log import escape_controls

RESULTS_FILE = "external-links.json"
KEEP_DAYS = 7
_STATES: tuple[State, ...] = ("dead", "moved", "slow", "unclear")


class Command(BaseCommand):
    help = (
        "Check whether the addresses of other sites in documents, site.toml, facts.toml, redirects.toml and kit.md "
        "still answer, and list the dead, moved and slow ones. Each address is checked again after "
        f"{KEEP_DAYS} days. Exit with 1 if an address is dead."
    )
    requires_system_checks = ()  # marketers have no SECRET_KEY

    def handle(self, *args: Any, **options: Any) -> None:
        content = library.load(settings.CONTENT_DIR, max_document_bytes=settings.MAX_DOCUMENT_BYTES)
        links = find_external_links(content)
        path, now = settings.DATA_DIR / RESULTS_FILE, datetime.now(UTC)
        stored = {
            url: result
            for url, result in load_results(path).items()
            if url in links and result.is_fresh(now, KEEP_DAYS)
        }
        results, due = dict(stored), sorted(links.keys() - stored.keys())
        about = f" (+{settings.SITE_URL})" if settings.SITE_URL.startswith("https://") else ""
        is_online = False  # until the first answer
        checker = LinkChecker(WebClient(f"{AGENT}/1{about}"))
        for number, (url, result, is_answered) in enumerate(checker.check(due), start=1):
            if self.stderr.isatty():
                self.stderr.write(f"\r{number} of {len(due)} addresses", ending="")
            results[url] = result
            is_online |= is_answered
            if is_online:  # without a network, a missing answer says nothing about the address
                stored |= {each: results[each] for each in due[:number]}
                self._save(path, stored)
        if due and self.stderr.isatty():
            self.stderr.write("\r\033[K", ending="")
        self._report(links, results, len(due))

    def _save(self, path: Path, results: dict[str, LinkResult]) -> None:
        try:
            save_results(path, results)
        except OSError as error:
            raise CommandError(
                f"The results can't be stored in {path}: {error.strerror}. Set DATA_DIR to a folder that you can write."
            ) from error

    def _report(self, links: dict[str, list[str]], results: dict[str, LinkResult], asked: int) -> None:
        for state in _STATES:
            for url in sorted(url for url in links if results[url].state == state):
                self.stdout.write(f"{url}: {state}\n   {escape_controls(results[url].note)}")
                for place in links[url]:
                    self.stdout.write(f"   {place}")
                self.stdout.write("")
        counts = Counter(results[url].state for url in links)
        states = ", ".join(f"{counts[state]} {state}" for state in _STATES)
        self.stdout.write(f"{len(links)} addresses ({asked} checked in this run): {states}.")
        if counts["dead"]:
            sys.exit(1)
