"""Keep the last version of a file while another program is still saving the file.

Many editors, SFTP servers and network shares save a file in several steps: the file is empty or gone at first, and
then has only a part of its text. Visitors must not see these steps. If a known page, image or TOML file is suddenly
gone, empty or cut off, the site keeps the last version until the file stays unchanged for HOLD_SECONDS.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from time import monotonic

from . import content_folder, images
from .content_folder import RefusedFile, Stamp, file_url
from .document_reader import MAX_DOCUMENT_BYTES
from .images import Picture
from .library import Library
from .redirects_file import MAX_REDIRECTS_BYTES, REDIRECTS_FILE
from .settings_file import FACTS_FILE, SITE_FILE
from .text_files import load_text
from .text_versions import text_ending

# Programs finish a save within a second. The extra half second allows for a busy machine.
HOLD_SECONDS = 1.5


class UnfinishedSaves:
    """Finds files that are being saved, by comparing the content folder with the last loaded library."""

    def __init__(self, max_document_bytes: int = MAX_DOCUMENT_BYTES) -> None:
        self._max_document_bytes = max_document_bytes
        # For each unfinished file: its stamp (None if the file is gone), and when the site first saw this stamp.
        self._pending: dict[Path, tuple[Stamp | None, float]] = {}

    @property
    def has_pending(self) -> bool:
        return bool(self._pending)

    def is_due(self) -> bool:
        """Return True if an unfinished file has stayed the same for HOLD_SECONDS. The next `settle` then accepts it."""
        return any(monotonic() - since >= HOLD_SECONDS for _, since in self._pending.values())

    def settle(self, last: Library, stamps: Mapping[Path, Stamp]) -> Mapping[Path, Stamp]:
        """Return `stamps`, but with the old stamp of each file that a program may still be saving.

        The old stamps come from `last`, the library that the site has read last.

        `library.load` then reuses the pages, images and settings of `last` for these files. While a document is
        unfinished, all images and settings also get their old stamps. Otherwise, a changed image or setting could make
        `library.load` read the unfinished document.
        """
        now, before, self._pending = monotonic(), self._pending, {}
        if stamps == last.stamps:
            return stamps
        for path in _kept_files(last):
            stamp = stamps.get(path)
            if stamp == last.stamps[path]:
                continue
            old_stamp, since = before.get(path, (stamp, now))
            if stamp != old_stamp:
                since = now
            if now - since < HOLD_SECONDS and not self._is_finished(last, path, stamp, was_pending=path in before):
                self._pending[path] = stamp, since
        if not self._pending:
            return stamps
        settled = dict(stamps)
        if any(path in last.documents for path in self._pending):
            settled = {path: stamp for path, stamp in stamps.items() if path.suffix == ".md"}
            settled |= {path: stamp for path, stamp in last.stamps.items() if path.suffix != ".md"}
        settled |= {path: last.stamps[path] for path in self._pending}
        return {path: settled[path] for path in sorted(settled, key=lambda path: path.parts)}

    def _is_finished(self, last: Library, path: Path, stamp: Stamp | None, *, was_pending: bool) -> bool:
        if stamp is None or stamp.refusal or not stamp.size:
            return False
        page = last.documents.get(path)
        toml_text = _toml_texts(last).get(path)
        if page is None and toml_text is None:
            # An image that is smaller than before may be cut off: decoders don't report missing bytes at the end.
            return stamp.size >= last.stamps[path].size and _is_valid_image(last, path, stamp)
        limit = self._max_document_bytes if page else MAX_REDIRECTS_BYTES
        text = load_text(last.folder, path, limit, [])
        if text is None:
            return False
        # Most edits keep the end of the text, so a text that ends as before is whole. A text with another end may be
        # cut off. But treat it as whole if it is at least as long as before, and ends with a newline.
        ending = page.ending if page else text_ending(toml_text or "")
        if text.endswith(ending):
            return True
        return not was_pending and stamp.size >= last.stamps[path].size and text.endswith("\n")


def _kept_files(library: Library) -> list[Path]:
    """Return the paths of all documents in `library`, and of its valid images and TOML files."""
    valid = (url for url, picture in library.pictures.items() if isinstance(picture, Picture))
    files = [*library.documents, *(library.folder / url.lstrip("/") for url in valid), *_toml_texts(library)]
    return [path for path in files if path in library.stamps]


def _toml_texts(library: Library) -> dict[Path, str]:
    """Return the texts of the valid TOML files in `library`."""
    settings, facts = library.settings, library.loaded_facts
    valid = {SITE_FILE: "" if settings.problems else settings.text, FACTS_FILE: "" if facts.problems else facts.text}
    valid[REDIRECTS_FILE] = "" if library.redirects.is_outdated else library.redirects.text
    return {library.folder / name: text for name, text in valid.items() if text}


def _is_valid_image(last: Library, path: Path, stamp: Stamp) -> bool:
    if stamp.size > images.MAX_BYTES:
        return True
    try:
        raw = content_folder.read_bytes(last.folder, path)
    except (OSError, RefusedFile):
        return False
    url = file_url(last.folder, path)
    old = last.pictures.get(url)
    is_same = isinstance(old, Picture) and old.digest == images.content_digest(raw)
    return is_same or isinstance(images.inspect(url, raw), Picture)  # decoding is slow, so decode only a changed image
