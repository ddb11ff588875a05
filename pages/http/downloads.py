"""Files that are no pages: those that stand beside the documents, and what was made of them ahead of visitors."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpResponse

from ..content import images, library
from ..content.images import Picture
from ..content.library import MEDIA_TYPES, Library
from ..media import artifact_store, artifacts, on_demand
from ..media.question_bank_csv import to_csv
from ..repository.visible_pages import VisiblePages

# What was made has a hash in its name, so that it never changes.
_ARTIFACT = re.compile(r"\.[0-9a-f]{12,64}(?:-\d+)?(\.[a-z]+)$")
IMMUTABLE = "public, max-age=31536000, immutable"


def file_response(path: str, visible: VisiblePages) -> HttpResponse | None:
    """The file at the address `path`, if there is one or should be. An image at its own address has lost its metadata:
    where a photo was taken is not for visitors."""
    found = visible.library
    if _ARTIFACT.search(path) and (made := _artifact_response(path, found)):
        if made.status_code == 200:
            made["Cache-Control"] = IMMUTABLE
        return made
    bank = found.page_with_bank(path)
    if bank and visible.page(bank.url):
        # Excel takes a file for UTF-8 by its byte order mark alone.
        return HttpResponse("\ufeff" + to_csv(bank.question_banks), content_type=MEDIA_TYPES[".csv"])
    file = library.find_file(found.folder, path)
    if file is None:
        return None
    if file.suffix.lower() in images.SUFFIXES:
        picture = found.pictures.get("/" + file.relative_to(found.folder).as_posix())
        if not isinstance(picture, Picture):
            return None
        if not picture.is_served_unchanged:
            return _artifact_response(picture.cleaned.url, found)
    try:
        return HttpResponse(file.read_bytes(), content_type=MEDIA_TYPES[file.suffix.lower()])
    except OSError:  # gone, or not to be read, since it was looked for
        return None


def _artifact_response(address: str, found: Library) -> HttpResponse | None:
    """What stands at `address`. What should, and does not yet, is made at once where one works on the site; visitors
    are asked to come again, and meanwhile it comes first."""
    data = artifact_store.read(address)
    expected = artifacts.find(found, address) if data is None else None
    if expected and settings.DEBUG:
        artifacts.ensure_exists(expected)
        data = artifact_store.read(address)
    elif expected:
        on_demand.enqueue(address)
        return HttpResponse(status=503, headers={"Retry-After": "1", "Cache-Control": "no-store"})
    suffix = address[address.rindex(".") :]
    return HttpResponse(data, content_type=MEDIA_TYPES[suffix]) if data and suffix in MEDIA_TYPES else None
