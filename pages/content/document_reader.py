"""Read a document from the content folder."""

from __future__ import annotations

from pathlib import Path

from . import document
from .content_folder import display_path
from .images import Pictures
from .lazy_page import ReadResult
from .page_paths import url_for_path
from .problems import Problem, Source
from .site_settings import SiteSettings
from .text_files import load_text

# Documents larger than this take seconds to read. The longest document of the site itself has 40 kB.
MAX_DOCUMENT_BYTES = 1_000_000


def read_document(
    folder: Path,
    site: SiteSettings,
    pictures: Pictures,
    path: Path,
    *,
    max_bytes: int = MAX_DOCUMENT_BYTES,
    text: str | None = None,
    check: bool = True,
) -> ReadResult:
    """Return a document's page and problems. If the file is empty or can't be read, the page is None.

    `text` is the document's text, if the caller has it. If `check` is False, skip most checks.
    """
    problems: list[Problem] = []
    shown_path = display_path(folder, path)
    if text is None:
        text = load_text(folder, path, max_bytes, problems)
    if text is None:
        return None, problems
    source = Source(shown_path, text)
    if not text.strip():
        message = "This document is empty, so the page is not on the site."
        return None, [source.problem("empty-document", message, "Write the page, or delete the file.")]
    settings = document.Settings(site.calls_to_action, site.words, pictures, site.translations, site.facts)
    return document.read(source, url_for_path(folder, path), settings, check=check), problems
