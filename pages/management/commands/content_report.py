"""`manage.py content_report`: a table of all pages and the links between them."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from pages import csv_format
from pages.content import library
from pages.content.library import Library
from pages.repository import git_dates
from pages.repository.git_dates import Commit

COLUMNS = ("url", "links in", "links out", "words", "sections", "changed", "state", "path")


class Command(BaseCommand):
    help = (
        "List all pages with their links, words, sections and last change. "
        "Also list the pages that no other page links to."
    )
    requires_system_checks = ()  # marketers have no SECRET_KEY

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=["text", "csv"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        content = library.load(settings.CONTENT_DIR, max_document_bytes=settings.MAX_DOCUMENT_BYTES)
        rows = list(_rows(content))
        if options["format"] == "csv":
            csv_format.write_rows(self.stdout, [COLUMNS, *rows])
            return
        table = [COLUMNS, *rows]
        widths = [max(len(str(row[column])) for row in table) for column in range(len(COLUMNS))]
        for row in table:
            cells = (
                f"{cell:>{width}}"
                if isinstance(cell, int) or (row is COLUMNS and 0 < column < 5)
                else f"{cell:<{width}}"
                for column, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            self.stdout.write("  ".join(cells).rstrip())
        orphans = [row[0] for row in rows if row[1] == 0 and row[0] != "/"]
        self.stdout.write("\nNo page links to: " + (", ".join(map(str, orphans)) or "none. Each page has a link."))


def _rows(content: Library) -> Iterator[tuple[str | int, ...]]:
    links_in, commits = content.graph.links_in(), git_dates.document_commits(content)
    now = datetime.now(UTC)
    paths = {page.url: path for path, page in content.documents.items()}
    for url in sorted(content.pages):
        page = content.pages[url]
        state = "draft" if page.meta.draft else "expired" if page.meta.has_expired(now) else "later"
        state = "published" if page.meta.is_published(now) else state
        links_out = len(content.graph.links_out(page))
        changed = _last_change(paths[url], commits.get(page.path))
        yield (
            url,
            len(links_in[url]),
            links_out,
            len(page.plain_text.split()),
            len(page.sections),
            changed,
            state,
            page.path,
        )


def _last_change(path: Path, commit: Commit | None) -> str:
    """Return the date of a document's last commit. If there is no commit, return the date of the file's last change."""
    day = commit.day if commit else datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
    return day.isoformat()
