"""Articles: pages with an author and a date. Hubs list their articles newest first, and also have a feed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import islice

from . import hub_paths
from .document import Page
from .problems import Problem

ARTICLES_PER_PAGE = 20
FEED_LENGTH = 20  # readers fetch feeds often, so a feed has only the newest articles

# In the time zone furthest ahead of UTC, days begin 14 hours earlier than in UTC (https://www.iana.org/time-zones). So
# a day that begins within 14 hours is already today in some places.
_FURTHEST_ZONE = timedelta(hours=14)


@dataclass(frozen=True)
class ArticleList:
    """Page `number` of an article list with `count` pages. `pages` holds the articles on this page, newest first."""

    pages: tuple[Page, ...]
    number: int = 1
    count: int = 1


@dataclass(frozen=True)
class _Published:
    """The published articles under a URL: all of them, and those in the feed.

    `passed_times` counts the times in the past when one of the articles was published or expired. While this number
    stays the same, `pages` and `feed` stay the same, too.
    """

    passed_times: int
    pages: tuple[Page, ...]
    feed: tuple[Page, ...]


class ArticleIndex:
    """The articles of a library, by the URL of their parent.

    `pages` maps URLs to pages, drafts included. `children` maps URLs to the pages directly under them, sorted by name.
    `others` is the same as `children`, but without articles. With `drafts`, the methods also include drafts and pages
    that aren't live yet. The page at the URL `previewed` counts as live.
    """

    def __init__(self, pages: Mapping[str, Page], children: Mapping[str, tuple[Page, ...]]) -> None:
        self.others = {url: tuple(page for page in each if not page.meta.is_article) for url, each in children.items()}
        self._pages = pages
        articles = {url: [page for page in each if page.meta.is_article] for url, each in children.items()}
        self._articles = {url: tuple(sorted(each, key=_newest_first)) for url, each in articles.items() if each}
        self._publication_times = {
            url: sorted(moment for page in each for moment in page.meta.publication_times)
            for url, each in self._articles.items()
        }
        # A cache, because each page of a hub's list needs the published articles. Finding them each time would take
        # quadratic time.
        self._published: dict[str, _Published] = {}

    def urls(self) -> Iterator[str]:
        """Yield each URL that has articles directly under it."""
        yield from self._articles

    def list_at(
        self, url: str, number: int, now: datetime, *, drafts: bool = False, previewed: str = ""
    ) -> ArticleList:
        """Return page `number` of the article list under `url`. After the last page, the result has no articles.

        If the page at `url` doesn't show the list, the list isn't split into pages: return all articles.
        """
        articles = self._articles.get(url, ()) if drafts else self._live_under(url, now, previewed)
        hub = self._pages.get(url)
        if not hub or not hub.lists_itself or not (drafts or url == previewed or hub.meta.is_published(now)):
            return ArticleList(articles)
        end = number * ARTICLES_PER_PAGE
        count = max(-(-len(articles) // ARTICLES_PER_PAGE), 1)
        return ArticleList(articles[end - ARTICLES_PER_PAGE : end], number, count)

    def list_paths(self, url: str, now: datetime, *, drafts: bool = False, previewed: str = "") -> list[str]:
        """Return the paths of page 2 and later of the article list under `url`."""
        count = self.list_at(url, 1, now, drafts=drafts, previewed=previewed).count
        return [hub_paths.list_path(url, number) for number in range(2, count + 1)]

    def feed_of(self, url: str, now: datetime) -> tuple[Page, ...]:
        """Return the articles in the feed of the page at `url`: the newest ones that search engines may list."""
        hub = self._pages.get(url)
        return self._published_under(url, now).feed if hub and hub.meta.is_published(now) else ()

    def nearest_changes(self, url: str, now: datetime) -> Sequence[datetime]:
        """Return the times of the last and the next change of the articles under `url`.

        At each change, an article goes live or expires. The last change may be at `now`. Leave out a change that
        doesn't exist.
        """
        times = self._publication_times.get(url, ())
        passed = bisect_right(times, now)
        return times[max(passed - 1, 0) : passed + 1]

    def has_path(self, path: str, now: datetime, *, drafts: bool = False, previewed: str = "") -> bool:
        """Return whether `path` leads to a feed, or to page 2 or later of an article list."""
        hub, number = hub_paths.parse(path) or ("", 1)
        if not number:
            return bool(self.feed_of(hub, now))
        return 1 < number <= self.list_at(hub, number, now, drafts=drafts, previewed=previewed).count

    def _live_under(self, url: str, now: datetime, previewed: str) -> tuple[Page, ...]:
        live, hidden = self._published_under(url, now).pages, self._pages.get(previewed)
        if hidden is None or hidden not in self._articles.get(url, ()) or hidden.meta.is_published(now):
            return live
        return tuple(sorted((*live, hidden), key=_newest_first))

    def _published_under(self, url: str, now: datetime) -> _Published:
        if url not in self._articles:
            return _Published(0, (), ())
        passed_times = bisect_right(self._publication_times[url], now)
        published = self._published.get(url)
        if published is None or published.passed_times != passed_times:
            pages = tuple(page for page in self._articles[url] if page.meta.is_published(now))
            listed = (page for page in pages if not page.meta.keeps_out_search_engines)
            published = self._published[url] = _Published(passed_times, pages, tuple(islice(listed, FEED_LENGTH)))
        return published


def check_articles(pages: Mapping[str, Page], now: datetime) -> Iterator[Problem]:
    """Yield a problem for each page whose `Author`, `Date` and `Updated` don't fit together."""
    for page in pages.values():
        meta = page.meta
        has_invalid_date = any(problem.line == meta.lines.get("date") for problem in page.problems)
        if meta.author and not meta.date and not has_invalid_date:
            message = "This page has an “Author” but no “Date”, so it is not an article and doesn't show the author."
            yield _problem(page, "article-line", "author", message, "Add a line such as `Date: 2026-11-30`.")
        if meta.date is None:
            continue
        if not meta.author:
            message = "This page has a “Date” but no “Author”, so it is not an article and doesn't show the date."
            yield _problem(page, "article-line", "date", message, "Add the line `Author:` with the author's name.")
        shown_from = max(now, meta.publish) if meta.publish else now
        if not meta.draft and datetime.combine(meta.date, time(), UTC) - shown_from > _FURTHEST_ZONE:
            message = "“Date” is in the future, but visitors can see the page earlier."
            help = "Correct the date. To publish the page later, add a “Publish” line."
            yield _problem(page, "article-date", "date", message, help)
        if meta.updated and meta.updated < meta.date:
            message = "“Updated” is earlier than “Date”."
            yield _problem(page, "article-date", "updated", message, "Correct one of the two dates.")


def _newest_first(page: Page) -> tuple[int, str, str]:
    return -page.meta.date.toordinal() if page.meta.date else 0, page.name, page.url


def _problem(page: Page, rule: str, key: str, message: str, help: str) -> Problem:
    line = page.meta.lines[key]
    text = page.source.line(line).strip()
    return page.source.problem_at(rule, message, help, line=line, text=text)
