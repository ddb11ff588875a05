"""The links between pages, and the problems that can't be seen in one page alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from . import hidden_targets, url_paths
from .anchors import slugify
from .articles import ArticleIndex
from .document import Page
from .document_links import Link, LinkTarget
from .images import SUFFIXES, image_url
from .link_counts import check_counts
from .link_resolution import LinkResolver, ResolvedLink, is_absolute
from .missing_targets import Explanation, MissingTargets, image_on_other_site
from .page_files import PANEL, QUESTION_BANK, page_urls
from .problems import Edit, Problem, Suggestions
from .redirects import GONE
from .sections.hub import Listing
from .shared_links import CallTargets
from .video_files import is_other_video, is_video


@dataclass(frozen=True)
class LinkGraph:
    """All pages, and the links between them.

    `pages` maps URLs to pages, drafts included. `aliases` maps old URLs to current URLs. `has_file` returns whether the
    site serves a file at a path. `now` decides which pages are published. `children` maps a URL to the pages directly
    under it, and `articles` knows which pages are articles. `reports` maps a role's URL to the page with its sample
    report. `call_targets` are the targets of calls to action in `site.toml`. `redirect` returns where an old address in
    `redirects.toml` leads, or "".
    """

    pages: Mapping[str, Page]
    aliases: Mapping[str, str]
    has_file: Callable[[str], bool]
    now: datetime
    children: Mapping[str, tuple[Page, ...]]
    articles: ArticleIndex
    reports: Mapping[str, Page]
    missing_targets: MissingTargets
    call_targets: CallTargets
    redirect: Callable[[str], str]
    _similar_urls: Suggestions = field(default_factory=lambda: Suggestions(cutoff=0.8))
    _similar_hubs: Suggestions = field(default_factory=Suggestions)
    _right: set[LinkTarget] = field(default_factory=set)
    _wrong: set[LinkTarget] = field(default_factory=set)
    _missing: dict[tuple[str, str, str], Explanation] = field(default_factory=dict)
    _similar_anchors: dict[str, Suggestions] = field(default_factory=lambda: defaultdict(Suggestions))

    def resolve(self, page: Page, link: Link) -> ResolvedLink:
        """Return the target of a link on `page`. The home page always counts as a page, even without a document."""
        return self._resolver.resolve(page, (link.href, link.is_image))

    @cached_property
    def _resolver(self) -> LinkResolver:
        return LinkResolver(self.pages, self.aliases, self.has_file, self.redirect)

    def links_out(self, page: Page) -> set[str]:
        """Return the URLs of the other pages that `page` links to, including the pages that templates link to.

        Templates link to each page that an automatic list shows. They also link a sample report to its role's page,
        and the role's page to the report.
        """
        targets = (self._resolver.resolve(page, target) for target in page.link_targets)
        listed = {child.url for listing in page.listings for child in self._listed(page, listing)}
        roles = {part.role for report in page.reports for part in report.parts}
        report = {self.reports[page.url].url} if page.url in self.reports and page.weights else set()
        linked = {target.url for target in targets if target.destination == "page"}
        return (linked | listed | roles | report) - {page.url}

    def _listed(self, page: Page, listing: Listing) -> Iterable[Page]:
        """Return the pages that `listing`, an automatic list on `page`, links to.

        On the hub itself, the list has all pages under the hub. On any other page, the list has only the newest
        articles, and all pages under the hub that are not articles. If the hub has older articles, the list also links
        to the hub.
        """
        if listing.url == page.url:
            return self.children.get(listing.url, ())
        articles = self.articles.list_at(listing.url, 1, self.now)
        hub = self.pages[listing.url] if articles.count > 1 else page
        return (*self.articles.others.get(listing.url, ()), *articles.pages, hub)

    def links_in(self) -> dict[str, set[str]]:
        """Return the URLs of the published pages that link to each page."""
        linking = self._linking_pages()
        return {url: {page.url for page in pages if page.meta.is_published(self.now)} for url, pages in linking.items()}

    def _linking_pages(self) -> dict[str, list[Page]]:
        """Return the pages that link to each page, drafts included."""
        linking: dict[str, list[Page]] = {url: [] for url in self.pages}
        for page in self.pages.values():
            for url in self.links_out(page):
                if url in linking:
                    linking[url].append(page)
        return linking

    def problems(self) -> Iterator[Problem]:
        yield from self._check_all_links()
        for page in self.pages.values():
            yield from (self._empty_listing(page, item) for item in page.listings if self._is_empty(page, item))
            yield from self._check_meta_image(page)
        yield from check_counts(self.pages, self._linking_pages(), self._resolver, self.now)

    def _check_all_links(self) -> Iterator[Problem]:
        """Yield the problems of all links. Report a wrong target in `site.toml` once, however many pages use it."""
        moved: set[Problem] = set()
        for page in self.pages.values():
            if self._right.issuperset(page.link_targets):
                continue
            wrong = {target for target in page.link_targets if not self._is_right(page, target)}
            for link in page.links if wrong else ():
                if (link.href, link.is_image) not in wrong:
                    continue
                label = self.call_targets.label_of(link)
                for problem in self._check_link(page, link):
                    shown = self.call_targets.move(problem, label) if label else problem
                    if not label or shown not in moved:
                        yield shown
                    moved |= {shown} if label else set()

    def _is_right(self, page: Page, target: LinkTarget) -> bool:
        """Return True if links to `target` have no problem, and `target` is live and doesn't expire.

        The result for an absolute target, such as /pricing, is cached, because many pages have the same links.
        """
        if target in self._right or target in self._wrong:
            return target in self._right
        href, is_image = target
        resolved = self._resolver.resolve(page, target)
        is_right = self._stays(resolved)
        if is_right and (is_image or not resolved.is_page_url):  # Most links are page URLs, which need no other check.
            link = next(link for link in page.links if (link.href, link.is_image) == target)
            is_right = not any(self._check_link(page, link))
        if is_absolute(href):
            (self._right if is_right else self._wrong).add(target)
        return is_right

    def _stays(self, resolved: ResolvedLink) -> bool:
        """Return False if a target isn't live, or if it is a page that expires. Otherwise, return True."""
        if resolved.destination == "file":
            return self._unpublished_source(resolved.url) is None
        target = self.pages.get(resolved.url)
        return target is None or (target.meta.is_published(self.now) and target.meta.expires is None)

    def check_links(self, page: Page) -> Iterator[Problem]:
        """Yield the problems of the links on `page`.

        A file such as `kit.md` has no page of its own. To check its links, pass a `Page` object that holds them.
        """
        for link in page.links:
            yield from self._check_link(page, link)

    def _check_link(self, page: Page, link: Link) -> Iterator[Problem]:
        resolved = self.resolve(page, link)
        if link.is_image and (is_video(link.href) or is_other_video(link.href)):
            if resolved.destination != "file" or is_other_video(resolved.url):
                yield _problem(page, link, *self.missing_targets.explain_video(link.href, image_url(link.href)))
        elif link.is_image:
            if resolved.destination == "external":
                yield _problem(page, link, *image_on_other_site(link.href))
            elif resolved.destination != "file" or not _is_image(resolved.url):
                path = image_url(link.href)
                yield _problem(page, link, *self.missing_targets.explain_image(link.href, path))
        elif resolved.destination == "external":
            if explanation := self.missing_targets.explain_external(link.href):
                yield _problem(page, link, *explanation)
        elif resolved.destination == "redirect":
            yield (
                self._removed_target(page, link, resolved)
                if resolved.url == GONE
                else self._redirected_link(page, link, resolved)
            )
        elif resolved.destination == "missing":
            yield self._missing_target(page, link, resolved)
        elif resolved.destination == "file":
            source = self._unpublished_source(resolved.url)
            if source and (explanation := hidden_targets.explain(page, resolved.url, source, self.now)):
                yield _problem(page, link, *explanation)
        elif resolved.destination == "page" and resolved.url in self.pages:
            target = self.pages[resolved.url]
            if explanation := hidden_targets.explain(page, resolved.url, target, self.now):
                yield _problem(page, link, *explanation)
            if not self._has_anchor(target, resolved.anchor):
                yield self._missing_anchor(page, link, resolved, target)
            if resolved.path and resolved.path != resolved.url:
                yield self._redirected_link(page, link, resolved)

    def _unpublished_source(self, path: str) -> Page | None:
        """Return the unpublished page from which the file at `path` is made. Return None if there is no such page."""
        if path in self.missing_targets.files:
            return None
        known = filter(None, map(self.pages.get, page_urls(path)))
        pages = [page for page in known if any(file.path == path for file in page.files)]
        is_live = any(page.meta.is_published(self.now) for page in pages)
        return None if is_live else next(iter(pages), None)

    def _has_anchor(self, page: Page, anchor: str) -> bool:
        """Return whether browsers find `anchor` on `page`.

        `#` and `#top` always lead to the top (https://html.spec.whatwg.org/multipage/browsing-the-web.html#scrolling-to-a-fragment).
        After `:~:`, browsers search the text of the page (https://wicg.github.io/scroll-to-text-fragment/).
        """
        name = anchor.partition(":~:")[0]
        if name == PANEL:
            return any(file.kind == QUESTION_BANK and self.has_file(file.path) for file in page.files)
        return not name or name.lower() == "top" or name in page.anchors

    def _check_meta_image(self, page: Page) -> Iterator[Problem]:
        image = page.meta.image
        path = image_url(image)
        if url_paths.is_site_path(image) and not (_is_image(path) and self.has_file(path)):
            rule, message, help = self.missing_targets.explain_image(image, path)
            yield _problem_in_meta(page, rule, message, help, image)

    def _is_empty(self, page: Page, listing: Listing) -> bool:
        """Return True if the list `listing` on `page` is empty for visitors.

        If `page` isn't live, two kinds of lists never count as empty: a list with an unpublished page, and the list of
        the page's own children.
        """
        if listing.url == page.url and not page.meta.is_published(self.now):
            return False
        children = self.children.get(listing.url, ())
        return not any(child.meta.is_published(self.now) or not page.meta.is_published(self.now) for child in children)

    def _empty_listing(self, page: Page, listing: Listing) -> Problem:
        children = self.children.get(listing.url, ())
        near = self._similar_hubs.nearest(listing.url, self.children)
        help = f"Did you mean {near}?" if near else "Write a page under this URL, or remove this line."
        if children:
            help = f"Publish a page under {listing.url}, or keep this page off the site until then."
        message = f"No published page is under {listing.url}, so this list is empty."
        return page.source.problem_at("broken-link", message, help, line=listing.line, text=listing.url)

    def _missing_target(self, page: Page, link: Link, resolved: ResolvedLink) -> Problem:
        fix = "change the link in site.toml" if self.call_targets.label_of(link) else "remove the link"
        key = "" if link.href.startswith("/") else page.url, link.href, fix
        if key not in self._missing:
            self._missing[key] = self._explain_missing(page, link, resolved, fix)
        return _problem(page, link, *self._missing[key])

    def _explain_missing(self, page: Page, link: Link, resolved: ResolvedLink, fix: str) -> Explanation:
        if explanation := self.missing_targets.explain_link(page, link.href, resolved.path):
            return explanation
        near = self._similar_urls.nearest(resolved.url, self.pages)
        help = f"Did you mean {near}? If not, write the missing page, or {fix}."
        help = help if near else f"Write the missing page, or {fix}."
        return Explanation("broken-link", f"This link leads to {resolved.url}, but no page has that URL.", help)

    def _removed_target(self, page: Page, link: Link, resolved: ResolvedLink) -> Problem:
        message = f"This link leads to {resolved.path}, but that page is gone: it is in redirects.toml."
        return _problem(page, link, "broken-link", message, "Link to another page, or remove the link.")

    def _missing_anchor(self, page: Page, link: Link, resolved: ResolvedLink, target: Page) -> Problem:
        near = slugify(resolved.anchor)
        if near not in target.anchors:
            near = self._similar_anchors[target.url].nearest(resolved.anchor, target.anchors)
        other = f"Link to a heading of {target.path}, or to {resolved.url}."
        help = f"Did you mean #{near}?" if near else other
        message = f"This link leads to #{resolved.anchor}, but {resolved.url} has no such heading."
        return _problem(page, link, "broken-anchor", message, help)

    def _redirected_link(self, page: Page, link: Link, resolved: ResolvedLink) -> Problem:
        edits: tuple[Edit, ...] = ()
        source, target = page.source, link.target
        if label := self.call_targets.label_of(link):
            source, target = self.call_targets.source, self.call_targets.place_of(label)
        if target:
            # If the new address has a query or an anchor, replace the query and the anchor of the link, too.
            end = "$" if re.search("[?#]", resolved.url) else "[?#]"
            length = len(re.split(end, source.text_at(target), maxsplit=1)[0])
            edits = (Edit(target._replace(length=length), resolved.url),)
        message = f"This link leads to {resolved.path}, which redirects to {resolved.url}."
        return _problem(page, link, "link-spelling", message, f"Write {resolved.url}", edits)


def _is_image(path: str) -> bool:
    return path.lower().endswith(tuple(SUFFIXES))


def _problem(page: Page, link: Link, rule: str, message: str, help: str, edits: tuple[Edit, ...] = ()) -> Problem:
    length = max(len(link.text), 1)
    return page.source.problem(rule, message, help, line=link.line, column=link.column, length=length, edits=edits)


def _problem_in_meta(page: Page, rule: str, message: str, help: str, value: str) -> Problem:
    return page.source.problem_from(rule, message, help, first_line=page.meta.line, text=value)
