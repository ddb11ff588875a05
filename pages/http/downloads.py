"""Responses for files: files beside the documents, question banks as CSV, and artifacts."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from ..content import content_folder, images
from ..content.content_folder import MEDIA_TYPES, RefusedFile
from ..content.images import Picture
from ..content.library import Library
from ..media import artifact_store, artifacts, on_demand
from ..media.question_bank_csv import to_csv
from ..repository.visible_pages import VisiblePages
from .caching import IMMUTABLE, cache_page, cache_publicly
from .file_response import stream

# Matches file names that contain a hash of the content.
_ARTIFACT = re.compile(r"\.[0-9a-f]{12,64}(?:-\d+)?(\.[a-z]+)$")


def file_response(request: HttpRequest, visible: VisiblePages) -> HttpResponseBase | None:
    """Return the file at the requested path, or None.

    Images are sent without their metadata, such as the place where a photo was taken. Each file has only one URL, so a
    path with `//` or `/../` leads to no file.
    """
    path = request.path_info
    if not {"", ".", ".."}.isdisjoint(path.split("/")[1:]):
        return None
    library = visible.library
    if _ARTIFACT.search(path) and (response := _artifact_response(path, library)):
        if response.status_code == 200:
            response["Cache-Control"] = IMMUTABLE
        return response
    bank = library.page_with_bank(path)
    if bank and visible.page(bank.url):
        response = HttpResponse(to_csv(bank.question_banks), content_type=MEDIA_TYPES[".csv"])
        return cache_page(request, response, library)
    picture = library.pictures.get(path)
    if isinstance(picture, Picture) and not picture.is_served_unchanged:
        return _cleaned_image(request, picture, library)
    file = content_folder.find_file(library.folder, path)
    is_read = file is not None and content_folder.has_stamp(file, library.stamps.get(file))
    if isinstance(picture, Picture) and not is_read and artifact_store.exists(picture.cleaned.url):
        # The image is being saved, or was replaced after the site read it. Send the version that the site has read.
        return _cleaned_image(request, picture, library)
    if file is None or (file.suffix.lower() in images.SUFFIXES and not isinstance(picture, Picture)):
        return None
    try:
        return stream(request, content_folder.open_file(library.folder, file), MEDIA_TYPES[file.suffix.lower()])
    except (OSError, RefusedFile):  # the file was removed in the meantime, or is unreadable
        return None


def _artifact_response(url: str, library: Library) -> HttpResponse | None:
    """Return the artifact at `url`, or None.

    A missing artifact is generated immediately in development. In production, the client is asked to retry in a second
    while the artifact is generated.
    """
    data = artifact_store.read(url)
    missing = artifacts.find(library, url) if data is None else None
    if missing and settings.DEBUG:
        artifacts.ensure_exists(missing)
        data = artifact_store.read(url)
    elif missing:
        on_demand.enqueue(url)
        headers = {"Content-Type": "text/plain; charset=utf-8", "Retry-After": "1", "Cache-Control": "no-store"}
        return HttpResponse("This file is being prepared. Please reload it in a second.\n", status=503, headers=headers)
    suffix = url[url.rindex(".") :]
    return HttpResponse(data, content_type=MEDIA_TYPES[suffix]) if data and suffix in MEDIA_TYPES else None


def _cleaned_image(request: HttpRequest, picture: Picture, library: Library) -> HttpResponse | None:
    response = _artifact_response(picture.cleaned.url, library)
    return cache_publicly(request, response) if response and response.status_code == 200 else response
