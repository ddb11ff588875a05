"""The template for pages in development, and its context. The template adds problems and the editor's pencils."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.http import HttpRequest

from ..content.document import Page
from ..content.library import Library
from .page_problems import place_problems

TEMPLATE = "development/page.html"


def development_context(request: HttpRequest, template: str, page: Page | None, library: Library) -> dict[str, Any]:
    """Return the context for TEMPLATE. `template` is the page's own template, which TEMPLATE extends.

    The page has pencil buttons only for a browser on this machine, because nobody else may edit documents.
    """
    problems = place_problems(page, library)
    context: dict[str, Any] = {"page_template": template, "placed_problems": problems}
    pencils: tuple[Any, ...] = ()
    if page and apps.is_installed("pages.development"):
        from .editor.local_requests import is_local
        from .editor.pencils import place_pencils

        if is_local(request):
            placed = place_pencils(page)
            pencils = placed.sections
            context |= {"edited_document": page.path, "pencils_above_page": placed.above_page}
    sections = enumerate(problems.sections)
    context["placed_sections"] = [(*each, pencils[index] if pencils else ()) for index, each in sections]
    return context
