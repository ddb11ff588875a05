"""Automatic fixes: find the edits that correct the files in a content folder, and write the corrected files."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pages.atomic_files import replace_file

from . import content_folder
from .library import Library
from .problems import Edit, Problem
from .redirects_file import REDIRECTS_FILE
from .settings_file import SITE_FILE
from .text_files import BYTE_ORDER_MARK, normalize

_NEWLINE = re.compile(r"\r\n|\r|\n")


class DocumentChanged(Exception):
    """The document changed after it was checked, so its edits no longer fit."""


def edits_by_document(problems: Iterable[Problem]) -> Mapping[str, tuple[Edit, ...]]:
    """Return the edits of each document, keyed by the document's path as shown in messages."""
    edits: dict[str, dict[Edit, None]] = defaultdict(dict)
    for problem in problems:
        edits[problem.path] |= dict.fromkeys(problem.edits)
    return {path: tuple(unique) for path, unique in edits.items() if unique}


def fixable_texts(library: Library) -> Iterator[tuple[Path, str, str]]:
    """Yield each file that may have fixes: its path, its path as shown in messages, and its text."""
    for path, page in library.documents.items():
        yield path, page.path, page.source.text
    others = {REDIRECTS_FILE: library.redirects.text, SITE_FILE: library.settings.current_text}
    if library.kit_source:
        others[content_folder.KIT_FILE] = library.kit_source.text
    for name, text in others.items():
        path = library.folder / name
        yield path, content_folder.display_path(library.folder, path), text


def fix_file(folder: Path, path: Path, checked: str, edits: Iterable[Edit]) -> tuple[str, str]:
    """Apply `edits` to the document at `path` in `folder`. Return the text before and after, with plain newlines.

    `checked` is the text for which the edits were made. If the document now has another text, raise DocumentChanged.
    Also raises RefusedFile or OSError. After an exception, the document is unchanged.
    """
    try:
        before = content_folder.read_bytes(folder, path).decode()
    except UnicodeDecodeError as error:
        raise DocumentChanged from error
    if normalize(before) != checked:
        raise DocumentChanged
    after = apply_edits(before, edits)
    with replace_file(content_folder.real_path(folder, path), keep_mode=True) as file:
        file.write(after.encode())
    return checked, normalize(after)


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return a file's `text` with `edits` applied. The byte order mark and all newlines stay as they are."""
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    text = text.removeprefix(mark)
    line_starts = [0, *(newline.end() for newline in _NEWLINE.finditer(text)), len(text)]
    parts, position = [mark], 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        line_start = line_starts[edit.span.line - 1]
        start = line_start + edit.span.column - 1
        end = line_starts[edit.span.line] if edit.deletes_line else start + edit.span.length
        parts += text[position:start], edit.text
        position = end
    return "".join([*parts, text[position:]])
