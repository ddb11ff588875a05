"""Find where documents and settings name an address, so that a command can rewrite it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .content_folder import KIT_FILE, display_path
from .document import Page
from .document_reader import MAX_DOCUMENT_BYTES
from .document_structure import DocumentStructure
from .library import Library
from .masked_lines import blank_code_spans
from .problems import Source, Span
from .settings_file import FACTS_FILE, SITE_FILE
from .text_files import load_text
from .url_paths import normalize_path

_PATH = re.compile(r"(?<![\w/.%~@:-])/[\w.~%/-]*[\w~%/-]")
_FENCE = re.compile(r"[ \t]*(?:>[ \t]*)*(```+|~~~+)")
_ALIASES = re.compile(r"\s*aliases\s*[:=]", re.IGNORECASE)


@dataclass(frozen=True)
class Mention:
    """A place that names `address`. `span` is the place of the path, without a query and an anchor."""

    file: Path
    source: Source
    span: Span
    address: str

    @property
    def place(self) -> str:
        return f"{self.source.path}:{self.span.line}:{self.span.column}"


def find_mentions(library: Library, addresses: Collection[str]) -> Iterator[Mention]:
    """Yield the places that name one of `addresses`, which are URLs of pages and paths of files.

    Search links, including relative ones and those with an old URL. Also search the paths in texts, META, `kit.md`,
    `site.toml` and `facts.toml`. Leave out code, and the old addresses in `Aliases`.
    """
    finder = _Finder(library, addresses)
    for path, page in library.documents.items():
        yield from finder.in_document(path, page)
    for name in (KIT_FILE, SITE_FILE, FACTS_FILE):
        path = library.folder / name
        text = load_text(library.folder, path, MAX_DOCUMENT_BYTES, []) if path in library.stamps else None
        if text is not None:
            yield from finder.in_file(path, Source(display_path(library.folder, path), text))


class _Finder:
    def __init__(self, library: Library, addresses: Collection[str]) -> None:
        self._library, self._addresses = library, addresses

    def in_document(self, path: Path, page: Page) -> Iterator[Mention]:
        found: dict[int, list[Span]] = {}
        for link in page.links:
            resolved = self._library.graph.resolve(page, link)
            if link.target is None or not resolved.path or resolved.url not in self._addresses:
                continue
            length = len(re.split(r"[?#]", page.source.text_at(link.target), maxsplit=1)[0])
            span = link.target._replace(length=length)
            found.setdefault(span.line, []).append(span)
            yield Mention(path, page.source, span, resolved.url)
        document = _Lines(page.source)
        for span, address in self._in_lines(document.numbered()):
            if not any(_overlap(span, other) for other in found.get(span.line, ())) and document.is_text(span.line):
                yield Mention(path, page.source, span, address)

    def in_file(self, path: Path, source: Source) -> Iterator[Mention]:
        is_toml = path.suffix == ".toml"
        lines = (pair for pair in enumerate(source.lines, 1) if not (is_toml and pair[1].lstrip().startswith("#")))
        for span, address in self._in_lines(lines):
            yield Mention(path, source, span, address)

    def _in_lines(self, lines: Iterable[tuple[int, str]]) -> Iterator[tuple[Span, str]]:
        for number, line in lines:
            for match in _PATH.finditer(line):
                address = match[0] if match[0] in self._addresses else normalize_path(match[0])
                if address in self._addresses:
                    yield Span(number, match.start() + 1, len(match[0])), address


class _Lines:
    """The lines of a document that may name an address."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._fenced: set[int] = set()

    def numbered(self) -> Iterator[tuple[int, str]]:
        """Yield each line and its number, without code spans."""
        fence = ""
        for number, line in enumerate(self._source.lines, 1):
            mark = _FENCE.match(line)
            if fence:
                self._fenced.add(number)
                fence = "" if mark and mark[1].startswith(fence) else fence
            elif mark:
                fence = mark[1]
            if not _ALIASES.match(line):
                yield number, blank_code_spans(line)

    def is_text(self, number: int) -> bool:
        """Return whether a line is not in a block of code. META counts as text."""
        return number not in self._fenced or number in self._meta_lines

    @cached_property
    def _meta_lines(self) -> set[int]:
        return {number for number, _ in DocumentStructure(self._source).meta_lines}


def _overlap(one: Span, other: Span) -> bool:
    return one.column < other.column + other.length and other.column < one.column + one.length
