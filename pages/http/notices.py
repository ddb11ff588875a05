"""Render templates with the site's navigation. Render notices: pages that only tell visitors what happened."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ..repository.visible_pages import VisiblePages
from ..seo.breadcrumbs import without_ancestors
from ..seo.head_tags import Head, Tag
from .html_response import html_response
from .navigation import navigation, other_versions
from .nearest_language import language_at

READ_METHODS = ("GET", "HEAD")

# Values of variables that only some views set. Django takes ten times as long to look up a variable that is missing.
_DEFAULTS: dict[str, Any] = {"is_search_page": False, "part": "", "reference": "", "role": None}


def render(
    request: HttpRequest, visible: VisiblePages, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render a template with the navigation. In development, add problems and the editor's pencil buttons.

    `language` in `context` is the response's language. If it is missing, use the language of the page in `context`. If
    that is missing, too, use the language for the requested address (see `language_at`).
    """
    site = visible.library.site
    # On an error page, the navigation marks no link as the current page.
    path = request.path_info if status == 200 or "page" in context else ""
    page = context.get("page")
    language = context.get("language") or (
        visible.language_of(page) if page else language_at(visible, request.path_info)
    )
    words = site.words_in(language)
    context |= {"visible": visible, "site": site, "navigation": navigation(visible, path, page, words)}
    context |= {"words": words, "language": language}
    context = {**_DEFAULTS, "preview": getattr(request, "preview", None), **context}
    context |= {"versions": other_versions(visible, page), "banner": visible.banner(path)}
    if settings.DEBUG:
        from ..development import page_context

        context |= page_context.development_context(request, template, page, visible.library)
        template = page_context.TEMPLATE
    return html_response(template, context, request, status)


def render_notice(
    request: HttpRequest, visible: VisiblePages, status: int, title: str, text: str, **context: Any
) -> HttpResponse:
    """Render a page with a title, a sentence and a link to the home page."""
    words = visible.library.site.words_in(language_at(visible, request.path_info))
    title, text = words(title), words(text)
    head = Head(f"{title} | {visible.library.site.name}", tags=(Tag("name", "robots", "noindex"),))
    context |= {"title": title, "text": text, "head": head, "breadcrumbs": without_ancestors(title, words)}
    return render(request, visible, "pages/notice.html", context, status)


def plain_notice(status: int, title: str, text: str) -> HttpResponse:
    """Render a notice without navigation."""
    return html_response("pages/notice.html", {"title": title, "text": text, "head": Head(title)}, status=status)


def refuse_method(request: HttpRequest, visible: VisiblePages, takes_forms: bool = False) -> HttpResponse:
    """Refuse a method such as POST (405)."""
    text = "Nothing that you sent was saved."
    response = render_notice(request, visible, 405, "This page doesn’t accept forms", text, page_url=request.path_info)
    response["Allow"] = ", ".join((*READ_METHODS, "POST")) if takes_forms else ", ".join(READ_METHODS)
    return response
