"""`manage.py check_content`: every problem of every document, in one run."""

from __future__ import annotations

import difflib
import gc
import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from os import cpu_count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pages.content import autofix, library
from pages.content.lazy_page import ReadResult
from pages.content.library import Library
from pages.content.problems import Problem

# From how many documents on several processes are faster than one.
WORTH_PROCESSES = 100


class Command(BaseCommand):
    help = "Says what is wrong with the documents, where, and how to mend it. Exits with 1 if there are errors."
    requires_system_checks = ()  # a marketer needs no SECRET_KEY

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", metavar="PATH", help="documents or folders; without any, all")
        parser.add_argument("--format", choices=["text", "json", "github"], default="text")
        parser.add_argument("--strict", action="store_true", help="exit with 1 for warnings too")
        parser.add_argument("--fix", action="store_true", help="mend what has one right answer, showing the difference")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.CONTENT_DIR
        asked = [_asked(folder, path) for path in options["paths"]]
        found = self._load(folder)
        if options["fix"]:
            self._fix(found, asked)
            found = self._load(folder)
        problems = [problem for problem in found.all_problems if _is_asked(folder.parent / problem.path, asked)]
        documents = sum(_is_asked(folder.parent / page.path, asked) for page in found.documents.values())
        getattr(self, f"_print_{options['format']}")(problems, documents)
        errors = sum(problem.level == "error" for problem in problems)
        if errors or (options["strict"] and problems):
            sys.exit(1)

    def _load(self, folder: Path) -> Library:
        stamps = library.scan(folder)
        documents = sum(path.suffix == ".md" for path in stamps)
        if not documents:
            raise CommandError(f"there are no documents in {folder}: see CONTENT_DIR")
        if documents < WORTH_PROCESSES:
            return library.load(folder, stamps=stamps)
        # Pages are kept until the end: to look for garbage among ever more of them takes a third of the time.
        gc.disable()
        with ProcessPoolExecutor(cpu_count(), initializer=gc.disable) as pool:

            def read_all(read: Callable[[Path], ReadResult], paths: Iterable[Path]) -> Iterable[ReadResult]:
                return self._counted(pool.map(partial(_without_sections, read), paths, chunksize=20), documents)

            return library.load(folder, stamps=stamps, read_all=read_all)

    def _counted(self, reading: Iterable[ReadResult], total: int) -> Iterator[ReadResult]:
        """The same, with a line on a terminal that says how far it is."""
        terminal = self.stderr.isatty()
        for number, read in enumerate(reading, start=1):
            if terminal and number % 20 == 0:
                self.stderr.write(f"\r{number} of {total} documents", ending="")
            yield read
        if terminal:
            self.stderr.write("\r\033[K", ending="")

    def _fix(self, found: Library, asked: list[Path]) -> None:
        for path, page in found.documents.items():
            problems = [problem for problem in found.all_problems if problem.path == page.path and problem.edits]
            if not problems or not _is_asked(path, asked):
                continue
            with path.open(encoding="utf-8", newline="") as file:
                before = file.read()
            if before.count("\n") + 1 != len(page.source.lines):
                continue  # lines that end as none has for decades: what is where cannot be said
            after = autofix.apply_fixes(before, problems)
            shown = difflib.unified_diff(before.splitlines(), after.splitlines(), page.path, page.path, lineterm="")
            self.stdout.write("\n".join(shown))
            path.write_text(after, encoding="utf-8", newline="")

    def _print_text(self, problems: list[Problem], documents: int) -> None:
        for problem in problems:
            self.stdout.write(f"{problem}\n")
        errors = sum(problem.level == "error" for problem in problems)
        warnings = len(problems) - errors
        self.stdout.write(f"{_count(documents, 'document')}: {_count(errors, 'error')}, {_count(warnings, 'warning')}")

    def _print_json(self, problems: list[Problem], documents: int) -> None:
        keys = ("path", "line", "column", "level", "rule", "message", "help")
        listed = [{key: getattr(problem, key) for key in keys} for problem in problems]
        self.stdout.write(json.dumps(listed, ensure_ascii=False, indent=2))

    def _print_github(self, problems: list[Problem], documents: int) -> None:
        """Annotations of GitHub's checks:
        https://docs.github.com/actions/reference/workflow-commands-for-github-actions"""
        for problem in problems:
            place = f"file={_property(problem.path)},line={problem.line},col={problem.column},title={problem.rule}"
            text = f"{problem.message}. {problem.help}" if problem.help else problem.message
            self.stdout.write(f"::{problem.level} {place}::{_data(text)}")


def _without_sections(read: Callable[[Path], ReadResult], path: Path) -> ReadResult:
    """What `read` gives, without what the check does not look at: that need not go from process to process."""
    page, problems = read(path)
    return (replace(page, sections=(), plain_text="") if page else None), problems


def _asked(folder: Path, path: str) -> Path:
    """A path as given: from the content folder's parent, as problems name it, or from here."""
    for base in (folder.parent, Path.cwd()):
        if (base / path).exists():
            return (base / path).resolve()
    raise CommandError(f"there is no {path}, neither in {folder.parent} nor here")


def _is_asked(path: Path, asked: list[Path]) -> bool:
    return not asked or any(path == wanted or wanted in path.parents for wanted in asked)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" + ("" if number == 1 else "s")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
