"""`manage.py content_report`: the pages, and how they hang together."""

from __future__ import annotations

import csv
import subprocess
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from pages.content import library
from pages.content.library import Library

COLUMNS = ("url", "links in", "links out", "words", "sections", "changed", "state", "path")
FIGURES = ("links in", "links out", "words", "sections")


class Command(BaseCommand):
    help = "Lists the pages: links in and out, words, sections, last change; and those that nothing links to."
    requires_system_checks = ()  # a marketer needs no SECRET_KEY

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=["text", "csv"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        found = library.load(settings.CONTENT_DIR)
        rows = list(_rows(found))
        if options["format"] == "csv":
            writer = csv.writer(self.stdout)
            writer.writerows([COLUMNS, *rows])
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
        self.stdout.write("\nNo page links to: " + (", ".join(map(str, orphans)) or "none; each has a link"))


def _rows(found: Library) -> Iterator[tuple[str | int, ...]]:
    links_in = found.graph.links_in()
    now = datetime.now(UTC)
    paths = {page.url: path for path, page in found.documents.items()}
    for url in sorted(found.pages):
        page = found.pages[url]
        state = "draft" if page.meta.draft else "published" if page.meta.is_published(now) else "later"
        links_out = len(found.graph.links_out(page))
        changed = last_change(paths[url])
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


def last_change(path: Path) -> str:
    """The day of a document's last commit, or of its file's last change where git does not know it."""
    command = ["git", "log", "-1", "--format=%cs", "--", path.name]
    try:
        known = subprocess.run(command, cwd=path.parent, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:
        known = None
    if known and known.stdout.strip():
        return known.stdout.strip()
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
