"""The pages that visitors may see at a given time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from sys import intern

from ..content import hub_paths, live_links
from ..content.articles import ArticleList
from ..content.banner import Banner
from ..content.content_folder import find_file
from ..content.document import Page
from ..content.hub_paths import feed_path
from ..content.kit_words import KitWords
from ..content.languages import Language
from ..content.library import Library
from ..content.page_files import PageFile
from ..content.sections.dimensions import Weight
from ..content.site_words import Words
from ..content.translations import language_of
from ..content.url_paths import normalize_path
from . import failed_files

# The footer of every page lists at most this many pages of each hub, and no articles: otherwise, each new article would
# change all pages. The hub itself lists all its pages.
FOOTER_PAGES = 12

# Keys in `VisiblePages.accessed` that aren't page URLs. ALL_PAGES and KIT_WORDS are complete keys. Each other constant
# is the start of keys that end with a path:
# - “articles 2 /blog” is page 2 of the articles under /blog. “size of 12 kB/files/a.pdf” is a file of 12 kB.
# - “link to /pricing” means that a response depends on whether the page is live, and not on the page's text.
ALL_PAGES, UNDER, FIRST_UNDER, REPORT_ON, TEXT_OF = "all pages", "under ", "first under ", "report on ", "text of "
ARTICLES, FEED, HAS_FEED, OTHERS_UNDER = "articles ", "feed ", "has feed ", "others under "
FILE_AT, SIZE_OF, KIT_WORDS, LINK_TO = "file at ", "size of ", "kit words", "link to "
ALIAS, BANNER_ON, VERSIONS_OF = "alias ", "banner on ", "versions of "

# One SIZE_OF key describes the list of all files that the site failed to make. In this key, FAILED_FILES is the path,
# and a hash of the list is the size.
FAILED_FILES = "/failed files"


@dataclass(frozen=True)
class VisiblePages:
    """The pages of a library that are visible at `now`.

    Each request creates one VisiblePages, so that its response is consistent. `drafts` makes drafts, future pages and
    expired pages visible, and `previewed` is the URL of one such page to make visible. `accessed` records the lookups:
    page URLs, and keys such as ALL_PAGES. `changes` records the past and future times when a lookup's result changes.
    """

    library: Library
    now: datetime
    drafts: bool
    accessed: set[str] | None = None
    changes: set[datetime] = field(default_factory=set, compare=False)
    previewed: str = ""

    @property
    def changes_at(self) -> datetime | None:
        """The next time when the result of an earlier lookup changes, or None if no result will change."""
        return min((time for time in self.changes if time > self.now), default=None)

    def page(self, url: str) -> Page | None:
        self._record(url)
        page = self.library.pages.get(url)
        return page if page and self._is_visible(page) else None

    def page_at(self, url: str) -> Page | None:
        """Return the page at `url`, or the page that has `url` as an alias."""
        if page := self.page(url):
            return page
        self._record(ALIAS + url)
        return self.page(self.library.aliases[url]) if url in self.library.aliases else None

    def banner(self, path: str) -> Banner | None:
        """Return the banner of the page at `path`, or None if the page shows no banner now.

        In the banner, links to pages that aren't live become plain text. In development, the banner keeps these links,
        and is shown even before its start.
        """
        banner = self.library.site.banner
        if banner is None or not banner.is_on(path):
            return None
        self._record(BANNER_ON + path)
        self.changes.update(banner.times)
        is_shown = (self.drafts or banner.has_started(self.now)) and not banner.has_ended(self.now)
        if not is_shown or self.drafts:
            return banner if is_shown else None
        return replace(banner, html=live_links.text_without_links(banner.html, "/", self.is_hidden))

    def has_file(self, path: str) -> bool:
        """Return whether the site serves a file at `path`."""
        return bool(self.page_with_file(path) or (self.file_size(path) and find_file(self.library.folder, path)))

    def full_page(self, url: str) -> Page | None:
        """Return the page at `url` with its sections, for responses that show parts of these sections."""
        self._record(TEXT_OF + url)
        page = self.page(url)
        return page.full if page else None

    def weights_of(self, url: str) -> tuple[Weight, ...]:
        """Return the weights of the page at `url`, or ()."""
        self._record(TEXT_OF + url)
        page = self.page(url)
        return page.weights if page else ()

    def with_live_links(self, page: Page) -> Page:
        """Return `page` with plain text in place of links to pages that aren't live."""
        page = page.full
        if self.drafts:
            return page
        urls = set(live_links.target_urls(page))
        for url in urls:
            self._record(intern(LINK_TO + url))  # Share one string between all pages that link to a URL.
        hidden = [url for url in urls if self.is_hidden(url)]  # `any` would skip calls, but each call records times.
        return live_links.without_links(page, self.is_hidden) if hidden else page

    def is_hidden(self, path: str) -> bool:
        """Return whether `path` leads to a page that isn't live, or to a file made from such a page."""
        page = self.library.pages.get(self._current_url(path))
        if page is None and self.library.folder / path.lstrip("/") not in self.library.stamps:
            page, _ = self.library.page_with_file(path) or (None, None)
        return page is not None and not self._is_visible(page)

    def expired_page(self, path: str) -> Page | None:
        """Return the expired page whose URL or alias is `path`, or None if there is none.

        `path` may also be the path of a file that was made from the page.
        """
        page = self.library.pages.get(self._current_url(normalize_path(path)))
        if page is None:
            page, _ = self.library.page_with_file(path) or (None, None)
        return page if page and not self._is_visible(page) and page.meta.has_expired(self.now) else None

    def successor(self, expired: Page) -> str:
        """Return the URL of the page that visitors of an expired page see instead, or "" if there is none.

        If the page at that URL has expired too, return the URL of its own successor.
        """
        page: Page | None = expired
        seen, url = {expired.url}, ""
        while page and page.meta.has_expired(self.now):
            url = self._current_url(page.meta.expires_to)
            page = self.library.pages.get(url)
            if url in seen:
                return ""
            seen.add(url)
        is_live = self._is_visible(page) if page else url == "/"  # without a home page, "/" lists all pages
        return url if is_live else ""

    def _current_url(self, url: str) -> str:
        return self.library.aliases.get(url, url)

    def report_on(self, role: str) -> Page | None:
        """Return the page with a sample report about the role at the URL `role`, or None."""
        self._record(REPORT_ON + role)
        page = self.library.reports.get(role)
        return page if page and self._is_visible(page) else None

    def page_with_file(self, path: str) -> tuple[Page, PageFile] | None:
        """Return a page and its file at `path`. Return None if no visible page has this file."""
        self._record(FILE_AT + path)
        found = self.library.page_with_file(path)
        return found if found and self._is_visible(found[0]) else None

    def file_size(self, path: str) -> int:
        """Return the size in bytes of the file at `path` in the content folder, or 0 if there is none."""
        self._record(FILE_AT + path)
        stamp = self.library.stamps.get(self.library.folder / path.lstrip("/"))
        return stamp.size if stamp else 0

    def record_size(self, path: str, size: str) -> None:
        """Record that the response depends on `size`, the shown size of the file that the site makes at `path`."""
        self._record(f"{SIZE_OF}{size}{path}")

    def failed_files(self) -> frozenset[str]:
        """Return the paths of the files that the site failed to make. `page_with_file` finds these files, too."""
        self.record_size(FAILED_FILES, failed_files.digest())
        return failed_files.paths()

    def versions_of(self, url: str) -> list[Page]:
        """Return the page at `url` in all languages, the original first, or [] if the page is in only one language."""
        self._record(VERSIONS_OF + url)
        versions = list(filter(self._is_visible, self.library.versions.get(url, ())))
        return versions if len(versions) > 1 else []

    def language_of(self, page: Page | None) -> Language:
        """Return the language of `page`, or the site's language."""
        return language_of(page, self.library.site) if page else Language(self.library.site.language)

    def in_language(self, page: Page, language: Language) -> Page:
        """Return the version of `page` in `language`, or `page` itself if there is none."""
        if self.language_of(page) == language:
            return page
        return next((each for each in self.versions_of(page.url) if self.language_of(each) == language), page)

    def words_for(self, page: Page | None) -> Words:
        """Return the site's own words in the language of `page`."""
        return self.library.site.words_in(self.language_of(page))

    @property
    def kit_words(self) -> KitWords | None:
        self._record(KIT_WORDS)
        return self.library.kit_words

    def pages(self) -> list[Page]:
        self._record(ALL_PAGES)
        return list(filter(self._is_visible, self.library.pages.values()))

    def searchable_pages(self) -> list[Page]:
        """Return the visible pages without `noindex`."""
        return [page for page in self.pages() if not page.meta.keeps_out_search_engines]

    def under(self, url: str) -> list[Page]:
        """Return the direct children of the page at `url`, sorted by name."""
        self._record(UNDER + url)
        return list(self._under(url))

    def first_under(self, url: str) -> list[Page]:
        """Return only the first FOOTER_PAGES of `others_under(url)`, because a page may have 10,000 children."""
        self._record(FIRST_UNDER + url)
        return list(islice(self._others_under(url), FOOTER_PAGES))

    def others_under(self, url: str) -> list[Page]:
        """Return the direct children of the page at `url` that aren't articles, sorted by name."""
        self._record(OTHERS_UNDER + url)
        return list(self._others_under(url))

    def article_list(self, url: str, number: int = 1) -> ArticleList:
        """Return page `number` of the list of articles directly under `url`, newest first."""
        self._record(f"{ARTICLES}{number} {url}")
        self._record_article_times(url)
        return self.library.articles.list_at(url, number, self.now, drafts=self.drafts, previewed=self.previewed)

    def feed(self, url: str) -> tuple[Page, ...]:
        """Return the articles in the feed of the page at `url`. A feed has only live pages, even in development."""
        self._record(FEED + url)
        self._record_article_times(url)
        return self.library.articles.feed_of(url, self.now)

    def has_feed(self, url: str) -> bool:
        self._record(HAS_FEED + url)
        articles = self.library.articles.feed_of(url, self.now)
        if all(page.meta.expires for page in articles):  # if an article never expires, the feed never disappears
            self._record_article_times(url)
        elif all(page.meta.publish for page in articles):
            # The feed appeared with its first article. If any article has no `Publish`, the feed always existed.
            self.changes.add(min(page.meta.publish for page in articles if page.meta.publish))
        if hub := self.library.pages.get(url):
            self._is_visible(hub)
        return bool(articles)

    def has_hub_path(self, path: str) -> bool:
        """Return whether `path` leads to a feed, or to page 2 or later of an article list."""
        if hub_path := hub_paths.parse(path):
            self._record_article_times(hub_path.hub)
        return self.library.articles.has_path(path, self.now, drafts=self.drafts, previewed=self.previewed)

    def list_paths(self, url: str) -> list[str]:
        """Return the paths of page 2 and later of the article list on the page at `url`."""
        self._record_article_times(url)
        return self.library.articles.list_paths(url, self.now, drafts=self.drafts, previewed=self.previewed)

    def hub_paths(self) -> Iterator[str]:
        """Yield the paths of all feeds, and of page 2 and later of all article lists."""
        self._record(ALL_PAGES)
        for url in self.library.articles.urls():
            yield from self.list_paths(url)
            if self.library.articles.feed_of(url, self.now):
                yield feed_path(url)

    def _others_under(self, url: str) -> Iterator[Page]:
        return filter(self._is_visible, self.library.articles.others.get(url, ()))

    def _under(self, url: str) -> Iterator[Page]:
        return filter(self._is_visible, self.library.children.get(url, ()))

    def hubs(self) -> list[Page]:
        """Return the pages that have children, sorted by URL, except the home page."""
        self._record(ALL_PAGES)
        urls = sorted(url for url in self.library.children if url != "/" and any(self._under(url)))
        return [page for url in urls if (page := self.page(url))]

    def _is_visible(self, page: Page) -> bool:
        if times := page.meta.publication_times:
            self.changes.update(times)
        return self.drafts or page.url == self.previewed or page.meta.is_published(self.now)

    def _record_article_times(self, url: str) -> None:
        """Record the times when an article under `url`, or the hub at `url` itself, goes live or expires."""
        self.changes.update(self.library.articles.nearest_changes(url, self.now))
        if hub := self.library.pages.get(url):
            self._is_visible(hub)

    def _record(self, key: str) -> None:
        if self.accessed is not None:
            self.accessed.add(key)
