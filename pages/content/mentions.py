"""Find where documents and settings name an address, so that a command can rewrite the address there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .blocks import Block, Code, child_blocks
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
_ALIASES = re.compile(r"\s*aliases\s*[:=]", re.IGNORECASE)


@dataclass(frozen=True)
class Mention:
    """A mention of `address` in a file. `span` covers only the path, without a query or an anchor."""

    file: Path
    source: Source
    span: Span
    address: str

    @property
    def place(self) -> str:
        return f"{self.source.path}:{self.span.line}:{self.span.column}"


def find_mentions(library: Library, addresses: Collection[str]) -> Iterator[Mention]:
    """Yield the places that name one of `addresses`. An address is the URL of a page, or the path of a file.

    Search links, including relative links and links with an old URL. Also search the paths in texts, META, `kit.md`,
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
        lines = enumerate(page.source.lines, 1)
        lines_without_code = ((number, blank_code_spans(line)) for number, line in lines if not _ALIASES.match(line))
        in_text = [
            (span, address)
            for span, address in self._in_lines(lines_without_code)
            if not any(_overlap(span, other) for other in found.get(span.line, ()))
        ]
        # Leave out mentions in code blocks of the body. META can be in a code block too, but its mentions count.
        code = set(_code_lines(DocumentStructure(page.source).body)) if in_text else ()
        for span, address in in_text:
            if span.line not in code:
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


def _code_lines(blocks: Iterable[Block]) -> Iterator[int]:
    """Yield the numbers of the lines in blocks of code."""
    for block in blocks:
        if isinstance(block, Code):
            yield from range(block.line, block.text_line + block.text.count("\n") + 1)
        yield from _code_lines(child_blocks(block))


def _overlap(one: Span, other: Span) -> bool:
    return one.column < other.column + other.length and other.column < one.column + one.length
