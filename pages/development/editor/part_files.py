"""Open, check and save one part of a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from threading import Lock

from pages.atomic_files import replace_file

from ...content import content_folder
from ...content.content_folder import FileTooLarge, RefusedFile, display_path
from ...content.document_reader import read_document
from ...content.library import Library
from ...content.problems import Problem, Source
from ...content.text_files import normalize
from .document_parts import Part, find_part, parts_of, replace_part, text_of

_save_lock = Lock()


class Refused(Exception):
    """The request can't be fulfilled. The message says why. `status` is the HTTP status of the response."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class DocumentChanged(Exception):
    """The file changed after the part was opened."""


@dataclass(frozen=True)
class Version:
    """A document's file at one moment. `text` has the file's own newlines and byte order mark."""

    path: Path
    shown_path: str
    text: str

    @property
    def digest(self) -> str:
        return sha256(self.text.encode()).hexdigest()

    @property
    def source(self) -> Source:
        return Source(self.shown_path, normalize(self.text))

    @property
    def parts(self) -> Sequence[Part]:
        return parts_of(self.source)


def read_version(library: Library, shown_path: str, max_bytes: int) -> Version:
    """Read a document's file. `shown_path` is the path that problem messages show. Raises Refused."""
    path = next((path for path in library.documents if display_path(library.folder, path) == shown_path), None)
    if path is None:
        raise Refused(f"The site has no document {shown_path}.", 404)
    try:
        return Version(path, shown_path, content_folder.read_bytes(library.folder, path, max_bytes).decode())
    except UnicodeDecodeError as error:
        raise Refused(f"{shown_path} is not valid UTF-8. Save it as plain text with UTF-8 encoding.") from error
    except FileTooLarge as error:
        raise Refused(f"{shown_path} is too large for the site.", 413) from error
    except (OSError, RefusedFile) as error:
        raise Refused(f"The site can't read {shown_path}: {error}.") from error


def check(library: Library, version: Version, part: Part) -> list[Problem]:
    """Check the whole document. Return only the problems in the lines of `part`."""
    return [problem for problem in _problems(library, version) if part.first_line <= problem.line <= max(part.end, 1)]


def edit(version: Version, part: Part, new_text: str, max_bytes: int) -> Version:
    """Return `version` with the lines of `part` replaced. Raises Refused."""
    edited = replace(version, text=replace_part(version.text, part, new_text))
    try:
        size = len(edited.text.encode())
    except UnicodeEncodeError as error:
        raise Refused("The text contains half of a character, which can't be saved as UTF-8.") from error
    if size > max_bytes:
        raise Refused(f"With this text, the document would be larger than {max_bytes / 1_000_000:g} MB.", 413)
    return edited


def save(library: Library, before: Version, after: Version) -> None:
    """Replace the file of a document atomically. Raises DocumentChanged or Refused; the file is then unchanged."""
    if after.text == before.text:
        return
    try:
        target = content_folder.real_path(library.folder, before.path)
        with _save_lock, replace_file(target, keep_mode=True) as file:
            file.write(after.text.encode())
            if content_folder.read_bytes(library.folder, before.path) != before.text.encode():
                raise DocumentChanged
    except (OSError, RefusedFile) as error:
        raise Refused(f"The file can't be written: {error}. Your text is not saved.", 500) from error


def part_after_edit(version: Version, edited_part: Part, new_text: str) -> Part | None:
    """Return the part that the editor shows after an edit, or None if all lines of `edited_part` were deleted.

    If `new_text` has several headings, it becomes several parts: return the first. If the heading was deleted, the
    other lines now belong to the part above: return that part.
    """
    if not new_text.strip():
        return None
    first = edited_part.first_line
    lines = range(first, first + new_text.count("\n") + 1)
    started = (part for part in version.parts if part.first_line in lines)
    around = (part for part in version.parts if part.first_line <= first <= part.end)
    return next(started, None) or next(around, None)


def find_again(version: Version, name: str, number: int) -> Part | None:
    """Return the part that was opened under this name and number, or None if the file no longer has this part."""
    return find_part(version.parts, name, number)


def opened(library: Library, version: Version, part: Part) -> dict[str, object]:
    """Return the data that the editor shows for a part."""
    return {
        "name": part.name,
        "number": part.number,
        "label": part.label,
        "line": part.first_line,
        "text": text_of(version.source, part),
        "digest": version.digest,
        "problems": shown_problems(check(library, version, part)),
    }


def shown_problems(problems: Sequence[Problem]) -> list[dict[str, object]]:
    """Return the data that the editor shows for each problem."""
    names = ("line", "column", "length", "level", "rule", "message", "help")
    return [{name: getattr(problem, name) for name in names} for problem in problems]


def _problems(library: Library, version: Version) -> Sequence[Problem]:
    """Return the problems of a document.

    Check all documents together, because a link is broken if no other document has its target.
    """
    known = library.documents[version.path]
    if known.full.source.text != version.source.text:
        library = _with_text(library, version)
    return [problem for problem in library.all_problems if problem.path == version.shown_path]


def _with_text(library: Library, version: Version) -> Library:
    page, problems = read_document(
        library.folder, library.site, library.pictures, version.path, text=version.source.text
    )
    pages = {url: each for url, each in library.pages.items() if each.path != version.shown_path}
    if page and page.url:
        pages.setdefault(page.url, page)
    others = [problem for problem in library.problems if problem.path != version.shown_path]
    return replace(library, pages=pages, problems=(*others, *problems, *(page.problems if page else ())))
