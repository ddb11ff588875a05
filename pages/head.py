"""What stands in a page's `<head>`, as data that one template prints."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from .breadcrumbs import Crumb
from .content.document import Page
from .content.sections.faq import Faq
from .publish import cards

# As Django's json_script does: these characters could end the element or open a comment in it.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


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


def head_of(page: Page, crumbs: Sequence[Crumb], site_name: str, site_url: str) -> Head:
    """The head of `page`. Title, description and keywords are its META's, exactly; without a title, its name serves.

    `site_url` is the site's scheme and host, with no slash at the end.
    """
    meta = page.meta
    canonical = _absolute(meta.canonical or page.url, site_url)
    title = meta.title or f"{page.name} | {site_name}"
    return Head(
        title,
        canonical,
        tuple(_tags(page, title, canonical, site_name, site_url)),
        tuple(_json_ld(page, crumbs, site_url)),
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
        card = cards.card_of(page, site_name)
        graph["og:image"] = twitter["twitter:image"] = site_url + card.address
        graph |= {
            "og:image:type": "image/png",
            "og:image:width": str(cards.WIDTH),
            "og:image:height": str(cards.HEIGHT),
        }
        graph["og:image:alt"] = twitter["twitter:image:alt"] = card.alt
    for key, contents in (("name", named), ("property", graph), ("name", twitter)):
        yield from (Tag(key, name, content) for name, content in contents.items() if content)


def _absolute(address: str, site_url: str) -> str:
    return site_url + address if address.startswith("/") else address


def _json_ld(page: Page, crumbs: Sequence[Crumb], site_url: str) -> Iterator[SafeString]:
    listed = [(crumb.name, crumb.href or page.url) for crumb in crumbs if crumb.href or crumb is crumbs[-1]]
    if listed:
        yield _script(
            "BreadcrumbList",
            {
                "itemListElement": [
                    {"@type": "ListItem", "position": position, "name": name, "item": site_url + href}
                    for position, (name, href) in enumerate(listed, start=1)
                ]
            },
        )
    questions = [item for section in page.sections if isinstance(section, Faq) for item in section.items]
    if questions:
        yield _script(
            "FAQPage",
            {
                "mainEntity": [
                    {
                        "@type": "Question",
                        "name": item.question_text,
                        "acceptedAnswer": {"@type": "Answer", "text": item.answer_text},
                    }
                    for item in questions
                ]
            },
        )


def _script(kind: str, data: Mapping[str, Any]) -> SafeString:
    text = json.dumps(
        {"@context": "https://schema.org", "@type": kind, **data}, ensure_ascii=False, separators=(",", ":")
    )
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308  the three characters that matter are escaped
