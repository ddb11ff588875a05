"""Folders → pages and aliases by URL. The only module that reads the disk."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path
from types import MappingProxyType

from . import document, images, lazy_page, site_settings
from .document import Page
from .images import Picture, Pictures, RejectedImage
from .lazy_page import ReadResult
from .link_graph import LinkGraph
from .problems import Problem, Source
from .site_settings import SiteSettings
from .url_conflicts import UrlConflicts, precedence
from .url_paths import normalize_path, parent_url

SITE_FILE = "site.toml"
_PLACE = re.compile(r"[a-z0-9](?:[a-z0-9._~-]*[a-z0-9])?$")

# The kinds of file that are served beside documents: images, and what readers download.
SERVED = {
    **images.SUFFIXES,
    ".csv": "text/csv; charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}

# What tells that a file changed: its time of change in nanoseconds, and its size.
Stamp = tuple[int, int]


@dataclass(frozen=True)
class Library:
    """All documents and images of a content folder at one moment.

    `aliases` maps old addresses to the URLs that they lead to. `problems` are those of each file by itself, by path and
    line. Until it `is_whole`, there are more pages than those that it knows.
    """

    folder: Path
    pages: Mapping[str, Page]
    aliases: Mapping[str, str]
    site: SiteSettings
    problems: tuple[Problem, ...]
    stamps: Mapping[Path, Stamp]
    documents: Mapping[Path, Page]
    pictures: Pictures
    is_whole: bool = True

    @cached_property
    def under(self) -> Mapping[str, tuple[Page, ...]]:
        """By URL, the pages right under it, by name."""
        found: dict[str, list[Page]] = {}
        for page in sorted(self.pages.values(), key=lambda page: page.name):
            if above := parent_url(page.url):
                found.setdefault(above, []).append(page)
        return {url: tuple(pages) for url, pages in found.items()}

    def bank_at(self, path: str) -> Page | None:
        """The page whose question bank stands at `path` as a table."""
        page = self.pages.get(path.removesuffix(".csv")) if path.endswith(".csv") else None
        return page if page and page.question_banks else None

    @cached_property
    def graph(self) -> LinkGraph:
        has_file = cache(lambda path: bool(file_at(self.folder, path) or self.bank_at(path)))
        return LinkGraph(self.pages, self.aliases, has_file, datetime.now(UTC), self.under)

    @cached_property
    def all_problems(self) -> tuple[Problem, ...]:
        """Those of each file, and those that the files have with each other, by path and line. Made when first asked
        for: the pages are served without it."""
        return _ordered([*self.problems, *self.graph.problems(), *self._missing_ways()])

    def _missing_ways(self) -> Iterator[Problem]:
        """The pages that site.toml puts into header and footer, and that are not there."""
        missing = {url for url in (*self.site.header, *self.site.footer) if url not in self.pages}
        if not missing:
            return
        path = self.folder / SITE_FILE
        shown = display_path(self.folder, path)
        source = Source(shown, _text(path, shown, []) or "")
        for url in sorted(missing):
            line = next((number for number, text in enumerate(source.lines, 1) if f'"{url}"' in text), 1)
            message = f"header or footer lead to {url}, and there is no such page"
            yield source.problem_at("broken-link", message, "write that page, or take it out", line=line, text=url)


def scan(folder: Path) -> dict[Path, Stamp]:
    """The files that make up the site, images too, with their stamps; one that vanishes meanwhile is not there."""
    found = sorted(_stamped(folder), key=lambda pair: pair[0].split(os.sep))
    return {_path(path): stamp for path, stamp in found}


@lru_cache(100_000)
def _path(path: str) -> Path:
    """One object a file: to make ten thousand takes a while, and to compare them with others as well."""
    return Path(path)


def stamp_hash(folder: Path) -> int:
    """Another number whenever `scan` would find something else, in a fifth of its time."""
    return hash(tuple(_stamped(folder)))


def is_empty(folder: Path) -> bool:
    """Whether no document can be found there."""
    return not any(path.endswith(".md") for path, _ in _stamped(folder))


def _stamped(folder: Path) -> Iterator[tuple[str, Stamp]]:
    folders = [str(folder)]
    while folders:
        with suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                elif entry.name != "README.md" and entry.is_file():
                    with suppress(OSError):
                        stat = entry.stat()
                        yield entry.path, (stat.st_mtime_ns, stat.st_size)


def load(
    folder: Path,
    previous: Library | None = None,
    stamps: Mapping[Path, Stamp] | None = None,
    read_all: Callable[[Callable[[Path], ReadResult], Iterable[Path]], Iterable[ReadResult]] = map,
    *,
    shelves: bool = False,
) -> Library:
    """The library of `folder`. Never raises for what a file holds.

    What has not changed since `previous` is taken from it: documents, unless the site's settings have, or an image that
    they name. `stamps` is the folder's scan where the caller has made one; `read_all` works like `map`, and may do so
    in several processes. With `shelves` pages are kept in little room (see `shelf`).
    """
    stamps = scan(folder) if stamps is None else stamps
    problems: list[Problem] = []
    site = _site(folder, stamps, problems)
    pictures = _pictures(folder, stamps, previous)
    known = _unchanged(previous, stamps, pictures) if previous is not None and previous.site == site else {}
    changed = [path for path in stamps if path.suffix == ".md" and path not in known]
    reading = partial(read_document, folder, site, pictures)
    read = dict(
        zip(changed, read_all(partial(lazy_page.read_lazily, reading) if shelves else reading, changed), strict=True)
    )
    problems += [problem for _, unread in read.values() for problem in unread]
    documents = {path: page for path in stamps if (page := known.get(path) or read.get(path, (None, ()))[0])}
    collisions = UrlConflicts()
    for page in sorted(documents.values(), key=precedence):
        collisions.add(page)
    problems += [problem for page in documents.values() for problem in page.problems] + collisions.problems
    return Library(
        folder,
        MappingProxyType(dict(sorted(collisions.pages.items(), key=lambda pair: pair[1].path))),
        MappingProxyType(collisions.aliases),
        site,
        _ordered(problems),
        MappingProxyType(dict(stamps)),
        MappingProxyType(documents),
        MappingProxyType(pictures),
    )


def _unchanged(previous: Library, stamps: Mapping[Path, Stamp], pictures: Pictures) -> dict[Path, Page]:
    """The pages of `previous` that would be read as they were."""
    addresses = {*pictures, *previous.pictures}
    other = {address for address in addresses if pictures.get(address) != previous.pictures.get(address)}
    return {
        path: page
        for path, page in previous.documents.items()
        if previous.stamps[path] == stamps.get(path) and other.isdisjoint((*page.images, page.meta.image))
    }


def _pictures(
    folder: Path, stamps: Mapping[Path, Stamp], previous: Library | None
) -> dict[str, Picture | RejectedImage]:
    """What each image that may be served holds; a file that has not changed is not looked at again."""
    found: dict[str, Picture | RejectedImage] = {}
    for path, stamp in stamps.items():
        if path.suffix.lower() not in images.SUFFIXES:
            continue
        address = "/" + path.relative_to(folder).as_posix()
        if file_at(folder, address):
            known = previous.pictures.get(address) if previous and previous.stamps.get(path) == stamp else None
            with suppress(OSError):  # gone, or not to be read: then it is not there for visitors either
                too_heavy = images.reject_by_size(stamp[1]) if stamp[1] > images.MAX_BYTES else None
                found[address] = known or too_heavy or images.inspect(address, path.read_bytes())
    return found


def _ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: (problem.path, problem.line, problem.column, problem.rule)))


def file_at(folder: Path, path: str) -> Path | None:
    """The file that the content folder holds at the address `path`, of a kind in SERVED. Hidden files are not served,
    and nothing outside the folder is."""
    if path.endswith("/"):
        return None
    try:
        file = (folder / path.lstrip("/")).resolve()
        served = file.is_relative_to(folder) and file.suffix.lower() in SERVED and file.is_file()
    except (OSError, ValueError, RuntimeError):  # a path that no file can have, or links that go in a circle
        return None
    hidden = served and any(part.startswith(".") for part in file.relative_to(folder).parts)
    return file if served and not hidden else None


def display_path(folder: Path, path: Path) -> str:
    """A file's path as problems name it: relative to the content folder's parent."""
    return path.relative_to(folder.parent).as_posix()


def read_document(folder: Path, site: SiteSettings, pictures: Pictures, path: Path) -> ReadResult:
    """The page of the document at `path`."""
    problems: list[Problem] = []
    shown = display_path(folder, path)
    text = _text(path, shown, problems)
    if text is None:
        return None, problems
    source = Source(shown, text)
    if not text.strip():
        message = "this document is empty, so it is not on the site"
        return None, [source.problem("empty-document", message, "write the page, or delete the file")]
    settings = document.Settings(site.calls_to_action, site.words, pictures)
    return document.read(source, _place(folder, path), settings), problems


def _text(path: Path, shown: str, problems: list[Problem]) -> str | None:
    """A file's text with plain newlines, without byte order mark; None, and a problem, where it cannot be read."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        problems.append(Problem(shown, 1, 1, "unreadable-file", message, "see that the site may read it"))
        return None
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return _plain(raw.decode())
    except UnicodeDecodeError as error:
        good = _plain(raw[: error.start].decode())
        line, column = good.count("\n") + 1, len(good) - (good.rfind("\n") + 1) + 1
        message = f"the byte {raw[error.start]:#04x} is no UTF-8 text, so the document is not on the site"
        help = "save the file as UTF-8 (“Save as … encoding”)"
        shown_line = _plain(raw.decode(errors="replace")).split("\n")[line - 1]
        problems.append(Problem(shown, line, column, "unreadable-file", message, help, shown_line))
        return None


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _place(folder: Path, path: Path) -> str:
    """The URL that a file's place gives; empty where a part of it could not stand in an address."""
    parts = list(path.relative_to(folder).with_suffix("").parts)
    if parts[-1] == "index":
        parts.pop()
    return "/" + "/".join(parts) if all(_PLACE.match(part) for part in parts) else ""


def path_for_url(folder: Path, url: str) -> Path | None:
    """Where the document of `url` belongs; None where `url` cannot be an address."""
    parts = url.strip("/").split("/")
    if not url.startswith("/") or url != normalize_path(url) or not all(_PLACE.match(part) for part in parts):
        return None
    return folder.joinpath(*parts[:-1], parts[-1] + ".md")


def read_site_settings(folder: Path) -> SiteSettings:
    """What site.toml says, for who needs nothing of the documents."""
    return _site(folder, (folder / SITE_FILE,), [])


def _site(folder: Path, stamps: Container[Path], problems: list[Problem]) -> SiteSettings:
    path = folder / SITE_FILE
    shown = display_path(folder, path)
    if path not in stamps:
        message = "the site has no settings, so calls to action without an arrow lead nowhere"
        problems.append(Problem(shown, 1, 1, "site-settings", message, "add the file, with a [calls_to_action] table"))
        return SiteSettings()
    text = _text(path, shown, problems)
    return SiteSettings() if text is None else site_settings.parse(Source(shown, text), problems)
