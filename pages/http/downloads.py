"""Responses for files: files beside the documents, files made from pages, and artifacts."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.encoding import iri_to_uri
from django.utils.http import content_disposition_header

from ..content import content_folder, images
from ..content.content_folder import MEDIA_TYPES, RefusedFile
from ..content.document import Page
from ..content.images import Picture
from ..content.lazy_page import DocumentRemoved
from ..content.library import Library
from ..content.page_files import PageFile
from ..kits.kit_files import file_name, kit_files
from ..media import artifact_store, artifacts, on_demand
from ..repository.visible_pages import VisiblePages
from ..seo.canonical_url import canonical_url
from ..seo.head_tags import Head
from .caching import IMMUTABLE, cache_page, cache_publicly
from .file_response import stream
from .html_response import html_response

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
    made = library.page_with_file(path)
    if made and visible.page(made[0].url):
        return _made_file(request, visible, *made)
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


def _made_file(request: HttpRequest, visible: VisiblePages, page: Page, file: PageFile) -> HttpResponse | None:
    """Return a file that is made from `page`, or None if the file can't be made.

    The publisher makes the file. Until then, the client is asked to retry.
    """
    try:
        made = kit_files(visible.library, page, settings.SITE_URL, file.part)
        artifact = next((each for each in made if each.file == file), None)
    except DocumentRemoved:
        return None
    if artifact is None:
        return None
    if settings.DEBUG:
        artifacts.ensure_exists(artifact)
    data = artifact_store.read(artifact.url)
    if data is None:
        return _being_made()
    response = HttpResponse(data, content_type=MEDIA_TYPES[file.suffix])
    name = file_name(visible.library, page, file)
    if disposition := content_disposition_header(as_attachment=not file.is_picture, filename=name):
        response["Content-Disposition"] = disposition
    response["Link"] = f'<{iri_to_uri(canonical_url(page, visible, settings.SITE_URL))}>; rel="canonical"'
    if file.suffix != ".pdf" or page.meta.keeps_out_search_engines:
        response["X-Robots-Tag"] = "noindex"
    response["Accept-Ranges"] = "bytes"
    return cache_page(request, response, visible) if data else None


def _being_made() -> HttpResponse:
    """Ask the client to retry. A browser retries by itself, and downloads the file once the file exists."""
    title, text = "One moment", "We’re making this file. The download starts in a few seconds."
    response = html_response("pages/notice.html", {"title": title, "text": text, "head": Head(title)}, status=503)
    for name, value in {"Retry-After": "5", "Refresh": "5", "Cache-Control": "no-store"}.items():
        response[name] = value
    return response


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
