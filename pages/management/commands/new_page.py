"""`manage.py new_page /hire/site-reliability-engineer --like /hire/machine-learning-engineer`: a draft to fill in."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pages.content import library
from pages.content.document_links import Link
from pages.content.link_graph import LinkGraph
from pages.content.scaffold import scaffold
from pages.content.url_paths import normalize_path


class Command(BaseCommand):
    help = "Writes a draft with the sections of another page, and a gap wherever words are to be written."
    requires_system_checks = ()  # a marketer needs no SECRET_KEY

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="the new page's address, as /hire/site-reliability-engineer")
        parser.add_argument("--like", required=True, metavar="URL", help="the page to take the sections of")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.CONTENT_DIR
        found = library.load(folder)
        url, like_url = options["url"], normalize_path(options["like"])
        like = found.pages.get(like_url)
        if like is None:
            raise CommandError(f"there is no page {like_url}; there are: {', '.join(sorted(found.pages))}")
        path = library.path_for_url(folder, url)
        if path is None:
            raise CommandError(
                f"{url} cannot be an address: small letters, figures and hyphens, as /hire/data-engineer"
            )
        if path.exists() or url in found.pages or url in found.aliases:
            taken = found.pages.get(url)
            raise CommandError(f"{url} is taken, by {taken.path if taken else library.display_path(folder, path)}")

        def leads(href: str) -> bool:
            return _leads(found.graph, href)

        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(scaffold(like, url, leads), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}") from error
        page = library.load(folder).pages[url]
        shown = library.display_path(folder, path)
        gaps = [problem for problem in page.problems if problem.rule == "gap"]
        self.stdout.write(f"{shown} is written, as a draft, with {len(gaps)} gaps to fill. The first:\n")
        self.stdout.write(f"{gaps[0]}\n" if gaps else "")
        self.stdout.write(f"See it with `make dev` at {url}; see what is left with: manage.py check_content {shown}")


def _leads(graph: LinkGraph, href: str) -> bool:
    page = next(iter(graph.pages.values()))
    return graph.resolve(page, Link(href, "", 1, 1)).destination != "missing"
