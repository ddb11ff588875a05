"""The editor's requests: open a part, check its text during typing, and save it. Requests and responses are JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ...content.library import Library
from ...repository import current
from . import part_files
from .document_parts import Part
from .local_requests import is_local, is_own_page
from .part_files import DocumentChanged, Refused, Version

CHANGED = "The file has changed since you opened this section. Nothing was saved."


@dataclass(frozen=True)
class Form:
    """The body of a request. `digest` and `text` are empty when a part is opened."""

    document: str
    name: str
    number: int
    digest: str = ""
    text: str = ""


EditorView = Callable[[Form], JsonResponse]


def _for_own_pages(view: EditorView) -> Callable[[HttpRequest], JsonResponse]:
    """Refuse requests from other machines and from other sites, and invalid requests.

    `is_own_page` checks a header in place of Django's CSRF token.
    """

    @csrf_exempt
    @require_POST
    @wraps(view)
    def answer(request: HttpRequest) -> JsonResponse:
        try:
            if not is_local(request):
                raise Refused("Only a browser on the machine that runs the site can edit documents.", 403)
            if not is_own_page(request):
                raise Refused("This request didn't come from a page of this site.", 403)
            return view(_read_form(request))
        except Refused as refusal:
            return _answer({"message": str(refusal)}, refusal.status)

    return answer


@_for_own_pages
def open_part(form: Form) -> JsonResponse:
    library, version = _read(form)
    return _answer(part_files.opened(library, version, _find(version, form)))


@_for_own_pages
def check_part(form: Form) -> JsonResponse:
    """Return the problems of the typed text, or None if the file has changed. Nothing is saved."""
    library, version = _read(form)
    if version.digest != form.digest:
        return _answer({"problems": None})
    part = _find(version, form)
    edited = part_files.edit(version, part, form.text, settings.MAX_DOCUMENT_BYTES)
    added = form.text.count("\n") + 1 - (part.last_line - part.first_line + 1)
    longer = Part(part.name, 0, part.label, part.section, part.first_line, part.last_line + added, part.end + added)
    return _answer({"problems": part_files.shown_problems(part_files.check(library, edited, longer))})


@_for_own_pages
def save_part(form: Form) -> JsonResponse:
    """Save the text, unless the file has changed. In both cases, return the part as it is in the file now."""
    library, version = _read(form)
    if version.digest != form.digest:
        return _changed(library, version, form)
    part = _find(version, form)
    edited = part_files.edit(version, part, form.text, settings.MAX_DOCUMENT_BYTES)
    try:
        part_files.save(library, version, edited)
    except DocumentChanged:
        return _changed(*_read(form), form)
    library = current.get_library()
    if edited.path not in library.documents:  # the document is empty now
        return _answer({"part": None})
    saved = part_files.part_after_edit(edited, part, form.text)
    return _answer({"part": part_files.opened(library, edited, saved) if saved else None})


def _read_form(request: HttpRequest) -> Form:
    try:
        form = Form(**json.loads(request.body))
    except RequestDataTooBig as error:
        raise Refused("This text is too long.", 413) from error
    except (ValueError, TypeError, RecursionError) as error:
        raise Refused("The request is not valid JSON.") from error
    if not all(isinstance(value, str) for value in (form.document, form.name, form.digest, form.text)):
        raise Refused("The request has a value of the wrong type.")
    return form


def _read(form: Form) -> tuple[Library, Version]:
    library = current.get_library()
    return library, part_files.read_version(library, form.document, settings.MAX_DOCUMENT_BYTES)


def _find(version: Version, form: Form) -> Part:
    part = part_files.find_again(version, form.name, form.number)
    if part is None:
        raise Refused("This section is no longer in the file. Reload the page.", 404)
    return part


def _changed(library: Library, version: Version, form: Form) -> JsonResponse:
    part = part_files.find_again(version, form.name, form.number)
    found = part_files.opened(library, version, part) if part else None
    return _answer({"message": CHANGED, "part": found}, 409)


def _answer(content: dict[str, object], status: int = 200) -> JsonResponse:
    return JsonResponse(content, status=status, headers={"Cache-Control": "no-store"})
