"""`manage.py check_content`: report the problems of all documents."""

from __future__ import annotations

import difflib
import gc
import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pages.content import autofix, content_folder, library, unfinished_pages
from pages.content.content_folder import RefusedFile
from pages.content.lazy_page import ReadPage, ReadResult
from pages.content.library import Library
from pages.content.problems import Problem, sort_problems
from pages.content.text_files import load_text
from pages.publish import release
from pages.publish.lost_addresses import check_lost_addresses
from pages.repository import document_reports
from pages.repository.read_cache import ReadCache

# With fewer documents than this, neither a cache nor parallel processes save time.
MIN_CACHED_DOCUMENTS = 100
# One fix can make another possible. For example, links to a moved page can be fixed once the page has an alias.
MAX_FIX_ROUNDS = 3


class Command(BaseCommand):
    help = "Report the problems of all documents, and suggest fixes. Exit with 1 if there are errors."
    requires_system_checks = ()  # marketers have no SECRET_KEY

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", metavar="PATH", help="documents or folders to check (default: all)")
        parser.add_argument("--format", choices=["text", "json", "github"], default="text")
        parser.add_argument(
            "--report",
            type=Path,
            help="also write each document's problems, links and last change to this file, for the admin",
        )
        parser.add_argument("--strict", action="store_true", help="also exit with 1 if there are only warnings")
        parser.add_argument(
            "--drafts", action="store_true", help="treat drafts, scheduled pages and expired pages like live pages"
        )
        parser.add_argument(
            "--fix", action="store_true", help="fix problems that have one right answer, and print the changes"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.CONTENT_DIR
        selection = {_resolve(folder, path) for path in options["paths"]}
        content = self._load(folder)
        is_complete = True
        for _ in range(MAX_FIX_ROUNDS if options["fix"] else 0):
            fixed, is_complete = self._fix(content, selection)
            content = self._load(folder)
            if not fixed or not is_complete:
                break
        found = _problems(content)
        if not gc.isenabled():
            gc.freeze()  # At exit, Python collects garbage once more. Let it skip the pages.
        if options["report"]:
            document_reports.write(options["report"], content, found)
        is_selected = cache(lambda path: not selection or _is_selected(folder.parent / path, selection))
        is_lost = content.settings.is_lost
        problems = [problem for problem in found if is_lost or is_selected(problem.path)]
        documents = sum(is_selected(page.path) for page in content.documents.values())
        notices = [problem for problem in problems if problem.level == "notice"]
        counted, apart = unfinished_pages.split_problems(content, problems, datetime.now(UTC))
        if options["drafts"]:
            counted, apart = list(sort_problems([*counted, *apart])), []
        getattr(self, f"_print_{options['format']}")(counted, apart, notices, documents)
        if is_lost and options["format"] == "text":
            self.stdout.write("The documents were not checked, because site.toml can't be read.")
        errors = sum(problem.level == "error" for problem in counted)
        if errors or not is_complete or (options["strict"] and counted):
            sys.exit(1)

    def _load(self, folder: Path) -> Library:
        limit = settings.MAX_DOCUMENT_BYTES
        stamps = content_folder.scan(folder)
        documents = len(content_folder.document_paths(folder, stamps))
        if not documents:
            raise CommandError(
                f"There are no documents in {folder}. Set CONTENT_DIR to the folder with your documents."
            )
        if documents < MIN_CACHED_DOCUMENTS:
            return library.load(folder, stamps=stamps, max_document_bytes=limit)
        # All pages stay in memory until the end, so garbage collection would find nothing, but take a third of the
        # time.
        gc.disable()
        read_cache = ReadCache(settings.BUILD_DIR / "check-cache", release.fingerprint(), stamps)

        def read_all(read: ReadPage, paths: Iterable[Path]) -> Iterable[ReadResult]:
            results = read_cache.read_all(read, lambda path: load_text(folder, path, limit, []), paths)
            return self._show_progress(results, documents)

        return library.load(folder, stamps=stamps, read_all=read_all, max_document_bytes=limit)

    def _show_progress(self, results: Iterable[ReadResult], total: int) -> Iterator[ReadResult]:
        """Yield `results`. On a terminal, show how many of the `total` documents have been read."""
        is_terminal = self.stderr.isatty()
        for number, result in enumerate(results, start=1):
            if is_terminal and number % 20 == 0:
                self.stderr.write(f"\r{number} of {total} documents", ending="")
            yield result
        if is_terminal:
            self.stderr.write("\r\033[K", ending="")

    def _fix(self, content: Library, selection: set[Path]) -> tuple[int, bool]:
        """Fix the selected files, and print the changes.

        Return two values: the number of fixed files, and whether all fixes succeeded. Skip files that were changed
        during the check. A skipped file doesn't count as a failed fix.
        """
        edits, fixed, is_complete = autofix.edits_by_document(_problems(content)), 0, True
        for path, shown_path, text in autofix.fixable_texts(content):
            if shown_path not in edits or not _is_selected(path, selection):
                continue
            try:
                before, after = autofix.fix_file(content.folder, path, text, edits[shown_path])
            except autofix.DocumentChanged:
                self.stderr.write(
                    f"{shown_path} was changed during the check, so it was not fixed. Run the command again."
                )
                continue
            except (OSError, RefusedFile) as error:
                reason = getattr(error, "strerror", None) or error
                self.stderr.write(f"{shown_path} can't be fixed: {reason}. The document is unchanged.")
                is_complete = False
                continue
            fixed += 1
            lines = before.split("\n"), after.split("\n")
            self.stdout.write("\n".join(difflib.unified_diff(*lines, shown_path, shown_path, lineterm="")))
        return fixed, is_complete

    def _print_text(
        self, counted: Sequence[Problem], apart: Sequence[Problem], notices: Sequence[Problem], documents: int
    ) -> None:
        if apart:
            self.stdout.write("These problems don't count, because they are about pages that aren't live:\n\n")
            self._print_each(apart)
            self.stdout.write(f"Not live: {_count_levels(apart)}. These problems don't fail the check.\n\n")
        if notices:
            self.stdout.write("Notices appear as time passes, or give advice:\n\n")
            self._print_each(notices)
            self.stdout.write(f"{_count(len(notices), 'notice')}. Notices don't fail the check.\n\n")
        self._print_each(counted)
        self.stdout.write(f"{_count(documents, 'document')}: {_count_levels(counted)}")

    def _print_each(self, problems: Sequence[Problem]) -> None:
        if problems:
            self.stdout.write("".join(f"{problem}\n" for problem in problems))

    def _print_json(
        self, counted: Sequence[Problem], apart: Sequence[Problem], notices: Sequence[Problem], documents: int
    ) -> None:
        keys = ("path", "line", "column", "level", "rule", "message", "help")
        objects = [{key: getattr(problem, key) for key in keys} for problem in [*counted, *notices]]
        self.stdout.write(json.dumps(objects, ensure_ascii=False, indent=2))

    def _print_github(
        self, counted: Sequence[Problem], apart: Sequence[Problem], notices: Sequence[Problem], documents: int
    ) -> None:
        """Print GitHub Actions annotations. Problems of pages that aren't live become notices.

        https://docs.github.com/actions/reference/workflow-commands-for-github-actions
        """
        others = [("notice", problem) for problem in [*apart, *notices]]
        for level, problem in [*others, *((problem.level, problem) for problem in counted)]:
            place = f"file={_property(problem.path)},line={problem.line},col={problem.column},title={problem.rule}"
            text = f"{problem.message} {problem.help}" if problem.help else problem.message
            self.stdout.write(f"::{level} {place}::{_data(text)}")


def _problems(content: Library) -> tuple[Problem, ...]:
    """Return the problems of the content. Each address that was live and now leads nowhere is a problem, too."""
    if content.settings.is_lost:
        return content.all_problems
    return sort_problems([*content.all_problems, *check_lost_addresses(content)])


def _resolve(folder: Path, path: str) -> Path:
    """Return the absolute path of `path`.

    Look for `path` in the content folder's parent first, because the paths in problem messages are relative to this
    folder. Then look in the working directory.
    """
    for base in (folder.parent, Path.cwd()):
        if os.path.lexists(base / path):
            # Don't use Path.resolve: it follows symbolic links, and CONTENT_DIR may be one.
            return Path(os.path.abspath(base / path))
    raise CommandError(f"There is no file or folder {path} in {folder.parent} or in the working directory.")


def _is_selected(path: Path, selection: set[Path]) -> bool:
    return not selection or not selection.isdisjoint((path, *path.parents))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _count_levels(problems: Sequence[Problem]) -> str:
    errors = sum(problem.level == "error" for problem in problems)
    return f"{_count(errors, 'error')}, {_count(len(problems) - errors, 'warning')}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
