"""The history of the content folder, from git: which commit changed what on which page."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from ..content import file_versions, page_paths
from ..content.content_folder import KIT_FILE
from ..content.document_changes import DocumentVersion, read_version
from ..content.file_versions import FileChange
from ..content.problems import Source
from ..content.redirects_file import REDIRECTS_FILE
from ..content.settings_file import FACTS_FILE, SITE_FILE
from .git_commands import read_blobs, run_text

TIMEOUT_SECONDS = 30
# Describing a commit takes about 10 ms for each changed document. The history of one page describes only the commits
# that changed this page, so it can search more commits.
MAX_COMMITS, MAX_COMMITS_OF_PAGE = 100, 5_000
MAX_FILES = 100  # if a commit has more files, the rest are counted, but not described

_SETTINGS = (SITE_FILE, FACTS_FILE, REDIRECTS_FILE, KIT_FILE)
_NO_BLOB = "0" * 40


@dataclass(frozen=True)
class ContentCommit:
    """A commit that changed the content folder. `others` is the number of changed files that `changes` leaves out."""

    id: str
    day: date
    author: str
    changes: tuple[FileChange, ...]
    others: int = 0


@dataclass(frozen=True)
class History:
    """The commits, the latest first. `is_complete` is False if there are more commits than the limits allow."""

    commits: tuple[ContentCommit, ...]
    is_complete: bool


class NoHistory(Exception):
    """There is no history. The message says why, and what to do."""


class _ChangedFile(NamedTuple):
    old_blob: str
    new_blob: str
    old_path: str
    path: str

    @property
    def is_document(self) -> bool:
        return self.path.endswith(".md") and self.path not in _SETTINGS


def read_history(folder: Path, *, page: str = "", paths: Collection[str] = (), since: str = "") -> History:
    """Return the commits that changed `folder`. Merges are left out, because they repeat the commits that they merge.

    With `page`, the URL of a page, return only the changes of this page. `paths` are the paths of its documents. If
    `paths` is empty, return the changes of the document that had this URL earlier. Renamed files are followed. With
    `since`, return only the commits since this date, or after this commit or tag. Raises NoHistory.
    """
    ends = monotonic() + TIMEOUT_SECONDS
    limit = MAX_COMMITS_OF_PAGE if page else MAX_COMMITS
    log = run_text(
        folder, "log", f"--max-count={limit + 1}", "--no-merges", "--format=%x01%H%x02%cs%x02%aN%x02%d", "--raw",
        "--no-abbrev", "--find-renames", "--relative", "-z", *_range(folder, since, ends), "--", ".", ends=ends,
    )  # fmt: skip
    if log is None:
        raise NoHistory(_reason(folder, ends))
    entries = log.split("\x01")[1:]
    selection = _Selection(folder, page, set(paths), ends) if page else None
    commits = []
    for entry in entries[:limit]:
        header, _, raw = entry.partition("\0")
        id, day, author, refs = header.split("\x02", 3)
        files = [file for file in _changed_files(raw) if not _is_ignored(file.path)]
        if selection:
            files = list(selection.select(files))
        if not files or "(grafted" in refs:  # a shallow clone's oldest commit seems to add every file
            continue
        changes = tuple(_describe(folder, files[:MAX_FILES], ends))
        if changes:
            others = len(files[MAX_FILES:])
            commits.append(ContentCommit(id[:8], date.fromisoformat(day), author, changes, others))
    return History(tuple(commits), len(entries) <= limit)


def uncommitted_files(folder: Path, paths: Collection[str] = ()) -> list[str]:
    """Return the sorted paths of files with uncommitted changes. If `paths` isn't empty, leave out all other files."""
    ends = monotonic() + TIMEOUT_SECONDS
    changed = run_text(folder, "diff", "--name-only", "--no-renames", "--relative", "-z", "HEAD", "--", ".", ends=ends)
    new = run_text(folder, "ls-files", "--others", "--exclude-standard", "-z", "--", ".", ends=ends)
    found = {path for path in f"{changed or ''}\0{new or ''}".split("\0") if path and not _is_ignored(path)}
    return sorted(found & set(paths) if paths else found)


