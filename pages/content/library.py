"""Folders → pages and aliases by URL. The only module that reads the disk."""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any

from . import document
from .document import Page
from .problems import Problem, Source
from .targets import TARGET, address, telephone

SITE_FILE = "site.toml"
_PLACE = re.compile(r"[a-z0-9](?:[a-z0-9._~-]*[a-z0-9])?$")

# What tells that a file changed: its time of change in nanoseconds, and its size.
Stamp = tuple[int, int]


@dataclass(frozen=True)
class SiteSettings:
    """content/site.toml: what belongs to the site and not to one page."""

    name: str = "LayersRank"
    description: str = ""
    email: str = ""
    phones: Mapping[str, str] = field(default_factory=dict)
    calls_to_action: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()

    @property
    def phone_links(self) -> list[tuple[str, str, str]]:
        """Place, number as written, and its `tel:` address."""
        return [(place, number, telephone(number)) for place, number in self.phones.items()]


@dataclass(frozen=True)
class Library:
    """All documents of a content folder at one moment.

    `aliases` maps old addresses to the URLs that they lead to. `problems` are those of all files, by path and line.
    """

    pages: Mapping[str, Page]
    aliases: Mapping[str, str]
    site: SiteSettings
    problems: tuple[Problem, ...]
    stamps: Mapping[Path, Stamp]
    documents: Mapping[Path, Page]

    def published(self, now: datetime, drafts: bool = False) -> dict[str, Page]:
        """Pages that a visitor may see at `now`, by URL; with `drafts`, all."""
        return {url: page for url, page in self.pages.items() if drafts or page.meta.is_published(now)}


def scan(folder: Path) -> dict[Path, Stamp]:
    """The files that make up the site, with their stamps; a file that vanishes meanwhile is not there."""
    return dict(sorted(_stamped(folder)))


def _stamped(folder: Path) -> Iterator[tuple[Path, Stamp]]:
    for path in [folder / SITE_FILE, *folder.rglob("*.md")]:
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if hidden or path.name == "README.md":
            continue
        try:
            stat = path.stat()
        except OSError:
            continue
        yield path, (stat.st_mtime_ns, stat.st_size)


def load(folder: Path, previous: Library | None = None, stamps: Mapping[Path, Stamp] | None = None) -> Library:
    """The library of `folder`. Never raises for what a file holds. Documents that have not changed since `previous` are
    taken from it, unless the site's settings have; `stamps` is the folder's scan where the caller has made one."""
    stamps = scan(folder) if stamps is None else stamps
    problems: list[Problem] = []
    site = _site(folder, stamps, problems)
    known: Mapping[Path, Page] = {}
    if previous is not None and previous.site == site:
        known = {path: page for path, page in previous.documents.items() if previous.stamps[path] == stamps.get(path)}
    documents: dict[Path, Page] = {}
    for path in stamps:
        if path.suffix == ".md":
            page = known.get(path) or _document(folder, path, site, problems)
            if page is not None:
                documents[path] = page
    collisions = _Collisions()
    for page in documents.values():
        collisions.add(page)
    problems += [problem for page in documents.values() for problem in page.problems] + collisions.problems
    problems.sort(key=lambda problem: (problem.path, problem.line, problem.column))
    return Library(
        MappingProxyType(collisions.pages),
        MappingProxyType(collisions.aliases),
        site,
        tuple(problems),
        MappingProxyType(dict(stamps)),
        MappingProxyType(documents),
    )


def shown_path(folder: Path, path: Path) -> str:
    """A file's path as problems name it: relative to the content folder's parent."""
    return path.relative_to(folder.parent).as_posix()


def _document(folder: Path, path: Path, site: SiteSettings, problems: list[Problem]) -> Page | None:
    shown = shown_path(folder, path)
    text = _text(path, shown, problems)
    if text is None:
        return None
    source = Source(shown, text)
    if not text.strip():
        message = "this document is empty, so it is not on the site"
        problems.append(source.problem("empty-document", message, "write the page, or delete the file"))
        return None
    settings = document.Settings(site.calls_to_action, site.words)
    return document.read(source, _place(folder, path), settings)


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


