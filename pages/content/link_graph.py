"""The pages together: which links to which, and what is wrong between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import Literal
from urllib.parse import unquote, urljoin

from .document import Page
from .document_links import Link
from .markdown_checks import GAP
from .problems import Edit, Problem
from .sections.hub import Listing
from .url_paths import LINKABLE_PATHS, normalize_path

# How many other pages are to link to a page, so that readers and search engines find it.
FEWEST_LINKS_IN = 3

_ELSEWHERE = ("http://", "https://", "mailto:", "tel:", "//")

Destination = Literal["elsewhere", "page", "file", "nowhere"]


@dataclass(frozen=True, slots=True)
class ResolvedLink:
    """Where a link leads: `url` is the page's, or the path that nothing answers to."""

    to: Destination
    url: str = ""
    anchor: str = ""
    path: str = ""


@dataclass(frozen=True)
class LinkGraph:
    """All pages by URL, drafts too, old addresses, and whether the content folder holds a file of a given path; `now`
    says which pages are published, `under` gives the pages right under a URL."""

    pages: Mapping[str, Page]
    aliases: Mapping[str, str]
    has_file: Callable[[str], bool]
    now: datetime
    under: Mapping[str, tuple[Page, ...]]
    _near: dict[str, str] = field(default_factory=dict)

    def leads(self, page: Page, link: Link) -> ResolvedLink:
        """Where `link` leads from `page`. Every page of the site may link to the home page, written or not."""
        if link.href.startswith(_ELSEWHERE):
            return ResolvedLink("elsewhere")
        path, _, anchor = link.href.partition("#")
        path = unquote(path.partition("?")[0])
        if not path:
            return ResolvedLink("page", page.url, anchor)
        path = urljoin("/" if link.is_image else page.url, path)
        url = self.aliases.get(normalize_path(path), normalize_path(path))
        if url in self.pages or url == "/":
            return ResolvedLink("page", url, unquote(anchor), path)
        answered = path in LINKABLE_PATHS and not link.is_image
        return (
            ResolvedLink("file", path) if answered or self.has_file(path) else ResolvedLink("nowhere", url, path=path)
        )

    def links_out(self, page: Page) -> set[str]:
        """The other pages that `page` links to, those that it lists among them."""
        led = (self.leads(page, link) for link in page.links)
        listed = {below.url for listing in page.listings for below in self.under.get(listing.url, ())}
        return ({found.url for found in led if found.to == "page"} | listed) - {page.url}

    def links_in(self) -> dict[str, set[str]]:
        """By page, the others that link to it."""
        found: dict[str, set[str]] = {url: set() for url in self.pages}
        for url, page in self.pages.items():
            for target in self.links_out(page):
                if page.meta.is_published(self.now) and target in found:
                    found[target].add(url)
        return found

    def problems(self) -> Iterator[Problem]:
        for page in self.pages.values():
            for link in page.links:
                yield from self._link(page, link)
            yield from (self._empty(page, listing) for listing in page.listings if listing.url not in self.under)
            image = page.meta.image
            if image.startswith("/") and not self.has_file(image):
                message = f"there is no image {image} in the content folder"
                help = "put the file there, or mend its name here"
                yield _at_meta(page, "missing-image", message, help, image)
        yield from self._counts()
        yield from self._repeated("title")
        yield from self._repeated("description")

    def _link(self, page: Page, link: Link) -> Iterator[Problem]:
        led = self.leads(page, link)
        if link.is_image and led.to == "elsewhere":
            message = f"the image {link.href} stands on another site, and pages show only images of their own"
            yield _at(page, link, "missing-image", message, "put the file into images/ in the content folder")
        elif led.to == "nowhere":
            yield self._nowhere(page, link, led)
        elif led.to == "page" and led.url in self.pages:
            target = self.pages[led.url]
            if page.meta.is_published(self.now) and not target.meta.is_published(self.now):
                message = f"“{link.text}” leads to {led.url}, which is a draft or not yet published"
                yield _at(page, link, "broken-link", message, f"publish {target.path}, or take the link out for now")
            if led.anchor and led.anchor not in target.anchors:
                yield self._no_anchor(page, link, led, target)
            if led.path and led.path not in (led.url, *self.aliases):
                yield self._spelling(page, link, led)

    def _empty(self, page: Page, listing: Listing) -> Problem:
        near = get_close_matches(listing.url, self.under, n=1)
        help = f"did you mean {near[0]}?" if near else "write the first page there, or take the line out"
        message = f"there is no page under {listing.url}, so nothing is listed here"
        return page.source.problem_at("broken-link", message, help, line=listing.line, text=listing.url)

    def _nowhere(self, page: Page, link: Link, led: ResolvedLink) -> Problem:
        if link.is_image:
            message = f"there is no image {led.path} in the content folder"
            return _at(page, link, "missing-image", message, "put the file there, or mend its name here")
        if "." in led.path.rpartition("/")[2]:
            message = f"“{link.text}” leads to {led.path}, and there is no such file in the content folder"
            return _at(page, link, "missing-file", message, "put the file there, or link to a page")
        near = self._nearest(led.url)
        meant = f"did you mean {near}? Else " if near else ""
        message = f"“{link.text}” leads to {led.url}, and there is no such page"
        mend = "take the link out" if link.href in page.source.line(link.line) else "mend its target in site.toml"
        return _at(page, link, "broken-link", message, f"{meant}write that page, or {mend}")

    def _nearest(self, url: str) -> str:
        """The page whose address is most like `url`, if one is; looked for once, however many links go there."""
        if url not in self._near:
            self._near[url] = next(iter(get_close_matches(url, self.pages, n=1, cutoff=0.8)), "")
        return self._near[url]

    def _no_anchor(self, page: Page, link: Link, led: ResolvedLink, target: Page) -> Problem:
        near = get_close_matches(led.anchor, target.anchors, n=1)
        help = f"did you mean #{near[0]}?" if near else f"{target.path} has none of its like; link to {led.url}"
        message = f"“{link.text}” leads to #{led.anchor}, and no heading of {led.url} has that name"
        return _at(page, link, "broken-anchor", message, help)

    def _spelling(self, page: Page, link: Link, led: ResolvedLink) -> Problem:
        written = page.source.line(link.line)
        target = link.href.partition("#")[0].partition("?")[0]
        column = written.find(target) + 1
        edits = (Edit(link.line, column, len(target), led.url),) if column else ()
        message = f"“{link.text}” is linked as {led.path}, which leads to {led.url} by a detour"
        return _at(page, link, "link-spelling", message, f"write {led.url}", edits)

    def _counts(self) -> Iterator[Problem]:
        links_in = self.links_in()
        for url, page in self.pages.items():
            if url == "/" or not page.meta.is_published(self.now):
                continue
            count = len(links_in[url])
            if count < FEWEST_LINKS_IN:
                others = {0: "no other page links", 1: "one other page links"}.get(count, f"{count} other pages link")
                help = f"link to it from pages that its readers come from, {FEWEST_LINKS_IN} or more"
                yield _at_url(page, "few-links-in", f"{others} to this one", help)
            led = (self.leads(page, link).to for link in page.links if not link.is_image)
            if not page.listings and not any(to in ("page", "nowhere") for to in led):
                help = "link to the pages that its readers want next"
                yield _at_url(page, "no-links-out", "this page links to no other", help)

    def _repeated(self, key: str) -> Iterator[Problem]:
        first: dict[str, Page] = {}
        for page in self.pages.values():
            value = getattr(page.meta, key)
            if not value or GAP in value:
                continue
            other = first.setdefault(value.lower(), page)
            if other is not page:
                message = f"{other.path} has the same {key}, so readers cannot tell the two apart"
                yield _at_meta(page, f"repeated-{key}", message, "say what this page has that the other has not", value)


def _at(page: Page, link: Link, rule: str, message: str, help: str, edits: tuple[Edit, ...] = ()) -> Problem:
    length = max(len(link.text), 1)
    return page.source.problem(rule, message, help, line=link.line, column=link.column, length=length, edits=edits)


def _at_url(page: Page, rule: str, message: str, help: str) -> Problem:
    return page.source.problem_at(rule, message, help, line=page.url_line, text=page.url)


def _at_meta(page: Page, rule: str, message: str, help: str, value: str) -> Problem:
    return page.source.problem_from(rule, message, help, first_line=page.meta.line, text=value)
