"""The list of a hub's articles, newest first, as shown on the hub's pages and on other pages."""

from __future__ import annotations

from dataclasses import dataclass

from ..content.document import Page
from ..content.hub_paths import list_path
from ..repository.visible_pages import VisiblePages


@dataclass(frozen=True)
class Article:
    """A row of the list. `name` is the page's name without the hub's name at its start (see `Page.short_name`)."""

    name: str
    page: Page


@dataclass(frozen=True)
class PageNumber:
    """A link to a page of the list. `follows_gap` is True if the page numbers just before `number` are left out."""

    number: int
    href: str
    is_current: bool
    follows_gap: bool


@dataclass(frozen=True)
class ShownList:
    """The articles on one page of a list, and the links to the other pages.

    If a hub's list has several pages, `page_numbers`, `previous` and `next` are the links between these pages. A page
    other than the hub shows only the newest articles. If such a page leaves out older articles, it links to `hub`. In
    all other cases, `hub` is None.
    """

    articles: tuple[Article, ...]
    page_numbers: tuple[PageNumber, ...] = ()
    previous: str = ""
    next: str = ""
    hub: Page | None = None


def shown_list(visible: VisiblePages, url: str, number: int | None) -> ShownList:
    """Return page `number` of the list of articles under the hub at `url`.

    `number` is None if a page other than the hub shows the list. Such a page shows only the newest articles.
    """
    hub = visible.page(url)
    listed = visible.article_list(url, number or 1)
    articles = tuple(Article(page.short_name(hub) if hub else page.name, page) for page in listed.pages)
    if listed.count == 1:
        return ShownList(articles)
    if number is None:
        return ShownList(articles, hub=hub)
    return ShownList(
        articles,
        _page_numbers(url, number, listed.count),
        list_path(url, number - 1) if number > 1 else "",
        list_path(url, number + 1) if number < listed.count else "",
    )


def _page_numbers(url: str, current: int, count: int) -> tuple[PageNumber, ...]:
    """Return links to the first and the last page, and to the current page and its neighbors."""
    numbers = sorted({1, count, *range(max(current - 1, 1), min(current + 1, count) + 1)})
    before = [0, *numbers]
    return tuple(
        PageNumber(number, list_path(url, number), number == current, number > previous + 1)
        for previous, number in zip(before, numbers, strict=False)
    )