class _Collisions:
    """One map for URLs and aliases, so that two documents cannot claim one address without both being named."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.aliases: dict[str, str] = {}
        self.problems: list[Problem] = []

    def add(self, page: Page) -> None:
        """Documents come by path; of two with one URL, the first has it."""
        if not page.url:
            return
        if page.url in self.pages:
            self._collide(page, page.url, self.pages[page.url], page.url_line)
            return
        self.pages[page.url] = page
        if page.url in self.aliases:
            other = self.pages[self.aliases.pop(page.url)]
            self._collide(other, page.url, page, other.meta.line)
        for alias in page.meta.aliases:
            taken = self.pages.get(alias) or self.pages.get(self.aliases.get(alias, ""))
            if taken is None:
                self.aliases[alias] = page.url
            elif taken is not page:
                self._collide(page, alias, taken, page.meta.line)

    def _collide(self, page: Page, url: str, taken: Page, line: int) -> None:
        message = f"{url} is the address of {taken.path} already, which keeps it"
        self.problems.append(Problem(page.path, line, 1, "doubled-url", message, "give one of the two another address"))


def _site(folder: Path, stamps: Mapping[Path, Stamp], problems: list[Problem]) -> SiteSettings:
    path = folder / SITE_FILE
    shown = shown_path(folder, path)
    text = _text(path, shown, problems) if path in stamps else None
    if text is None:
        if path not in stamps:
            message = "the site has no settings, so calls to action without an arrow lead nowhere"
            problems.append(
                Problem(shown, 1, 1, "site-settings", message, "add the file, with a [calls_to_action] table")
            )
        return SiteSettings()
    try:
        return _SiteReader(Source(shown, text), tomllib.loads(text), problems).read()
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problems.append(_toml_problem(Source(shown, text), error))
        return SiteSettings()


def _toml_problem(source: Source, error: Exception) -> Problem:
    place = re.search(r"line (\d+), column (\d+)", str(error))
    line, column = (int(place[1]), int(place[2])) if place else (len(source.lines), 1)
    message = f"this is no TOML: {str(error).partition(' (at')[0]}"
    help = 'lines are written as `"Start Free Trial" = "/start"`; until then the site does without its settings'
    return source.problem("site-settings", message, help, line=line, column=column)


class _SiteReader:
    """site.toml's tables, each value checked for its type; what is of another is left out and named."""

    KEYS = ("name", "description", "email", "phones", "calls_to_action", "words")

    def __init__(self, source: Source, data: dict[str, Any], problems: list[Problem]) -> None:
        self.source, self.data, self.problems = source, data, problems

    def read(self) -> SiteSettings:
        for key in self.data:
            if key not in self.KEYS:
                near = get_close_matches(key, self.KEYS, n=1)
                self._problem(key, f"“{key}” does nothing here", f"did you mean {near[0]}?" if near else "delete it")
        words = self.data.get("words", [])
        if not (isinstance(words, list) and all(isinstance(word, str) for word in words)):
            self._problem("words", "words is a list of words", 'write words = ["LayersRank", "FAQ"]')
            words = []
        return SiteSettings(
            name=self._text("name", "LayersRank"),
            description=self._text("description", ""),
            email=self._text("email", ""),
            phones=self._table("phones"),
            calls_to_action=self._calls(),
            words=tuple(words),
        )

    def _text(self, key: str, default: str) -> str:
        value = self.data.get(key, default)
        if isinstance(value, str):
            return value
        self._problem(key, f"{key} is a text", f'write {key} = "…"')
        return default

    def _table(self, key: str) -> dict[str, str]:
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            self._problem(key, f"{key} is a table", f"write [{key}] on a line of its own, and its lines under it")
            return {}
        for name in [name for name, entry in value.items() if not isinstance(entry, str)]:
            self._problem(name, f"“{name}” needs a text in quotes", f'write "{name}" = "…"')
        return {name: entry for name, entry in value.items() if isinstance(entry, str)}

    def _calls(self) -> dict[str, str]:
        calls = self._table("calls_to_action")
        for label in [label for label, target in calls.items() if not re.fullmatch(TARGET, target)]:
            target = calls.pop(label)
            mend = f'write "{label}" = "/start", or a whole address with https://, mailto: or tel:'
            self._problem(label, f"“{target}” is nowhere that a link can lead", mend)
        return {label: _target(target) for label, target in calls.items()}

    def _problem(self, key: str, message: str, help: str) -> None:
        line = next((number for number, text in enumerate(self.source.lines, 1) if key in text), 1)
        self.problems.append(self.source.problem_at("site-settings", message, help, line=line, text=key))


def _target(target: str) -> str:
    return address(target) if target.startswith("/") and not target.startswith("//") and "?" not in target else target
