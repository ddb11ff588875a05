"""The files of a page as artifacts: kits, question banks, scorecards and calculators."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from ..content.document import Page
from ..content.kit_words import KitWords
from ..content.library import Library
from ..content.page_files import CALCULATOR, INTERVIEW_KIT, PageFile
from ..content.url_paths import parent_url
from .kit import Kit
from .page_kit import competency_kit, kit_of

_PAGES = Path(__file__).parents[1]


class DocumentChanged(Exception):
    """The document changed after the site read it. The site makes the file again when it reads the document again."""


@dataclass(frozen=True)
class Source:
    """What the files of one page depend on. `hub` is the page above it."""

    page: Page
    hub: Page | None
    words: KitWords | None
    site_name: str
    site_url: str

    def kit(self) -> Kit | None:
        """Return the page's kit, or None if there is none. Raises DocumentRemoved."""
        return kit_of(self.page, self.hub, self.words) if self.words else None


@dataclass(frozen=True)
class KitFile:
    """A file made from a page. `url` is its key in the artifact store, and contains a hash of its content.

    The key has an extension that visitors can't request.
    """

    file: PageFile
    url: str
    source: Source

    def render(self) -> bytes:
        """Return the file, or b"" if the kit can't be typeset. Raises DocumentChanged or DocumentRemoved."""
        source, page = self.source, self.source.page.full
        kit = _part(source.kit(), self.file)
        if _key(source, page, kit, self.file) != self.url:
            raise DocumentChanged(page.path)
        # The workers only need the keys of files. They don't import typst and XlsxWriter, which take 20 MB.
        from . import file_formats

        if self.file.kind == CALCULATOR:
            return file_formats.calculator(page, source.site_url)
        return file_formats.render(kit, self.file.suffix, source.site_name, source.site_url) if kit else b""


def kit_files(library: Library, page: Page, site_url: str, part: str | None = None) -> Iterator[KitFile]:
    """Yield the files of `page`, or only the files about one part of it. Raises DocumentRemoved."""
    files = [file for file in library.files_of(page) if part in (None, file.part)]
    if not files:
        return
    source, full = Source(page, hub_of(library, page), library.kit_words, library.site.name, site_url), page.full
    kit = source.kit()
    for file in files:
        yield KitFile(file, _key(source, full, _part(kit, file), file), source)


def file_name(library: Library, page: Page, file: PageFile) -> str:
    """Return the name that a downloaded file gets, such as “LayersRank interview kit - Data Engineer.xlsx”."""
    name = file.name
    if file.kind == INTERVIEW_KIT:
        hub = hub_of(library, page)
        name = page.short_name(hub) if hub else page.name
    suffix = f" - {name}" if name else ""
    return f"{library.site.name} {file.kind}{suffix}{file.suffix}"


def hub_of(library: Library, page: Page) -> Page | None:
    return library.pages.get(parent_url(page.url))


def _part(kit: Kit | None, file: PageFile) -> Kit | None:
    return competency_kit(kit, file.part) if kit and file.part else kit


def _key(source: Source, page: Page, kit: Kit | None, file: PageFile) -> str:
    content = page.digest if file.kind == CALCULATOR else repr(kit)
    values = (content, source.site_name, source.site_url, file.suffix, _code_digest())
    return f"/kits/{sha256(repr(values).encode()).hexdigest()[:32]}.kit"


@cache
def _code_digest() -> str:
    """Return a hash of the code, templates and fonts that make files, because a new version makes other files."""
    paths = [path for folder in ("kits", "calculator") for path in (_PAGES / folder).rglob("*")]
    code = [path for path in sorted([*paths, *_PAGES.glob("*_format.py")]) if path.suffix in (".py", ".typ", ".ttf")]
    versions = f"{version('typst')} {version('xlsxwriter')}".encode()
    return sha256(versions + b"".join(path.read_bytes() for path in code)).hexdigest()
