"""Find the addresses of other sites in documents and in the settings files, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..content.content_folder import KIT_FILE, display_path
from ..content.document_reader import MAX_DOCUMENT_BYTES
from ..content.library import Library
from ..content.redirects_file import REDIRECTS_FILE
from ..content.settings_file import FACTS_FILE, SITE_FILE
from ..content.text_files import load_text

_ADDRESS = re.compile(r"https?://[^\s\"'<>|\\`]+", re.IGNORECASE)
_AFTER_ADDRESS = ".,;:!?]*_"  # punctuation marks that can follow an address in a sentence


def find_external_links(library: Library) -> dict[str, list[str]]:
    """Return the places of each external address, such as `content/about.md:12:5`.

    The keys are the addresses without their fragments. Search the links and META of all documents, drafts included,
    and all lines of the settings files.
    """
    found: dict[str, list[str]] = {}
    for address, place in (*_in_documents(library), *_in_files(library)):
        places = found.setdefault(address.partition("#")[0], [])
        if place not in places:
            places.append(place)
    return found


def _in_documents(library: Library) -> Iterator[tuple[str, str]]:
    for page in library.documents.values():
        for link in page.links:
            if _ADDRESS.match(link.href):
                yield link.href, f"{page.path}:{link.line}:{link.column}"
        for number in page.meta.lines.values():
            yield from _in_line(page.source.line(number), page.path, number)


def _in_files(library: Library) -> Iterator[tuple[str, str]]:
    for name in (SITE_FILE, FACTS_FILE, REDIRECTS_FILE, KIT_FILE):
        path = library.folder / name
        text = load_text(library.folder, path, MAX_DOCUMENT_BYTES, []) if path in library.stamps else None
        for number, line in enumerate((text or "").splitlines(), start=1):
            if not (path.suffix == ".toml" and line.lstrip().startswith("#")):
                yield from _in_line(line, display_path(library.folder, path), number)


def _in_line(line: str, path: str, number: int) -> Iterator[tuple[str, str]]:
    for match in _ADDRESS.finditer(line):
        address = match[0].rstrip(_AFTER_ADDRESS)
        while address.endswith(")") and address.count("(") < address.count(")"):
            address = address[:-1].rstrip(_AFTER_ADDRESS)
        yield address, f"{path}:{number}:{match.start() + 1}"
