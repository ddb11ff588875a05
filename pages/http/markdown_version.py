"""The Markdown version of a page, for assistants and other programs that read text.

Each page has a Markdown version at its own path with `.md` at the end. A client that prefers `text/markdown` also gets
this version at the page's address (RFC 9110, 12.1).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.encoding import iri_to_uri

from .. import markdown_format
from ..content import hub_paths
from ..content.absolute_links import LinkRules
from ..content.document import Page
from ..content.lazy_page import DocumentRemoved
from ..content.markdown_paths import markdown_path, page_path
from ..content.page_files import PageFile
from ..content.public_markdown import to_markdown
from ..repository.visible_pages import VisiblePages
from ..seo.canonical_url import canonical_url
from ..seo.last_modified import LastModified
from .caching import cache_page
from .markdown_parts import link, list_lines, parts_of
from .negotiation import prefers_markdown
from .notices import READ_METHODS, refuse_method

MEDIA_TYPE = "text/markdown"


class _Version(NamedTuple):
    """A page that has a Markdown version. `number` is greater than 1 for page 2 and later of a hub's article list."""

    page: Page
    number: int = 1

    @property
    def url(self) -> str:
        return hub_paths.list_path(self.page.url, self.number)


def path_for(request: HttpRequest, visible: VisiblePages, page: Page) -> str:
    """Return the path of the Markdown version of `page`, or "" if the response to `request` has none.

    Drafts and previews have no Markdown version. A page with a form, a calculator or a question bank has no Markdown
    version if the URL has a query. `page` may be page 2 of a hub's list.
    """
    if hasattr(request, "preview") or request.method not in READ_METHODS or not page.meta.is_published(visible.now):
        return ""
    has_states = page.form or page.calculator or page.question_banks
    return "" if has_states and request.GET else markdown_path(page.url)


def announce(response: HttpResponse, path: str) -> None:
    """Add the headers that tell clients about the Markdown version at `path`. If `path` is "", add none."""
    if path:
        response["Link"] = f'<{iri_to_uri(path)}>; rel=alternate; type="{MEDIA_TYPE}"'
        _vary(response)


def _vary(response: HttpResponse) -> None:
    if settings.NEGOTIATE_MARKDOWN:
        patch_vary_headers(response, ["Accept"])


def markdown_response(request: HttpRequest, visible: VisiblePages) -> HttpResponse | None:
    """Return the Markdown version for the request, or None if the response isn't Markdown.

    The response is Markdown if the requested path is the path of a Markdown version, or if the client prefers Markdown.
    """
    path = request.path_info
    is_page = visible.page(path) is not None
    address = page_path(path) if not is_page else ""
    version = _find(visible, address or path)
    if version is None or (address and markdown_path(version.url) != path):
        return None
    if not address and not (settings.NEGOTIATE_MARKDOWN and prefers_markdown(request.headers.get("Accept", ""))):
        return None
    try:
        version = version._replace(page=version.page.full)
        if address and request.method not in READ_METHODS:
            return refuse_method(request, visible)
        is_public = version.page.meta.is_published(visible.now) and not hasattr(request, "preview")
        if not (is_public if address else path_for(request, visible, version.page)):
            return None
        return _response(request, visible, version)
    except DocumentRemoved:
        return None


def _find(visible: VisiblePages, path: str) -> _Version | None:
    if page := visible.page(path):
        return _Version(page)
    hub_path = hub_paths.parse(path)
    hub = visible.page(hub_path.hub) if hub_path and hub_path.number > 1 and visible.has_hub_path(path) else None
    return _Version(hub, hub_path.number) if hub and hub_path else None


def _response(request: HttpRequest, visible: VisiblePages, version: _Version) -> HttpResponse:
    text = markdown_text(visible, version.page, version.number)
    response = HttpResponse(text, content_type=f"{MEDIA_TYPE}; charset=utf-8")  # RFC 7763 requires `charset`
    response["Content-Location"] = iri_to_uri(markdown_path(version.url))
    is_first = version.number == 1
    canonical = canonical_url(version.page, visible, settings.SITE_URL) if is_first else settings.SITE_URL + version.url
    response["Link"] = f'<{iri_to_uri(canonical)}>; rel="canonical"'
    response["X-Robots-Tag"] = "noindex"
    _vary(response)
    return cache_page(request, response, visible)


def markdown_text(visible: VisiblePages, page: Page, number: int = 1) -> str:
    """Return the Markdown version of `page`, or of page `number` of its article list. Raises DocumentRemoved."""
    version = _Version(page, number)
    head = "\n".join(["---", *_head(visible, version), "---"])
    if number > 1:
        words = visible.words_for(page)
        title = markdown_format.escape(f"{page.name}: {words('Page {number}', number=number)}")
        return f"{head}\n\n# {title}\n\n" + "".join(f"{line}\n" for line in list_lines(page.url, number, visible))
    rules = LinkRules(settings.SITE_URL, lambda path: not visible.drafts and visible.is_hidden(path))
    page = visible.with_live_links(page)  # this call also records which links the text depends on
    text = to_markdown(page, rules, parts_of(page, visible))
    files = "".join(f"- {line}\n" for line in file_links(page, visible))
    return f"{head}\n\n{text}" + (f"\n---\n\n{files}" if files else "")


def _head(visible: VisiblePages, version: _Version) -> Iterator[str]:
    """Yield the lines of the front matter. Texts are written as JSON strings, which are valid in YAML."""
    page, meta, modified = version.page, version.page.meta, LastModified(visible)
    title = meta.title or f"{page.name} | {visible.library.site.name}"
    day = modified.of(page) if version.number == 1 else modified.of_list(page.url, version.number)
    yield f"title: {_quote(title)}"
    yield f"url: {_quote(settings.SITE_URL + iri_to_uri(version.url))}"
    if day:
        yield f"date: {day.isoformat()}"
    if meta.is_article and version.number == 1:
        yield f"author: {_quote(meta.author)}"
        yield f"published: {meta.date}"
    yield f"language: {visible.language_of(page).code}"
    for other in visible.versions_of(page.url) if version.number == 1 else ():
        if other.url != page.url:
            address = _quote(settings.SITE_URL + iri_to_uri(other.url))
            yield f"{visible.language_of(other).code}: {address}"


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def file_links(page: Page, visible: VisiblePages) -> Iterator[str]:
    """Yield a Markdown link to each file that the site makes from `page`. Leave out files that can't be made."""
    failed = visible.failed_files()
    for file in visible.library.files_of(page):
        if not file.is_picture and file.path not in failed:
            yield link(_file_name(file), file.path)


def _file_name(file: PageFile) -> str:
    name = f"{file.kind}: {file.name}" if file.part else file.kind
    return f"{name[:1].upper()}{name[1:]} ({file.suffix.removeprefix('.').upper()})"
