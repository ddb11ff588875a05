"""Describe the changes of one file in the content folder, in words for marketers."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from . import document_changes, facts, redirects
from .content_folder import KIT_FILE
from .document_changes import DocumentVersion, describe_values
from .problems import Source
from .redirects_file import REDIRECTS_FILE
from .settings_file import FACTS_FILE, SITE_FILE

# Describe at most this many changes of a file. A file can have more: in the first commit, all settings are new.
MAX_SENTENCES = 30


@dataclass(frozen=True)
class FileChange:
    """The changes of one file. `subject` is the page's URL, or what the file contains, such as “Facts”."""

    subject: str
    path: str
    sentences: tuple[str, ...]


def describe_document(path: str, old: DocumentVersion | None, new: DocumentVersion | None) -> FileChange:
    version = new or old
    subject = version.url if version and version.url else path
    return FileChange(subject, path, _limited(document_changes.describe_changes(old, new)))


def describe_other_file(path: str, old_path: str, old: str | None, new: str | None) -> FileChange | None:
    """Describe the changes of a file that isn't a document, or return None if nothing in it changed for visitors.

    `old` and `new` are the texts of the file, or None if there is no such file. Only the texts of `site.toml`,
    `facts.toml` and `redirects.toml` are read. `old_path` differs from `path` if the file was moved.
    """
    if path in _SETTINGS:
        subject, values = _SETTINGS[path]
        sentences = _limited(describe_values(values(path, old or ""), values(path, new or "")))
        return FileChange(subject, path, sentences) if sentences else None
    if path == KIT_FILE:
        return FileChange("Interview kits", path, (f"The texts in {KIT_FILE} were changed.",))
    if old is None:
        sentence = f"{path} was added."
    elif new is None:
        sentence = f"{path} was deleted."
    else:
        sentence = f"{path} was replaced." if path == old_path else f"{old_path} was moved to {path}."
    return FileChange("Pictures and files", path, (sentence,))


def _site_values(path: str, text: str) -> dict[str, str]:
    try:
        return dict(_flat("", tomllib.loads(text)))
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _flat(prefix: str, table: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield the dotted name and the text of each value in a TOML table."""
    for key, value in table.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            yield from _flat(f"{name}.", value)
        else:
            yield name, ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _fact_values(path: str, text: str) -> dict[str, str]:
    found = facts.parse(Source(path, text), [])
    return {name: fact.value for name, fact in found.facts.items()} if found else {}


def _redirect_targets(path: str, text: str) -> dict[str, str]:
    found = redirects.parse(Source(path, text), [])
    return {line.key: line.value for line in found.lines} if found else {}


_SETTINGS = {
    SITE_FILE: ("Site settings", _site_values),
    FACTS_FILE: ("Facts", _fact_values),
    REDIRECTS_FILE: ("Redirects", _redirect_targets),
}


def _limited(sentences: Iterable[str]) -> tuple[str, ...]:
    found: Sequence[str] = list(sentences)
    if len(found) <= MAX_SENTENCES:
        return tuple(found)
    return (*found[:MAX_SENTENCES], f"{len(found) - MAX_SENTENCES} more changes.")
