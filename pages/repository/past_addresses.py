"""The addresses that pages had in git's history."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from ..content import document, page_paths
from ..content.content_folder import KIT_FILE
from ..content.problems import Source
from ..content.text_files import load_text
from ..content.url_paths import alias_path, normalize_path
from .git_commands import MAX_TEXT_BYTES, read_blobs, run_text

# Reading a history of 2,000 commits takes less than a second. A longer history is read as far as these limits allow.
TIMEOUT_SECONDS = 10
MAX_COMMITS = 2_000
MAX_VERSIONS = 10_000
# Parse at most this many old versions of documents. Parsing one takes a few milliseconds.
MAX_PARSED = 200
MAX_NEW_FILES = 200
BATCH = 200

_HEADING = re.compile(r"[ \t]*#{1,6}[ \t]+(.+)")
_ALIASES = re.compile(r"^\W{0,4}aliases\W{0,4}[:=](.*)$", re.IGNORECASE | re.MULTILINE)
_PATH = re.compile(r"/[^\s,\"'\]]*")


@dataclass(frozen=True)
class PastAddress:
    """An address that a page had until `commit` changed, moved or deleted its document on `day`.

    `path` is the document's path in the content folder before that change. `current_path` is the document's path now,
    or "" if git can't find the document. If `commit` is "", the change isn't committed yet.
    """

    url: str
    commit: str
    day: date
    path: str
    current_path: str


class _Version(NamedTuple):
    """A version of a document before it was changed, moved or deleted by `commit`."""

    blob: str
    path: str
    current_path: str
    commit: str
    time: datetime


def find_past_addresses(
    folder: Path, is_known: Callable[[str], bool], *, with_aliases: bool = True
) -> list[PastAddress] | None:
    """Return the addresses that were live in git's history, the latest first.

    Leave out the addresses for which `is_known` returns True.
    Without `with_aliases`, return only the pages' own URLs. Return None if there is no git, no repository, or no
    history of `folder`.
    """
    ends = monotonic() + TIMEOUT_SECONDS
    log = run_text(
        folder, "log", f"--max-count={MAX_COMMITS}", "--format=%x01%H %ct", "--raw", "--no-abbrev", "--find-renames",
        "--relative", "-z", "--", ".", ends=ends,
    )  # fmt: skip
    if not log:
        return None
    changed = run_text(folder, "diff", "HEAD", "--raw", "--no-abbrev", "--find-renames", "--relative", "-z", "--", ".",
                   ends=ends)  # fmt: skip
    now = datetime.now(UTC)
    current: dict[str, str] = {}
    versions = list(_versions("", now, changed or "", current))
    for entry in log.split("\x01")[1:]:
        header, _, changes = entry.partition("\0")
        commit, _, seconds = header.strip().partition(" ")
        versions += _versions(commit[:8], datetime.fromtimestamp(int(seconds), UTC), changes, current)
    new_files = _new_files(folder, ends)
    found: dict[str, PastAddress] = {}
    parsed: dict[tuple[str, str], document.Page] = {}
    for version, text in _with_texts(folder, versions[:MAX_VERSIONS], ends):
        unknown = {url for url in _addresses_in(text, folder, version.path) if url not in found and not is_known(url)}
        key = (version.blob, version.path)
        if not unknown or (key not in parsed and len(parsed) >= MAX_PARSED):
            continue
        page = parsed.setdefault(key, _parse(text, folder, version.path))
        if page.meta.is_published(version.time):
            current_path = version.current_path or (_most_similar(text, new_files) if not version.commit else "")
            for url in sorted(unknown & {page.url, *(page.meta.aliases if with_aliases else ())}):
                found[url] = PastAddress(url, version.commit, version.time.date(), version.path, current_path)
    return list(found.values())


def _versions(commit: str, time: datetime, changes: str, current: dict[str, str]) -> Iterator[_Version]:
    """Yield the versions of documents that one commit replaced. `changes` is git's raw output about this commit.

    `current` maps each earlier path of a file to the file's path today, or to "" if the file was deleted. Each call
    adds the paths that the commit changed. Call this function for the latest commit first: if a commit renamed a file,
    the call needs the later renames in `current` to find the file's path today.
    """
    fields = iter(changes.lstrip("\n\0").split("\0"))
    for info in fields:
        if not info.startswith(":"):
            continue
        _, _, blob, _, status = info[1:].split(" ")
        path = next(fields, "")
        new_path = next(fields, path) if status[0] in "RC" else path
        if status[0] in "AC":
            continue
        current[path] = "" if status[0] == "D" else current.get(new_path, new_path)
        if path.endswith(".md") and not _is_ignored(path):
            yield _Version(blob, path, current[path], commit, time)


def _is_ignored(path: str) -> bool:
    return path == KIT_FILE or any(part.startswith(".") or part == "README.md" for part in path.split("/"))


def _with_texts(folder: Path, versions: Sequence[_Version], ends: float) -> Iterator[tuple[_Version, str]]:
    """Yield each version of a document with its text. Leave out a version whose text can't be read.

    Only BATCH texts are in memory at a time.
    """
    for start in range(0, len(versions), BATCH):
        batch = versions[start : start + BATCH]
        texts = read_blobs(folder, {version.blob for version in batch}, ends)
        yield from ((version, texts[version.blob]) for version in batch if version.blob in texts)


def _new_files(folder: Path, ends: float) -> dict[str, set[str]]:
    """Return the documents that git doesn't track yet. Map each document's path to the set of its lines."""
    listed = run_text(folder, "ls-files", "--others", "--exclude-standard", "-z", "--", ".", ends=ends) or ""
    paths = [path for path in listed.split("\0") if path.endswith(".md") and not _is_ignored(path)]
    texts = {path: load_text(folder, folder / path, MAX_TEXT_BYTES, []) for path in paths[:MAX_NEW_FILES]}
    return {path: set(text.split("\n")) for path, text in texts.items() if text}


def _most_similar(text: str, new_files: Mapping[str, set[str]]) -> str:
    """Return the path of the new file that has the most lines in common with `text`.

    If no new file has at least half of the lines, return "". Git uses the same limit to detect renamed files.
    """
    lines = set(text.split("\n"))
    path = max(new_files, key=lambda path: len(lines & new_files[path]), default="")
    return path if path and 2 * len(lines & new_files[path]) >= len(lines) else ""


def _addresses_in(text: str, folder: Path, path: str) -> set[str]:
    """Return the addresses that a document may have, without parsing it: its URL and its aliases."""
    headings = [match[1].strip() for match in map(_HEADING.match, text.split("\n", 200)[:200]) if match][:2]
    url = next((normalize_path(each) for each in headings if each.startswith("/")), "")
    aliases = (alias_path(alias) for value in _ALIASES.findall(text) for alias in _PATH.findall(value))
    return {url or page_paths.url_for_path(folder, folder / path), *aliases} - {""}


def _parse(text: str, folder: Path, path: str) -> document.Page:
    return document.read(Source(path, text), page_paths.url_for_path(folder, folder / path), document.Settings({}))
