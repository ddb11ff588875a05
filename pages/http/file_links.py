"""Links to files to download, with the type and size of each file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from django.conf import settings
from django.utils.encoding import iri_to_uri

from ..content.document import Page
from ..content.kit_words import BY_EMAIL
from ..content.lazy_page import DocumentRemoved
from ..content.page_files import PANEL, PICTURE_SIZE, QUESTION_BANK
from ..content.url_paths import is_site_path, normalize_path, parent_url
from ..kits.kit_files import KitFile, kit_files
from ..media import artifact_store
from ..repository.visible_pages import VisiblePages
from . import roles
from .navigation import Navigation

TYPES = {".pdf": "PDF", ".xlsx": "Excel", ".csv": "CSV", ".docx": "Word", ".zip": "ZIP"}

PURPOSES = {"PDF": "To read and print", "Excel": "To score, sort and filter", "CSV": "For your own tools"}

MAX_PICTURES = 2  # the hero of a hub shows at most this many pictures


@dataclass(frozen=True)
class FileLink:
    """A link to a file.

    `href` is percent-encoded. `size` is a text such as “90 kB”, or "" if the file isn't made yet.
    """

    href: str
    type: str
    size: str

    @property
    def purpose(self) -> str:
        """What visitors use a file of this type for."""
        return PURPOSES.get(self.type, "")

    @property
    def text(self) -> str:
        return f"{self.type}, {self.size}" if self.size else self.type


def size_text(size: int | None) -> str:
    """Return `size`, in bytes, as a text such as “148 kB”. If the file isn't made yet, `size` is None: return ""."""
    if size is None:
        return ""
    if size >= 999_500:
        return f"{size / 1_000_000:.1f} MB"
    return f"{round(size / 1000) or min(size, 1)} kB"


@dataclass(frozen=True)
class MailLink:
    href: str
    text: str


@dataclass(frozen=True)
class FilePicture:
    """A picture of a PDF's first page. `width` and `height` are in pixels."""

    name: str
    href: str
    width: int
    height: int


@dataclass(frozen=True)
class FileOffer:
    """The files of a page. `label` is what pages call the files: “Interview kit” or a competency's name, for example.

    `name` is the role that the page is about, or the page's name.
    `mail` leads to a form that emails the links to these files. It may be None.
    `picture` shows the PDF's first page. It is None if the picture isn't made yet, or if there is none.
    """

    label: str
    name: str
    links: tuple[FileLink, ...]
    mail: MailLink | None
    picture: FilePicture | None


@dataclass(frozen=True)
class CallTarget:
    """The target of a call to action. `file` is None if the target isn't a file to download."""

    href: str
    file: FileLink | None = None


def offer(visible: VisiblePages, page: Page, part: str = "") -> FileOffer | None:
    """Return links to the files about `page`. With `part`, return links to the files about this competency.

    Return None if there are no files.
    """
    if not page.files:
        return None
    words = visible.kit_words
    files = _made_files(visible, page, part)
    links = tuple(_made_links(visible, (each for each in files if not each.file.is_picture)))
    kind = next((file.kind for file in page.files), "")
    label = files[0].file.name if part and files else words.labels.get(kind, kind) if words else kind
    hub = visible.page(parent_url(page.url))
    mail = _mail_link(visible, page)
    name = page.short_name(hub) if hub else page.name
    return FileOffer(label, name, links, mail, _picture(visible, page, files)) if links else None


def pictures_under(visible: VisiblePages, hub: Page) -> tuple[FilePicture, ...]:
    """Return the file pictures of at most MAX_PICTURES pages under `hub`, or () if `hub` doesn't list its pages."""
    pages = visible.others_under(hub.url) if hub.lists_itself else []
    with_picture = [page for page in pages if any(file.is_picture for file in page.files)][:MAX_PICTURES]
    pictures = (_picture(visible, page, _made_files(visible, page, "")) for page in with_picture)
    return tuple(filter(None, pictures))


def call_target(
    visible: VisiblePages | None, page: Page | None, navigation: Navigation | None, href: str
) -> CallTarget:
    """Return the target of a call to action on `page`. `href` is the target in the document.

    If the target is a question bank, the link leads to the panel with the bank's files. On a role's page, the link also
    names the role, so that the panel offers this role's kit, too.
    """
    if navigation and navigation.button and href == navigation.button.target:
        return CallTarget(navigation.button.href)
    if not visible or not is_site_path(href):
        return CallTarget(href)
    target = visible.page(normalize_path(href))
    if target and page and target.url != page.url and _has_panel(visible, target):
        role = roles.role_at(page.url, visible)
        return CallTarget(f"{href}?{roles.PARAMETER}={role}#{PANEL}" if role else f"{href}#{PANEL}")
    return CallTarget(href, _file_link(visible, href))


def _has_panel(visible: VisiblePages, page: Page) -> bool:
    return visible.library.makes_files_of(page) and page.files[0].kind == QUESTION_BANK


def _mail_link(visible: VisiblePages, page: Page) -> MailLink | None:
    """Return a link to the form that emails the files of `page`.

    Return None if the site has no such form, or if `page` isn't a role page.
    """
    words, role = visible.kit_words, roles.role_at(page.url, visible)
    for text in words.texts.get(BY_EMAIL, ()) if words and role else ():
        if visible.page(text.href):
            return MailLink(f"{text.href}?{roles.PARAMETER}={role}", text.rest)
    return None


def _file_link(visible: VisiblePages, href: str) -> FileLink | None:
    path = unquote(href)
    suffix = "." + path.rpartition(".")[2]
    if suffix not in TYPES:
        return None
    if found := visible.page_with_file(path):
        page, file = found
        links = _made_links(visible, _made_files(visible, page, file.part))
        return next((link for link in links if unquote(link.href) == path), None)
    size = visible.file_size(path)
    return FileLink(href, TYPES[suffix], size_text(size)) if size else None


def _made_files(visible: VisiblePages, page: Page, part: str) -> tuple[KitFile, ...]:
    try:
        return tuple(kit_files(visible.library, page, settings.SITE_URL, part))
    except DocumentRemoved:  # the document was deleted after this library was loaded
        return ()


def _picture(visible: VisiblePages, page: Page, files: Iterable[KitFile]) -> FilePicture | None:
    """Return the picture among the `files` of `page`, or None if there is none or it isn't made yet."""
    for made in files:
        if made.file.is_picture:
            size = artifact_store.size(made.url)
            visible.record_size(made.file.path, size_text(size))
            return FilePicture(page.name, iri_to_uri(made.file.path), *PICTURE_SIZE) if size else None
    return None


def _made_links(visible: VisiblePages, files: Iterable[KitFile]) -> Iterator[FileLink]:
    """Yield a link to each file. Leave out a file that can't be made."""
    for made in files:
        path, size = made.file.path, artifact_store.size(made.url)
        visible.record_size(path, size_text(size))
        if size != 0:
            yield FileLink(iri_to_uri(path), TYPES[made.file.suffix], size_text(size))