def _range(folder: Path, since: str, ends: float) -> tuple[str, ...]:
    if not since:
        return ()
    try:
        return (f"--since={date.fromisoformat(since).isoformat()}T00:00:00",)
    except ValueError:
        pass
    commit = run_text(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{since}^{{commit}}", ends=ends)
    if not commit and _has_repository(folder, ends):
        raise NoHistory(
            f"“{since}” is neither a date nor a commit. Write a date such as 2026-11-01, or a tag or commit."
        )
    return (f"{(commit or '').strip()}..HEAD",)


def _has_repository(folder: Path, ends: float) -> bool:
    return run_text(folder, "rev-parse", "--verify", "--quiet", "HEAD", ends=ends) is not None


def _reason(folder: Path, ends: float) -> str:
    if monotonic() > ends:
        return f"git took more than {TIMEOUT_SECONDS} s. Choose a later date with --since."
    if _has_repository(folder, ends):
        return f"git can't read the history of {folder}. Run “git log” in this folder to see why."
    return (
        f"There is no history of {folder}, because git is missing or has no commits there. "
        "Install git, and run this command in a clone of the repository."
    )


def _changed_files(raw: str) -> Iterator[_ChangedFile]:
    """Yield the files in git's raw output (`--raw -z`)."""
    fields = iter(raw.lstrip("\n\0").split("\0"))
    for info in fields:
        if info.startswith(":"):
            _, _, old_blob, new_blob, status = info[1:].split(" ")
            old_path = next(fields, "")
            path = next(fields, old_path) if status[0] in "RC" else old_path
            yield _ChangedFile(old_blob, new_blob, old_path, path)


def _is_ignored(path: str) -> bool:
    return any(part.startswith(".") or part == "README.md" for part in path.split("/"))


class _Selection:
    """Selects the files that contained the page at `url`. Pass each commit's files to `select`, latest commit first."""

    def __init__(self, folder: Path, url: str, paths: set[str], ends: float) -> None:
        self._folder, self._url, self._paths, self._ends = folder, url, paths, ends

    def select(self, files: list[_ChangedFile]) -> Iterator[_ChangedFile]:
        for file in files:
            if file.path in self._paths or (not self._paths and self._was_page(file)):
                self._paths.add(file.old_path)
                yield file

    def _was_page(self, file: _ChangedFile) -> bool:
        """Return whether this commit deleted the page, or gave it another URL."""
        if not file.is_document or file.old_blob == _NO_BLOB:
            return False
        texts = read_blobs(self._folder, {file.old_blob}, self._ends)
        version = _version(self._folder, file.old_path, texts.get(file.old_blob))
        return version is not None and version.url == self._url


def _describe(folder: Path, files: list[_ChangedFile], ends: float) -> Iterator[FileChange]:
    texts = read_blobs(
        folder,
        {
            blob
            for file in files
            for blob in (file.old_blob, file.new_blob)
            if blob != _NO_BLOB and (file.is_document or file.path in _SETTINGS)
        },
        ends,
    )
    for file in sorted(files, key=lambda file: file.path):
        if file.is_document:
            old = _version(folder, file.old_path, texts.get(file.old_blob))
            new = _version(folder, file.path, texts.get(file.new_blob))
            yield file_versions.describe_document(f"{folder.name}/{file.path}", old, new)
            continue
        old_text, new_text = (
            None if blob == _NO_BLOB else texts.get(blob, "") for blob in (file.old_blob, file.new_blob)
        )
        if change := file_versions.describe_other_file(file.path, file.old_path, old_text, new_text):
            yield change


# Cached, because most versions are needed twice: as the new version in one commit, and as the old version in the next.
@lru_cache(200)
def _version(folder: Path, path: str, text: str | None) -> DocumentVersion | None:
    if text is None:
        return None
    return read_version(Source(path, text), page_paths.url_for_path(folder, folder / path))
