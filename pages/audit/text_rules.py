"""Rules about a page's texts: title, description, headings, link texts, alt texts and language."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

from ..content.link_texts import is_generic
from ..content.markdown_checks import MAX_DESCRIPTION_LENGTH, MAX_TITLE_LENGTH, MIN_DESCRIPTION_LENGTH
from .absolute_urls import requested_url
from .fetched_site import FetchedSite
from .finding import Finding
from .html_parser import HtmlPage

# A language tag, such as “en”, “en-IN” or “zh-Hant-TW” (RFC 5646).
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?(?:-[a-z0-9]{4,8})*", re.IGNORECASE)

# Lighthouse also reports links whose text is a full URL.
_FULL_URL = re.compile(r"https?://\S+", re.IGNORECASE)


def check_titles(site: FetchedSite) -> Iterator[Finding]:
    for url, page in site.indexable.items():
        if len(page.titles) != 1 or not page.title:
            yield Finding(url, f"The page has {len(page.titles)} titles.", "Write one title element with text.")
        elif len(page.title) > MAX_TITLE_LENGTH:
            message = f"The title has {len(page.title)} characters."
            yield Finding(url, message, f"Shorten the title to {MAX_TITLE_LENGTH} characters.")
    yield from _repeated(site, lambda page: page.title, "title")


def check_descriptions(site: FetchedSite) -> Iterator[Finding]:
    for url, page in site.indexable.items():
        descriptions = page.all_meta("description")
        length = len(descriptions[0]) if descriptions else 0
        help = f"Write one description of {MIN_DESCRIPTION_LENGTH} to {MAX_DESCRIPTION_LENGTH} characters."
        if not descriptions and page.links_with("prev"):
            continue  # page 2 and later of a list would only repeat the first page's description
        if len(descriptions) != 1:
            yield Finding(url, f"The page has {len(descriptions)} descriptions.", help)
        elif not MIN_DESCRIPTION_LENGTH <= length <= MAX_DESCRIPTION_LENGTH:
            yield Finding(url, f"The description has {length} characters.", help)
    yield from _repeated(site, lambda page: page.meta("description"), "description")


def _repeated(site: FetchedSite, text_of: Callable[[HtmlPage], str], what: str) -> Iterator[Finding]:
    urls: dict[str, list[str]] = defaultdict(list)
    for url, page in site.indexable.items():
        urls[text_of(page)].append(url)
    for text, same in urls.items():
        for url in same[1:] if text else ():
            yield Finding(url, f"{same[0]} has the same {what}.", f"Give each page a {what} of its own.")


def check_h1(site: FetchedSite) -> Iterator[Finding]:
    for url, page in site.all_pages.items():
        texts = [text for level, text in page.headings if level == 1]
        if len(texts) != 1 or not texts[0]:
            yield Finding(url, f"The page has {len(texts)} h1 headings.", "Write one h1 heading with text.")


def check_heading_order(site: FetchedSite) -> Iterator[Finding]:
    for url, page in site.all_pages.items():
        for (before, _), (level, text) in pairwise(page.headings):
            if level > before + 1:
                message = f"The heading “{text}” is an h{level} after an h{before}."
                yield Finding(url, message, f"Make it an h{before + 1}.")


def check_link_texts(site: FetchedSite) -> Iterator[Finding]:
    for url, page in site.all_pages.items():
        for anchor in page.anchors:
            target = requested_url(url, anchor.href)
            is_judged = target.startswith("http") and target != url and "nofollow" not in anchor.rel.lower().split()
            if is_judged and (is_generic(anchor.text, page.language or "") or _FULL_URL.fullmatch(anchor.text.strip())):
                message = f"The link text “{anchor.text}” doesn't say where the link to {anchor.href} leads."
                yield Finding(url, message, "Name the target in the link text.")


def check_alt_texts(site: FetchedSite) -> Iterator[Finding]:
    for url, page in site.all_pages.items():
        for image in page.images:
            if "alt" not in image and image.get("role") not in ("presentation", "none"):
                message = f"The image {image.get('src', '')} has no alt attribute."
                yield Finding(url, message, 'Describe the image. If it is only decoration, write alt="".')


def check_language(site: FetchedSite) -> Iterator[Finding]:
    for url, page in site.all_pages.items():
        if not LANGUAGE.fullmatch(page.language or ""):
            message = f"The html element has lang=“{page.language}”." if page.language else "No lang attribute."
            yield Finding(url, message, 'Write the page\'s language, such as <html lang="en">.')


def check_viewport(site: FetchedSite) -> Iterator[Finding]:
    for url, page in site.all_pages.items():
        if "width" not in page.meta("viewport") or not page.has_doctype:
            help = 'Begin with <!doctype html>, and write <meta name="viewport" content="width=device-width">.'
            message = "The page has no doctype or no viewport, so phones show it like a page for old computers."
            yield Finding(url, message, help)
