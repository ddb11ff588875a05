"""Find out where a link leads: to a page, a file, another site, a redirect, or nowhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from . import url_paths
from .document import Page
from .document_links import LinkTarget
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

    @property
    def is_page_url(self) -> bool:
        """Whether the link is a page's URL in its normal form, without an anchor."""
        return self.destination == "page" and self.path == self.url and not self.anchor


def is_absolute(href: str) -> bool:
    """Return whether `href` leads to the same target on all pages."""
    return href.startswith("/") or url_paths.is_external(href)


class LinkResolver:
    """Resolves the links of all pages. For the arguments, see `LinkGraph`.

    Results are cached, because many pages have the same links. Don't change `pages` or another argument later: the
    cached results would then be wrong.
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
        self._absolute: dict[LinkTarget, ResolvedLink] = {}
        self._relative: dict[tuple[str, LinkTarget], ResolvedLink] = {}

    def resolve(self, page: Page, target: LinkTarget) -> ResolvedLink:
        """Find out where `target` on `page` leads. The home page always counts as a page, even without a document."""
        if resolved := self._absolute.get(target):
            return resolved
        href, is_image = target
        if is_absolute(href):
            resolved = self._absolute[target] = self._find_target("", href, is_image=is_image)
            return resolved
        key = page.url, target
        if key not in self._relative:
            self._relative[key] = self._find_target(page.url, href, is_image=is_image)
        return self._relative[key]

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
