"""`manage.py new_page`: write a draft with the sections of an existing page.

For example, `manage.py new_page /hire/site-reliability-engineer --like /hire/machine-learning-engineer`.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pages.atomic_files import replace_file
from pages.content import library, page_paths
from pages.content.content_folder import display_path
from pages.content.document_links import Link
from pages.content.file_checks import file_owners
from pages.content.scaffold import scaffold
from pages.content.url_paths import is_reserved, normalize_path


class Command(BaseCommand):
    help = "Write a draft with the sections of an existing page, and a TODO for each missing text."
    requires_system_checks = ()  # marketers have no SECRET_KEY

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="the new page's URL, such as /hire/site-reliability-engineer")
        parser.add_argument("--like", required=True, metavar="URL", help="the URL of the existing page")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.CONTENT_DIR
        content = library.load(folder, max_document_bytes=settings.MAX_DOCUMENT_BYTES)
        url, like_url = options["url"], normalize_path(options["like"])
        like = content.pages.get(like_url)
        if like is None:
            raise CommandError(
                f"No page has the URL {like_url}. Use one of these URLs: {', '.join(sorted(content.pages))}"
            )
        if is_reserved(normalize_path(url)):
            raise CommandError(f"The site itself uses the URL {url}. Choose another URL.")
        path = page_paths.path_for_url(folder, url)
        if path is None:
            raise CommandError(
                f"The URL {url} is not valid. Use lowercase letters, digits and hyphens, such as /hire/data-engineer."
            )
        if os.path.lexists(path) or url in content.pages or url in content.aliases:
            owner = content.pages.get(url) or content.pages.get(content.aliases.get(url, ""))
            shown_path = owner.path if owner else display_path(folder, path)
            raise CommandError(f"The document {shown_path} already uses the URL {url}. Choose another URL.")

        if file_owner := file_owners(folder, content.stamps, content.documents.values())(url):
            raise CommandError(f"The {file_owner} already uses the URL {url}. Choose another URL.")

        def has_target(href: str) -> bool:
            return content.graph.resolve(like, Link(href, "", 1, 1)).destination != "missing"

        try:
            with replace_file(path) as file:
                file.write(scaffold(like, url, has_target).encode())
        except OSError as error:
            raise CommandError(f"Could not write {path}: {error.strerror}.") from error
        page = library.load(folder, max_document_bytes=settings.MAX_DOCUMENT_BYTES).pages[url]
        shown_path = display_path(folder, path)
        todos = [problem for problem in page.problems if problem.rule == "gap"]
        self.stdout.write(
            f"Wrote the draft {shown_path} with {len(todos)} TODOs. Replace each TODO with your text. The first TODO:\n"
        )
        self.stdout.write(f"{todos[0]}\n" if todos else "")
        self.stdout.write(f"To preview the page, run “make dev” and open {url}.")
        self.stdout.write(f"To list the remaining TODOs, run: manage.py check_content {shown_path}")
