"""`manage.py new_page`: write a draft of a new page, and ask for everything that the command line doesn't say.

For example, `manage.py new_page /hire/data-analyst --kind role` or
`manage.py new_page /hire/site-reliability-engineer --like /hire/machine-learning-engineer`.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pages.content import file_changes, library, page_names, page_paths
from pages.content.content_folder import KIT_FILE, display_path
from pages.content.document import Page
from pages.content.document_links import Link
from pages.content.file_changes import FileChange, FileChanged
from pages.content.file_checks import file_owners
from pages.content.scaffold import NewPage, scaffold
from pages.content.scaffold_outlines import KINDS, Site, write_draft
from pages.content.url_paths import is_reserved, normalize_path, parent_url

# How the marketers' guide runs `manage.py`. Without this path, the shell would find another Python.
MANAGE = ".venv/bin/python manage.py"
NO_HUB = "none"
MAX_RELATED = 3


class Command(BaseCommand):
    help = (
        "Write a draft of a new page, with a TODO for each missing text. "
        "On a terminal, the command asks for everything that you leave out."
    )
    requires_system_checks = ()  # marketers have no SECRET_KEY

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", nargs="?", help="the new page's URL, such as /hire/site-reliability-engineer")
        parser.add_argument("--kind", choices=list(KINDS), help="what kind of page to write")
        parser.add_argument("--name", help="the role or topic, such as “Data Scientist” (default: from the URL)")
        parser.add_argument("--like", metavar="URL", help="copy the sections of the page at this URL")
        parser.add_argument(
            "--language",
            metavar="CODE",
            help="with --like: draft a translation into the language with this code, such as hi (Hindi)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.is_terminal = sys.stdin.isatty()
        self.folder = settings.CONTENT_DIR
        self.content = library.load(self.folder, max_document_bytes=settings.MAX_DOCUMENT_BYTES)
        like = self._like(options["like"]) if options["like"] else None
        if options["language"] and not like:
            raise CommandError("--language needs --like with the URL of the page to translate.")
        kind = "" if like else options["kind"] or self._ask_kind()
        name = given_name = " ".join((options["name"] or "").split())
        if not options["url"] and not name:
            name = self._ask("Name, such as “Data Scientist” or “Women in Tech”", "", "--name")
        url = options["url"] or self._ask_url(kind, name)
        url, path = self._choose_path(url, kind, like, is_given=bool(options["url"]))
        if not name:
            from_url = page_names.name_of(url, self.content.site.words)
            name = self._ask("Name", from_url, "--name") if self.is_terminal else from_url
        if like:
            title = given_name or f"TODO: {like.name}, translated"
            text = self._copy(like, url, title if options["language"] else name, options["language"])
        else:
            text = self._write(kind, url, name)
        self._save(path, text)
        self._describe(path, url, has_hub=kind not in ("landing", "hub"))

    def _like(self, url: str) -> Page:
        page = self.content.pages.get(normalize_path(url))
        if page is None:
            urls = ", ".join(sorted(self.content.pages))
            raise CommandError(f"No page has the URL {normalize_path(url)}. Use one of these URLs: {urls}")
        return page

    def _ask(self, question: str, default: str, option: str, choices: Collection[str] = ()) -> str:
        """Ask on the terminal until there is a valid answer. Without a terminal, raise an error that names `option`."""
        if not self.is_terminal:
            listed = f" ({', '.join(choices)})" if choices else ""
            raise CommandError(f"Say what to write: {option}{listed} is missing. See {MANAGE} new_page --help.")
        while True:
            try:
                answer = " ".join(input(f"{question}{f' [{default}]' if default else ''}: ").split()) or default
            except (EOFError, KeyboardInterrupt) as error:
                raise CommandError("Stopped: no file was written.") from error
            if answer and (not choices or answer in choices):
                return answer
            self.stdout.write(
                f"Answer with one of these words: {', '.join(choices)}." if choices else "Type an answer."
            )

    def _ask_kind(self) -> str:
        if self.is_terminal:
            self.stdout.write("What kind of page is it?")
            for kind, description in KINDS.items():
                self.stdout.write(f"  {kind:<12}{description}")
        return self._ask("Kind", "page" if self.is_terminal else "", "--like or --kind", KINDS)

    def _ask_url(self, kind: str, name: str) -> str:
        slug = page_names.slug_of(name)
        if kind == "hub" or not self.is_terminal:
            return self._ask("Address", f"/{slug}" if slug else "", "the URL, such as /hire/data-engineer,")
        hubs = sorted(url for url in self.content.children if url != "/")
        default = next((url for url in hubs if kind == "role" and self._roles_under(url)), NO_HUB)
        self.stdout.write(f"A hub lists the pages under its URL. Hubs on this site: {', '.join(hubs) or NO_HUB}")
        hub = self._ask("Hub, or “none”", default, "")
        base = "" if hub in (NO_HUB, "/") else "/" + hub.strip("/")
        return self._ask("Address", f"{base}/{slug}" if slug else "", "")

    def _roles_under(self, hub: str) -> list[Page]:
        return [page for page in self.content.children.get(hub, ()) if page.weights]

    def _choose_path(self, url: str, kind: str, like: Page | None, *, is_given: bool) -> tuple[str, Path]:
        """Return the URL and its document's path. On a terminal, ask for another URL until one is free."""
        while True:
            try:
                return url, self._path_for(url, kind, like)
            except CommandError as error:
                if is_given or not self.is_terminal:
                    raise
                self.stdout.write(str(error))
                url = self._ask("Address", "", "")

    def _path_for(self, url: str, kind: str, like: Page | None) -> Path:
        """Return the new document's path. Raise CommandError if another page or file has the URL."""
        if is_reserved(normalize_path(url)):
            raise CommandError(f"The site itself uses the URL {url}. Choose another URL.")
        path = page_paths.path_for_url(self.folder, url)
        if path is None:
            raise CommandError(
                f"The URL {url} is not valid. Use lowercase letters, digits and hyphens, such as /hire/data-engineer."
            )
        index = path.with_suffix("") / "index.md"
        pages, aliases = self.content.pages, self.content.aliases
        for taken in (path, index):
            is_kit = taken == self.folder / KIT_FILE  # this file has the words of interview kits, and is no page
            if is_kit or os.path.lexists(taken) or url in pages or url in aliases:
                owner = pages.get(url) or pages.get(aliases.get(url, ""))
                shown_path = owner.path if owner else display_path(self.folder, taken)
                raise CommandError(f"The document {shown_path} already uses the URL {url}. Choose another URL.")
        owner_of = file_owners(self.folder, self.content.stamps, self.content.documents.values())
        if file_owner := owner_of(url):
            raise CommandError(f"The {file_owner} already uses the URL {url}. Choose another URL.")
        is_hub = kind == "hub" or (like is not None and like.path.endswith("/index.md") and like.url != "/")
        path = index if is_hub else path
        if not path.parent.resolve().is_relative_to(self.folder.resolve()):
            raise CommandError(f"{display_path(self.folder, path.parent)} leads out of the content folder.")
        return path

    def _copy(self, like: Page, url: str, name: str, language: str) -> str:
        hub = self.content.pages.get(parent_url(like.url))
        from_url = page_names.name_of(like.url, self.content.site.words)
        like_name = like.short_name(hub) if hub else from_url if from_url in like.name else like.name
        is_role = bool(like.weights) and parent_url(url) == parent_url(like.url)
        title = like.name.replace(like_name, name) if is_role else name
        lines: tuple[str, ...] = ()
        if language:
            title, is_role = name, False
            lines = (f"Language: {language}", f"Translation of: {like.url}")
            name = like_name
        elif like.meta.keeps_out_search_engines:
            lines = (f"Robots: {like.meta.robots}",)
        page = NewPage(url, name, title, is_role, lines)

        def has_target(href: str) -> bool:
            return self.content.graph.resolve(like, Link(href, "", 1, 1)).destination != "missing"

        return scaffold(like, like_name, page, has_target)

    def _write(self, kind: str, url: str, name: str) -> str:
        """Return the text of a draft. A new role page copies the sections of another role page, if there is one."""
        # A role page's title starts with its hub's name: under /hire, it is “Hire Data Engineer”. Directly under /, the
        # title is only the page's name, because the home page is no hub.
        hub = self.content.pages.get(parent_url(url)) if parent_url(url) != "/" else None
        roles = [page for page in self._roles_under(parent_url(url)) if page.meta.is_published(datetime.now(UTC))]
        if kind == "role" and roles:
            return self._copy(min(roles, key=lambda page: (-len(page.sections), page.url)), url, name, "")
        site, title = self.content.site, name
        lines: tuple[str, ...] = ()
        if kind == "comparison":
            title = f"{site.name} vs. {name}"
        elif kind == "role" and hub:
            title = f"{hub.name} {name}"
        elif kind == "article":
            lines = ("Author: TODO: the author's name", f"Date: {datetime.now(UTC).date()}")
        elif kind == "landing":
            lines = ("Robots: noindex",)
        page = NewPage(url, name, title, kind == "role", lines)
        return write_draft(kind, page, Site(site.name, self._call_to_action(), self._related_to(url)))

    def _call_to_action(self) -> str:
        """Return the draft's call to action: the first label in `site.toml` whose target exists, or a TODO.

        After such a label, the draft needs no “→ URL”, because `site.toml` has the URL.
        """
        calls = self.content.site.calls_to_action.items()
        found = (label for label, target in calls if target.partition("#")[0] in self.content.pages)
        return next(found, "TODO: the button's text → /")

    def _related_to(self, url: str) -> list[Page]:
        now, parent = datetime.now(UTC), parent_url(url)
        near = [*self.content.children.get(parent, ()), *filter(None, [self.content.pages.get(parent)])]
        return [page for page in near if parent != "/" and page.meta.is_published(now)][:MAX_RELATED]

    def _save(self, path: Path, text: str) -> None:
        try:
            file_changes.apply(self.folder, [FileChange(path, None, text.encode())])
        except FileChanged as error:
            shown_path = display_path(self.folder, path)
            raise CommandError(f"Another program has just created {shown_path}. This command wrote no file.") from error
        except OSError as error:
            raise CommandError(f"Could not write {path}: {error.strerror}.") from error

    def _describe(self, path: Path, url: str, *, has_hub: bool) -> None:
        content = library.load(self.folder, max_document_bytes=settings.MAX_DOCUMENT_BYTES)
        page, shown_path, parent = content.pages[url], display_path(self.folder, path), parent_url(url)
        todos = [problem for problem in page.problems if problem.rule == "gap"]
        self.stdout.write(
            f"Wrote the draft {shown_path} with {len(todos)} TODOs. Replace each TODO with your text. "
            "Until then, the checker reports each TODO as an error. The first one:\n"
        )
        self.stdout.write(f"{todos[0]}\n" if todos else "")
        if has_hub and parent not in ("", "/", *content.pages):
            self.stdout.write(f"No page has the URL {parent}. To write one: {MANAGE} new_page {parent} --kind hub")
        self.stdout.write(f"To preview the page, run “make dev” and open {url}.")
        self.stdout.write(f"To list the remaining TODOs, run: {MANAGE} check_content {shown_path}")
