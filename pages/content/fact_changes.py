"""Change a fact in all files of the content folder, and list the places that a person must check.

A place is changed only if changing the fact back would restore the place. So if the fact gets its old value again, all
files are as they were before.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pages.atomic_files import check_writable

from . import content_folder, file_changes, video_files
from .autofix import apply_edits
from .content_folder import KIT_FILE, MEDIA_TYPES, RefusedFile, display_path
from .document_reader import MAX_DOCUMENT_BYTES
from .fact_edits import edit_document, edit_kit, edit_settings
from .fact_places import Change, FileEdits, Place
from .fact_statements import FactFinder
from .fact_values import check_value
from .file_changes import FileChange, FileChanged
from .images import SUFFIXES
from .languages import ENGLISH, Language
from .library import Library
from .problems import Edit, Source
from .settings_file import FACTS_FILE, SITE_FILE
from .site_words import translated_headings
from .text_files import load_text, normalize
from .toml_positions import TomlPositions


class ChangeRefused(Exception):
    """The change can't be made. The message says what to do. No file has been changed."""


@dataclass(frozen=True)
class Plan:
    """All changes that give a fact its new value, and the places that are left as they are.

    `count` is the number of changed places.
    """

    changes: tuple[FileChange, ...]
    left: tuple[Place, ...]
    count: int


@dataclass(frozen=True)
class _File:
    """A text file of the content folder. `find` returns the edits that a changed fact needs in this file."""

    path: Path
    source: Source
    find: Callable[[Source, Change], FileEdits]


def plan_change(library: Library, name: str, value: str) -> Plan:
    """Return the changes that give the fact `name` a new `value`. Raises ChangeRefused or InvalidValue."""
    facts = library.facts.facts
    fact = facts[name]
    check_value(name, fact.value, value)
    renamed = replace(fact, value=value)
    forward = Change(fact, value, FactFinder(tuple(facts.values())))
    backward = Change(renamed, fact.value, FactFinder(tuple({**facts, name: renamed}.values())))
    changes: dict[Path, FileChange] = {}
    count = 0
    left = [*_unread_files(library), *_other_languages(library, forward)]
    for file in [*_text_files(library), _facts_file(library, name)]:
        found = _restorable_edits(file, forward, backward)
        left += found.left.values()
        if found.edits:
            real_path, change = _file_change(library.folder, file, found.edits.values())
            count += len(found.edits) if real_path not in changes else 0  # two symbolic links can lead to one file
            changes.setdefault(real_path, change)
    return Plan(tuple(changes.values()), tuple(sorted(left, key=lambda place: (place.path, place.line))), count)


def write_change(folder: Path, plan: Plan) -> None:
    """Write all files of `plan`, or none of them. Raises ChangeRefused."""
    changes = [_check_file(folder, change) for change in plan.changes]
    try:
        file_changes.apply(folder, changes)
    except FileChanged as error:
        shown_path = display_path(folder, error.path)
        raise ChangeRefused(f"Another program has just changed {shown_path}. Run the command again.") from error
    except OSError as error:
        raise ChangeRefused(f"A file can't be written: {error.strerror}.") from error


def _check_file(folder: Path, change: FileChange) -> FileChange:
    """Return `change` with the path of the file itself, not of a symbolic link. Raises ChangeRefused."""
    shown_path = display_path(folder, change.path)
    try:
        path = content_folder.real_path(folder, change.path)
        if content_folder.read_bytes(folder, change.path) != change.before:
            raise ChangeRefused(f"Another program has just changed {shown_path}. Run the command again.")
        if not os.access(path, os.W_OK):
            raise ChangeRefused(f"{shown_path} is read-only. Make it writable, and run the command again.")
        check_writable(path.parent)
    except (OSError, RefusedFile) as error:
        reason = getattr(error, "strerror", None) or error
        raise ChangeRefused(f"{shown_path} can't be written: {reason}.") from error
    return replace(change, path=path)


