"""The language for an address without a page, such as the address of an error page."""

from __future__ import annotations

from ..content.languages import Language
from ..content.url_paths import normalize_path, parent_url
from ..repository.visible_pages import VisiblePages


def language_at(visible: VisiblePages, path: str) -> Language:
    """Return the language of the nearest page or folder at or above `path`, or else the site's language.

    A folder has a language if all its published pages are in this language. The home page is ignored.
    """
    url = normalize_path(path)
    while len(url) > 1:
        if page := visible.page(url):
            return visible.language_of(page)
        if language := visible.library.folder_languages.get(url):
            return language
        url = parent_url(url)
    return visible.language_of(None)
