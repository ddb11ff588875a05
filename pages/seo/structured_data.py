"""Structured data for search engines and assistants (https://schema.org), as one JSON-LD graph for each page.

The items of a graph refer to each other by `@id`, and each `@id` is the same on all pages. A graph has each item that
it refers to. A graph says nothing that visitors can't read on the page.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from ..content import hub_paths
from ..content.document import Page
from ..content.sections.faq import Faq
from ..repository.visible_pages import VisiblePages
from .breadcrumbs import Crumb
from .offers import offers_on
from .organization_data import contact_details, stated_facts

# Django's json_script escapes these characters too. These characters could close the script element or open a comment.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}

Data = dict[str, Any]


def structured_data(
    page: Page, crumbs: Sequence[Crumb], visible: VisiblePages, site_url: str, image: str
) -> SafeString:
    """Return the structured data of `page` as JSON-LD, escaped for a script element.

    `image` is the URL of the page's image for shared links. There are no ratings, because there are no reviews.
    """
    items = list(_Graph(page, crumbs, visible, site_url, image).items())
    data = {"@context": "https://schema.org", "@graph": items}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308  escaped for a script element


class _Graph:
    """The items about one page."""

    def __init__(self, page: Page, crumbs: Sequence[Crumb], visible: VisiblePages, site_url: str, image: str) -> None:
        self.page, self.visible, self.site_url, self.image = page, visible, site_url, image
        self.site, self.words = visible.library.site, visible.words_for(page)
        self.home = f"{site_url}/"
        self.url = site_url + page.url
        self.organization, self.website, self.software = (f"{self.home}#{name}" for name in ("org", "site", "app"))
        self.links = [(crumb.name, crumb.href or page.url) for crumb in crumbs if crumb.href or crumb is crumbs[-1]]
        self.questions = list(_questions(page))
        self.offers = offers_on(page, self.site, self.words)

    def items(self) -> Iterator[Data]:
        yield self._web_page()
        yield self._organization()
        yield self._website()
        if self.links:
            yield self._breadcrumbs()
        if self.page.meta.is_article:
            yield self._article()
        if listed := self._listed_pages():
            yield self._list(listed)
        if self.offers:
            yield self._software()

    def _organization(self) -> Data:
        """Return the data about the organization. Only the home page's data includes the contact details."""
        item = {"@type": "Organization", "@id": self.organization, "name": self.site.name, "url": self.home}
        details = contact_details(self.site, self.words, self.site_url) if self.page.url == "/" else {}
        return item | details | stated_facts(self.site, self.page)

    def _website(self) -> Data:
        """Return the data about the website. On the home page, the data includes the site's search."""
        item = {
            "@type": "WebSite",
            "@id": self.website,
            "name": self.site.name,
            "url": self.home,
            "publisher": {"@id": self.organization},
        }
        if self.page.url == "/":
            search = {"@type": "SearchAction", "target": f"{self.home}search?q={{q}}", "query-input": "required name=q"}
            item["potentialAction"] = search
        return item

    def _web_page(self) -> Data:
        """Return the data about the page. A page with common questions is an FAQPage, which is a kind of WebPage."""
        return _without_empty(
            {
                "@type": "FAQPage" if self.questions else "WebPage",
                "@id": self.url,
                "name": self.site.name if self.page.url == "/" else self.page.name,
                "url": self.url,
                "inLanguage": self.page.meta.language,
                "isPartOf": {"@id": self.website},
                "breadcrumb": {"@id": f"{self.url}#path"} if self.links else {},
                "translationOfWork": self._original(),
                "mainEntity": self.questions,
            }
        )

    def _original(self) -> Data:
        """Return the data about the page from which this page was translated, or an empty dict."""
        original = self.visible.page(self.page.meta.translation_of) if self.page.meta.translation_of else None
        if original is None:
            return {}
        url = self.site_url + original.url
        return {"@type": "WebPage", "@id": url, "name": original.name, "url": url}

    def _breadcrumbs(self) -> Data:
        items = [
            {"@type": "ListItem", "position": position, "name": name, "item": self.site_url + href}
            for position, (name, href) in enumerate(self.links, start=1)
        ]
        return {"@type": "BreadcrumbList", "@id": f"{self.url}#path", "itemListElement": items}

    def _article(self) -> Data:
        """Return the article (https://developers.google.com/search/docs/appearance/structured-data/article)."""
        page, meta = self.page, self.page.meta
        author = {"@type": "Organization" if meta.author == self.site.organization.parent else "Person"}
        publisher = {"@id": self.organization}
        return _without_empty(
            {
                "@type": "Article",
                "@id": f"{self.url}#article",
                "headline": page.hero.headline_text if page.hero else page.name,
                "description": meta.description,
                "image": self.image,
                "datePublished": meta.date.isoformat() if meta.date else "",
                "dateModified": day.isoformat() if (day := meta.updated or meta.date) else "",
                "author": publisher if meta.author == self.site.name else author | {"name": meta.author},
                "publisher": publisher,
                "mainEntityOfPage": {"@id": self.url},
            }
        )

    def _listed_pages(self) -> list[tuple[str, Page]]:
        """Return the pages that a hub lists, with their names. Page 2 and later of the list have only articles."""
        path = hub_paths.parse(self.page.url)
        url, number = (path.hub, path.number) if path else (self.page.url, 1)
        hub = self.visible.page(url)
        if hub is None or url not in self.page.listed_urls:
            return []
        others = self.visible.others_under(url) if number == 1 else []
        return [(page.short_name(hub), page) for page in (*self.visible.article_list(url, number).pages, *others)]

    def _list(self, listed: Sequence[tuple[str, Page]]) -> Data:
        """Return the data about the list of pages under a hub.

        The list is marked as unordered, because the hub may show the pages in a different order.
        """
        items = [
            {"@type": "ListItem", "position": position, "name": name, "url": self.site_url + page.url}
            for position, (name, page) in enumerate(listed, start=1)
        ]
        return {
            "@type": "ItemList",
            "@id": f"{self.url}#list",
            "itemListOrder": "https://schema.org/ItemListUnordered",
            "itemListElement": items,
            "mainEntityOfPage": {"@id": self.url},
        }

    def _software(self) -> Data:
        return _without_empty(
            {
                "@type": "SoftwareApplication",
                "@id": self.software,
                "name": self.site.name,
                "applicationCategory": "BusinessApplication",
                "operatingSystem": "Web",
                "publisher": {"@id": self.organization},
                "offers": self.offers,
            }
        )


def _questions(page: Page) -> Iterator[Data]:
    for section in page.sections:
        for item in section.items if isinstance(section, Faq) else ():
            answer = {"@type": "Answer", "text": item.answer_text}
            yield {"@type": "Question", "name": item.question_text, "acceptedAnswer": answer}


def _without_empty(data: Data) -> Data:
    return {key: value for key, value in data.items() if value}
