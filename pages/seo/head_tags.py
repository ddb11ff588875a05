"""What stands in a page's `<head>`, as data that one template prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from ..content.document import Page
from ..content.site_settings import SiteSettings
from ..media import social_cards
from .breadcrumbs import Crumb
from .structured_data import structured_data


@dataclass(frozen=True)
class Tag:
    """`<meta key="name" content="content">`; `key` is `name`, or `property` for Open Graph."""

    key: str
    name: str
    content: str


@dataclass(frozen=True)
class Head:
    """`json_ld` holds structured data (https://schema.org) as text that is safe inside a script element."""

    title: str
    canonical: str = ""
    tags: tuple[Tag, ...] = ()
    json_ld: tuple[SafeString, ...] = ()


def build_head(page: Page, crumbs: Sequence[Crumb], site: SiteSettings, site_url: str) -> Head:
    """The head of `page`. Title, description and keywords are its META's, exactly; without a title, its name serves.

    `site_url` is the site's scheme and host, with no slash at the end.
    """
    meta = page.meta
    canonical = _absolute(meta.canonical or page.url, site_url)
    title = meta.title or f"{page.name} | {site.name}"
    return Head(
        title,
        canonical,
        tuple(_tags(page, title, canonical, site.name, site_url)),
        tuple(structured_data(page, crumbs, site, site_url)),
    )


def _tags(page: Page, title: str, canonical: str, site_name: str, site_url: str) -> Iterator[Tag]:
    meta = page.meta
    named = {"description": meta.description, "keywords": meta.keywords, "robots": meta.robots}
    graph = {
        "og:type": "website",
        "og:site_name": site_name,
        "og:locale": "en_US",
        "og:title": title,
        "og:description": meta.description,
        "og:url": canonical,
    }
    twitter = {
        "twitter:card": "summary_large_image",
        "twitter:title": title,
        "twitter:description": meta.description,
    }
    if meta.image:  # of another's picture nothing is known but where it is
        graph["og:image"] = twitter["twitter:image"] = _absolute(meta.image, site_url)
    else:
        card = social_cards.card_of(page, site_name)
        graph["og:image"] = twitter["twitter:image"] = site_url + card.url
        graph |= {
            "og:image:type": "image/png",
            "og:image:width": str(social_cards.WIDTH),
            "og:image:height": str(social_cards.HEIGHT),
        }
        graph["og:image:alt"] = twitter["twitter:image:alt"] = card.alt
    for key, contents in (("name", named), ("property", graph), ("name", twitter)):
        yield from (Tag(key, name, content) for name, content in contents.items() if content)


def _absolute(address: str, site_url: str) -> str:
    return site_url + address if address.startswith("/") else address
