"""Find out where a link leads: to a page, a file, another site, a redirect, or nowhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from . import url_paths
from .document import Page
from .document_links import Link
from .url_paths import LINKABLE_PATHS, normalize_path

Destination = Literal["external", "page", "file", "redirect", "missing"]


@dataclass(frozen=True, slots=True)
class ResolvedLink:
    """The target of a link.

    `url` is the target's normalized URL. `anchor` is the part after `#`. `path` is the absolute path, not normalized.
    For a redirect in `redirects.toml`, `url` is the new address, or `redirects.GONE`.
    """

    destination: Destination
    url: str = ""
    anchor: str = ""
    path: str = ""


class LinkResolver:
    """Resolves the links of all pages. For the arguments, see `LinkGraph`.

    Many pages have the same links, so results are cached. So `pages` and the other arguments must not change.
    """

    def __init__(
        self,
        pages: Mapping[str, Page],
        aliases: Mapping[str, str],
        has_file: Callable[[str], bool],
        redirect: Callable[[str], str],
    ) -> None:
        self._pages = pages
        self._aliases = aliases
        self._has_file = has_file
        self._redirect = redirect
        self._resolved: dict[tuple[str, str, bool], ResolvedLink] = {}

    def resolve(self, page: Page, link: Link) -> ResolvedLink:
        """Return the target of a link on `page`. The home page always counts as a page, even without a document."""
        base = "" if link.href.startswith("/") else page.url  # a path that starts with a slash is the same on all pages
        key = base, link.href, link.is_image
        if key not in self._resolved:
            self._resolved[key] = self._find_target(base, link.href, is_image=link.is_image)
        return self._resolved[key]

    def _find_target(self, base: str, href: str, *, is_image: bool) -> ResolvedLink:
        if url_paths.is_external(href):
            return ResolvedLink("external")
        path, _, anchor = href.partition("#")
        path, anchor = path.partition("?")[0], unquote(anchor)
        if not path:
            return ResolvedLink("page", base, anchor)
        path = unquote(url_paths.resolve("/" if is_image else base, path))
        url = self._aliases.get(normalize_path(path), normalize_path(path))
        if url in self._pages or url == "/":
            return ResolvedLink("page", url, anchor, path)
        if (path in LINKABLE_PATHS and not is_image) or self._has_file(path):
            return ResolvedLink("file", path)
        moved = "" if is_image else self._redirect(path)
        return ResolvedLink("redirect", moved, anchor, path) if moved else ResolvedLink("missing", url, path=path)
