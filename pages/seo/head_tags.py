"""Tags for a page's `<head>`, as data for partials/head.html."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from ..content.document import Page
from ..content.languages import Language
from ..media import card_canvas, social_cards
from ..repository.visible_pages import VisiblePages
from .alternates import Alternate, alternates
from .breadcrumbs import Crumb
from .canonical_url import canonical_url
from .head_links import HeadLink, head_links
from .structured_data import structured_data


@dataclass(frozen=True)
class Tag:
    """A tag such as `<meta name="robots" content="noindex">`. `key` is "name", or "property" for Open Graph."""

    key: str
    name: str
    content: str


@dataclass(frozen=True)
class Head:
    """The content of `<head>`.

    `alternates` are the page's versions in all languages. `json_ld` is structured data (https://schema.org), escaped
    for a script element. `markdown` is the absolute URL of the page's Markdown version, or "".
    """

    title: str
    canonical: str = ""
    tags: tuple[Tag, ...] = ()
    alternates: tuple[Alternate, ...] = ()
    links: tuple[HeadLink, ...] = ()
    json_ld: SafeString | str = ""
    markdown: str = ""


def build_head(page: Page, crumbs: Sequence[Crumb], visible: VisiblePages, site_url: str) -> Head:
    """Return the head of `page`. Title, description and keywords come from META, unchanged.

    Without a title in META, the title is the page's name and the site's name. `site_url` is the site's scheme and host,
    without a trailing slash.
    """
    meta, site = page.meta, visible.library.site
    canonical = canonical_url(page, visible, site_url)
    title = meta.title or f"{page.name} | {site.name}"
    language = visible.language_of(page)
    others = [visible.language_of(each) for each in visible.versions_of(page.url) if each.url != page.url]
    tags = (
        *_tags(page, title, canonical, site.name, site_url, language),
        *(Tag("property", "og:locale:alternate", other.locale) for other in others if other.locale),
    )
    image = next((tag.content for tag in tags if tag.name == "og:image"), "")
    return Head(
        title,
        canonical,
        tags,
        alternates(page, visible, site_url),
        tuple(head_links(page, visible, site_url)),
        structured_data(page, crumbs, visible, site_url, image),
    )


def _tags(page: Page, title: str, canonical: str, site_name: str, site_url: str, language: Language) -> Iterator[Tag]:
    meta = page.meta
    named = {"description": meta.description, "keywords": meta.keywords, "robots": meta.robots}
    open_graph = {
        "og:type": "article" if meta.is_article else "website",
        "og:site_name": site_name,
        "og:locale": language.locale,
        "og:title": title,
        "og:description": meta.description,
        "og:url": canonical,
    }
    if meta.is_article:  # https://ogp.me/#type_article
        open_graph |= {
            "article:published_time": _iso(meta.date),
            "article:modified_time": _iso(meta.updated),
            "article:author": meta.author,
        }
    # X reads the title, description and image from the Open Graph tags
    # (https://developer.x.com/en/docs/x-for-websites/cards/guides/getting-started).
    twitter = {"twitter:card": "summary_large_image"}
    if meta.image:  # the type, size and alt text of a custom image are unknown
        open_graph["og:image"] = _absolute(meta.image, site_url)
    else:
        card = social_cards.card_of(page, site_name)
        open_graph["og:image"] = site_url + card.url
        open_graph |= {
            "og:image:type": "image/png",
            "og:image:width": str(card_canvas.WIDTH),
            "og:image:height": str(card_canvas.HEIGHT),
        }
        open_graph["og:image:alt"] = twitter["twitter:image:alt"] = card.alt
    for key, contents in (("name", named), ("property", open_graph), ("name", twitter)):
        yield from (Tag(key, name, content) for name, content in contents.items() if content)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _absolute(url: str, site_url: str) -> str:
    return site_url + url if url.startswith("/") else url
