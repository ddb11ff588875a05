"""The files of a page as artifacts: kits, question banks, scorecards and calculators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from ..content.document import Page
from ..content.kit_words import KitWords
from ..content.library import Library
from ..content.page_files import CALCULATOR, INTERVIEW_KIT, PageFile
from ..content.url_paths import parent_url
from .kit import Kit
from .page_kit import competency_kits, kit_of

_PAGES = Path(__file__).parents[1]

# The files of this many pages are kept in memory. A question bank with 50 questions takes about 200 kB.
MAX_CACHED = 16


class DocumentChanged(Exception):
    """The document changed after the site read it. The file is made once the site has read the document again."""


class Source(NamedTuple):
    """What the files of `page` depend on. `hub` is the page above `page`."""

    page: Page
    hub: Page | None
    words: KitWords | None
    site_name: str
    site_url: str


@dataclass(frozen=True)
class KitFile:
    """A file made from a page. `url` is the file's key in the artifact store.

    The key is a path with a hash of everything that the file is made from. Visitors can't request paths with
    the key's extension.
    """

    file: PageFile
    url: str
    source: Source

    def render(self) -> bytes:
        """Return the file, or b"" if the kit can't be typeset. Raises DocumentChanged or DocumentRemoved."""
        source, made = self.source, _made_from(self.source)
        if self not in made.files.get(self.file.part, ()):
            raise DocumentChanged(source.page.path)
        # The workers need only the keys of files, so they don't import typst and XlsxWriter, which take 20 MB.
        from . import file_formats

        if self.file.kind == CALCULATOR:
            return file_formats.calculator(source.page.full, source.site_url)
        return file_formats.render(made.kits[self.file.part], self.file.suffix, source.site_name, source.site_url)


class _Made(NamedTuple):
    """A page's kits and files. Each key is "" for the whole page, or the anchor of a question group."""

    source: Source
    kits: Mapping[str, Kit]
    files: Mapping[str, tuple[KitFile, ...]]


_lock = Lock()
_cached: dict[tuple[object, ...], _Made] = {}


def kit_files(library: Library, page: Page, site_url: str, part: str | None = None) -> Iterator[KitFile]:
    """Yield the files of `page`. With `part`, yield only the files about this part. Raises DocumentRemoved."""
    if library.makes_files_of(page):
        # `page` may be the full version of a lazy page, which is another object. The cache needs the library's object.
        page = library.pages.get(page.url, page)
        source = Source(page, hub_of(library, page), library.kit_words, library.site.name, site_url)
        files = _made_from(source).files
        parts = files.values() if part is None else [files.get(part, ())]
        yield from (made for each in parts for made in each if library.is_owner(page, made.file))


def _made_from(source: Source) -> _Made:
    """Return the files of a page. The result is cached, because callers need it again for each of these files.

    Raises DocumentRemoved.
    """
    # The key has the ids of objects, because comparing pages would be slow. The cached `_Made` keeps the page, its hub
    # and the words in memory, so no new object gets one of these ids.
    key = (id(source.page), id(source.hub), id(source.words), source.site_name, source.site_url)
    with _lock:
        made = _cached.pop(key, None)
        if made is not None:
            _cached[key] = made
            return made
    page = source.page.full
    kit = kit_of(page, source.hub, source.words) if source.words else None
    kits = {"": kit, **competency_kits(kit)} if kit else {}
    digests = {part: sha256(repr(kit).encode()).hexdigest() for part, kit in kits.items()}
    files: dict[str, tuple[KitFile, ...]] = {}
    for file in page.files:
        digest = page.digest if file.kind == CALCULATOR else digests.get(file.part)
        if digest is not None:
            files[file.part] = (*files.get(file.part, ()), KitFile(file, _key(source, digest, file), source))
    made = _Made(source, kits, files)
    with _lock:
        _cached[key] = made
        while len(_cached) > MAX_CACHED:
            del _cached[next(iter(_cached))]
    return made


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


def _key(source: Source, content_digest: str, file: PageFile) -> str:
    values = (content_digest, source.site_name, source.site_url, file.suffix, _code_digest(file.kind))
    return f"/kits/{sha256(repr(values).encode()).hexdigest()[:32]}.kit"


@cache
def _code_digest(kind: str) -> str:
    """Return a hash of the code, templates and fonts that make files of this `kind`.

    A file's key depends on this hash, so the file is made again if the hash changes.

    A calculator's key depends on the document's text. So the hash for calculators also includes `pages/content`, the
    code that reads documents. The key of any other file depends on a kit. If a change in `pages/content` affects the
    file, the kit changes, too. So the hash for other files leaves out `pages/content`.
    """
    folders = ("kits", "calculator", "content") if kind == CALCULATOR else ("kits",)
    paths = [path for folder in folders for path in (_PAGES / folder).rglob("*")]
    code = [path for path in sorted([*paths, *_PAGES.glob("*_format.py")]) if path.suffix in (".py", ".typ", ".ttf")]
    versions = f"{version('typst')} {version('xlsxwriter')}".encode()
    return sha256(versions + b"".join(path.read_bytes() for path in code)).hexdigest()
