"""Remove links to pages that aren't on the site yet. Visitors see the links' text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from html import unescape
from typing import Any, TypeVar
from urllib.parse import unquote

from . import url_paths
from .document import Page
from .markup import Html

T = TypeVar("T")

_LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


@lru_cache(1_000)  # rendering a page and its Markdown version looks up each link several times
def target_url(base: str, href: str) -> str:
    """Return the normalized path of `href` on the page at `base`. Return "" for other sites and for anchors."""
    path = re.split("[?#]", href, maxsplit=1)[0]
    if not path or url_paths.is_external(href):
        return ""
    return url_paths.normalize_path(unquote(url_paths.resolve(base, path)))


def target_urls(page: Page) -> Iterator[str]:
    """Yield the normalized paths that the links on `page` lead to."""
    urls = (target_url(page.url, link.href) for link in page.links if not link.is_image)
    return filter(None, urls)


def without_links(page: Page, is_hidden: Callable[[str], bool]) -> Page:
    """Return `page` with plain text in place of each link to a path for which `is_hidden` returns True."""

    return replace(page, sections=_without_links(page.sections, _is_removed(page.url, is_hidden)))


def text_without_links(html: Html, base: str, is_hidden: Callable[[str], bool]) -> Html:
    """Return `html` without the links to hidden paths. `base` is the URL of the page that contains `html`."""
    return _without_links(html, _is_removed(base, is_hidden))


def _is_removed(base: str, is_hidden: Callable[[str], bool]) -> Callable[[str], bool]:
    def is_removed(href: str) -> bool:
        url = target_url(base, href)
        return bool(url) and is_hidden(url)

    return is_removed


def _without_links(value: T, is_removed: Callable[[str], bool]) -> T:
    """Return `value` without the links for which `is_removed` returns True.

    `value` is HTML, or a tuple or a dataclass that may contain HTML. Other values are returned unchanged.
    """
    new: Any = value
    if isinstance(value, Html):
        html = _LINK.sub(lambda link: link[2] if is_removed(unescape(link[1])) else link[0], value)
        new = value if html == value else Html(html)  # removing tags keeps the HTML safe
    elif isinstance(value, tuple) and type(value) is tuple:
        items = tuple(_without_links(item, is_removed) for item in value)
        new = value if all(item is old for item, old in zip(items, value, strict=True)) else items
    elif is_dataclass(value) and not isinstance(value, type):
        old_values = {field.name: getattr(value, field.name) for field in fields(value) if field.init}
        values = {name: _without_field(name, old, is_removed) for name, old in old_values.items()}
        changes = {name: each for name, each in values.items() if each is not old_values[name]}
        new = replace(value, **changes) if changes else value
    return new  # type: ignore[no-any-return]


def _without_field(name: str, value: Any, is_removed: Callable[[str], bool]) -> Any:
    if name == "href" and isinstance(value, str):
        return "" if is_removed(value) else value
    return _without_links(value, is_removed)
