"""`manage.py content_log`: say what changed on which page, who changed it and when."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pages.content.url_paths import normalize_path
from pages.management.page_changes import load_content
from pages.markdown_format import escape
from pages.repository.content_history import ContentCommit, NoHistory, read_history, uncommitted_files


class Command(BaseCommand):
    help = "List the changes of the content: which sections, META keys, facts and redirects changed, when, and by whom."
    requires_system_checks = ()  # marketers have no SECRET_KEY

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("page", nargs="?", default="", metavar="/page", help="only the page at this URL")
        parser.add_argument(
            "--since", default="", metavar="DATE|TAG", help="only changes since this date (2026-11-01), tag or commit"
        )
        parser.add_argument(
            "--format", choices=("text", "markdown"), default="text", help="markdown: for a release note"
        )

    def handle(self, *args: Any, page: str, since: str, **options: Any) -> None:
        if page and not page.startswith("/"):
            raise CommandError(f"“{page}” is not the URL of a page. Write it with a slash, such as /pricing.")
        url = normalize_path(page) if page else ""
        try:
            paths = _paths_of(url) if url else []
            history = read_history(settings.CONTENT_DIR, page=url, paths=paths, since=since)
        except NoHistory as error:
            raise CommandError(str(error)) from error
        lines = _markdown if options["format"] == "markdown" else _text
        for commit in history.commits:
            self.stdout.writelines(f"{line}\n" for line in lines(commit))
        if not history.commits:
            self.stdout.write(f"No change of {url or 'the content'} was found.")
        if not history.is_complete:
            self.stderr.write("There are older changes, which are not listed. Choose an earlier tag or date: --since.")
        if edited := uncommitted_files(settings.CONTENT_DIR, paths):
            self.stderr.write(f"Not committed yet, so not listed: the changes in {', '.join(edited)}.")


def _paths_of(url: str) -> list[str]:
    """Return a list with the path of the page's document in the content folder. `url` may be an alias."""
    content = load_content()
    page = content.pages.get(content.aliases.get(url, url))
    return [path.relative_to(content.folder).as_posix() for path, each in content.documents.items() if each is page]


def _text(commit: ContentCommit) -> Iterator[str]:
    yield f"{commit.day}, {commit.author} ({commit.id})"
    for change in commit.changes:
        yield f"  {change.subject}"
        yield from (f"    - {sentence}" for sentence in change.sentences)
    if commit.others:
        yield f"  {commit.others} more files"
    yield ""


def _markdown(commit: ContentCommit) -> Iterator[str]:
    yield f"## {commit.day.day} {commit.day:%B %Y}, {escape(commit.author)}\n"
    for change in commit.changes:
        yield f"- **{escape(change.subject)}**"
        yield from (f"  - {escape(sentence)}" for sentence in change.sentences)
    if commit.others:
        yield f"- {commit.others} more files"
    yield ""