def _text_files(library: Library) -> Iterator[_File]:
    """Yield the documents, `kit.md` and `site.toml`."""
    headings = translated_headings(library.site.translations.values())
    for path, page in library.documents.items():
        full = page.full
        yield _File(path, full.source, partial(edit_document, url=full.url, headings=headings))
    for name, find in ((KIT_FILE, edit_kit), (SITE_FILE, edit_settings)):
        path = library.folder / name
        if path in library.stamps and (text := load_text(library.folder, path, MAX_DOCUMENT_BYTES, [])):
            yield _File(path, Source(display_path(library.folder, path), text), find)


def _facts_file(library: Library, name: str) -> _File:
    """Return the file `facts.toml`. Its only edit is the new value of the fact `name`."""
    path = library.folder / FACTS_FILE
    source = Source(display_path(library.folder, path), library.loaded_facts.current_text)
    span = TomlPositions(source.text).value((*library.facts.facts[name].path, "value"))

    def find(source: Source, change: Change) -> FileEdits:
        found = edit_settings(source, change)
        place = span._replace(length=len(change.fact.value))
        found.edits = {place: Edit(place, change.value)}
        found.left.pop(span.line, None)
        return found

    if source.text_at(span) != library.facts.facts[name].value:
        message = f"{source.path}:{span.line}: The value has escaped characters, or spaces at its start or end."
        raise ChangeRefused(f"{message} Write the value without escapes or such spaces. Then run the command again.")
    return _File(path, source, find)


def _restorable_edits(file: _File, forward: Change, backward: Change) -> FileEdits:
    """Return the edits that give the fact its new value in a file. Leave out edits that couldn't be undone.

    `forward` is the change to the new value. `backward` is the change back to the old value.

    A person must check the lines in the result's `left`. This function adds two kinds of lines to `left`:

    - lines whose edit was left out
    - lines without an edit that `backward` would change
    """
    found = file.find(file.source, forward)
    while found.edits:
        after = Source(file.source.path, apply_edits(file.source.text, found.edits.values()))
        restored = Source(after.path, apply_edits(after.text, file.find(after, backward).edits.values()))
        lines = zip(file.source.lines, restored.lines, strict=True)
        changed = {number for number, (old, new) in enumerate(lines, start=1) if old != new}
        edited = {span.line for span in found.edits}
        lost = changed & edited
        if not lost:
            for line in sorted(changed - edited):
                found.leave(file.source, line, "changing the fact back would change this line, too")
            break
        found.edits = {span: edit for span, edit in found.edits.items() if span.line not in lost}
        for line in sorted(lost):
            found.leave(file.source, line, "changing the fact back couldn't restore this line")
    return found


def _file_change(folder: Path, file: _File, edits: Collection[Edit]) -> tuple[Path, FileChange]:
    """Return the file's path, with symbolic links resolved, and its change. Raises ChangeRefused."""
    try:
        before = content_folder.read_bytes(folder, file.path)
        text = before.decode()
        path = content_folder.real_path(folder, file.path)
    except (OSError, UnicodeDecodeError, RefusedFile) as error:
        raise ChangeRefused(f"{file.source.path} can't be read: {error}.") from error
    if normalize(text) != file.source.text:
        raise ChangeRefused(f"Another program has just changed {file.source.path}. Run the command again.")
    return path, FileChange(file.path, before, apply_edits(text, edits).encode())


def _unread_files(library: Library) -> Iterator[Place]:
    """Yield the files that can state the fact, but that this command can't change."""
    for problem in library.problems:
        if problem.rule in ("unreadable-file", "document-too-large"):
            yield Place(problem.path, 0, "", "the file can't be read, so it isn't changed")
    for path in library.stamps:
        suffix = path.suffix.lower()
        if suffix in MEDIA_TYPES:
            kind = "an image or a video" if suffix in SUFFIXES or suffix == video_files.SUFFIX else "a download"
            yield Place(display_path(library.folder, path), 0, "", f"{kind}, which this command can't read")


def _other_languages(library: Library, change: Change) -> Iterator[Place]:
    """Yield the pages on which a person must look for the fact's value in words, such as “vier”.

    These are all pages that aren't in English, because the command finds numbers in words only in English. If the
    value is never written in words, yield nothing.
    """
    if change.old and change.old.kind in ("count", "duration"):
        for page in library.documents.values():
            language = page.meta.language or library.site.language
            if not Language(language).is_like(ENGLISH):
                yield Place(page.path, 0, "", "the page isn't in English, so numbers in words aren't found")
