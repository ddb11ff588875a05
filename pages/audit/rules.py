"""The table of rules that the audit checks on a running site, with the source of each rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from . import address_rules, card_rules, feed_rules, file_rules, text_rules
from .fetched_site import FetchedSite
from .finding import Finding

_LIGHTHOUSE = "https://developer.chrome.com/docs/lighthouse"
_GOOGLE = "https://developers.google.com/search/docs"
_WCAG = "https://www.w3.org/WAI/WCAG22/Understanding"


@dataclass(frozen=True)
class Rule:
    """A rule of the web. `source` is the page that states it. `test` says how the audit tests it."""

    name: str
    source: str
    test: str
    check: Callable[[FetchedSite], Iterable[Finding]]


RULES = (
    Rule(
        "title",
        f"{_GOOGLE}/appearance/title-link",
        "Each page that search engines may list has one title, which is short and unique.",
        text_rules.check_titles,
    ),
    Rule(
        "description",
        f"{_GOOGLE}/appearance/snippet",
        "Each page that search engines may list has one unique description of a usual length. Later pages of a list "
        "may have no description.",
        text_rules.check_descriptions,
    ),
    Rule(
        "one-h1",
        "https://html.spec.whatwg.org/multipage/sections.html#headings-and-outlines",
        "Each page, error pages included, has one h1 with text.",
        text_rules.check_h1,
    ),
    Rule(
        "heading-order",
        "https://dequeuniversity.com/rules/axe/4.10/heading-order",
        "No heading is more than one level below the heading before it.",
        text_rules.check_heading_order,
    ),
    Rule(
        "link-text",
        f"{_LIGHTHOUSE}/seo/link-text",
        "No link's text is a full URL, or a general phrase that Lighthouse reports, such as “more” or “start”.",
        text_rules.check_link_texts,
    ),
    Rule(
        "alt-text",
        f"{_WCAG}/non-text-content",
        "Each image has an alt attribute.",
        text_rules.check_alt_texts,
    ),
    Rule(
        "language",
        f"{_WCAG}/language-of-page",
        "Each html element has a lang attribute with a language tag.",
        text_rules.check_language,
    ),
    Rule(
        "viewport",
        f"{_LIGHTHOUSE}/pwa/viewport",
        "Each page has a doctype and a viewport for phones.",
        text_rules.check_viewport,
    ),
    Rule(
        "canonical",
        f"{_GOOGLE}/crawling-indexing/consolidate-duplicate-urls",
        "Each page has one canonical link, with the absolute URL of a page. A page in the sitemap links to itself.",
        address_rules.check_canonicals,
    ),
    Rule(
        "hreflang",
        f"{_GOOGLE}/specialty/international/localized-versions",
        "The language versions of a page link to themselves and to each other, with valid language codes.",
        address_rules.check_hreflang,
    ),
    Rule(
        "links",
        f"{_GOOGLE}/crawling-indexing/links-crawlable",
        "Each link inside the site leads to an answer with 200, without a redirect.",
        address_rules.check_links,
    ),
    Rule(
        "redirects",
        f"{_GOOGLE}/crawling-indexing/301-redirects",
        "Each redirect leads in one hop to an answer that is neither a redirect nor an error.",
        address_rules.check_redirects,
    ),
    Rule(
        "errors",
        f"{_GOOGLE}/crawling-indexing/http-network-errors",
        "A random address answers with 404. No address given to the command answers with 404. "
        "Pages with 404 and 410 have noindex. No answer has a status above 499.",
        address_rules.check_errors,
    ),
    Rule(
        "https",
        f"{_LIGHTHOUSE}/pwa/redirects-http",
        "The start page's http:// address redirects to its https:// address for good (301 or 308).",
        address_rules.check_https,
    ),
    Rule(
        "mixed-content",
        "https://www.w3.org/TR/mixed-content/",
        "No page with https:// loads a file, or sends a form, with http://.",
        address_rules.check_mixed_content,
    ),
    Rule(
        "open-graph",
        "https://ogp.me/#metadata",
        "Each page that search engines may list has the required og: tags, with absolute URLs and its description.",
        card_rules.check_open_graph,
    ),
    Rule(
        "twitter-card",
        "https://developer.x.com/en/docs/x-for-websites/cards/overview/markup",
        "Each page has twitter:card. Its title, image and description are each in a twitter: tag or an og: tag.",
        card_rules.check_twitter,
    ),
    Rule(
        "card-image",
        "https://developers.facebook.com/docs/sharing/webmasters/images/",
        "og:image answers with an image of at most 5 MB, with the stated size and a ratio of about 1.91 to 1.",
        card_rules.check_card_images,
    ),
    Rule(
        "icons",
        f"{_GOOGLE}/appearance/favicon-in-search",
        "The icons are images. One is an SVG or has at least 48 pixels, and one is for phones (180 pixels).",
        card_rules.check_icons,
    ),
    Rule(
        "web-manifest",
        "https://www.w3.org/TR/appmanifest/",
        "The start page's web manifest has a name, a start URL, a display mode, and icons of 192 and 512 pixels.",
        card_rules.check_manifest,
    ),
    Rule(
        "sitemap",
        "https://www.sitemaps.org/protocol.html",
        "The sitemap lists each page once. The pages are on this site, answer with 200 and have no noindex.",
        file_rules.check_sitemap,
    ),
    Rule(
        "lastmod",
        f"{_GOOGLE}/crawling-indexing/sitemaps/build-sitemap",
        "Each lastmod is a date, isn't in the future, and isn't before the day that the page states.",
        file_rules.check_lastmod,
    ),
    Rule(
        "robots",
        "https://www.rfc-editor.org/rfc/rfc9309",
        "robots.txt is plain text, names the sitemap, and lets search engines read all pages in the sitemap.",
        file_rules.check_robots,
    ),
    Rule(
        "feeds",
        "https://validator.w3.org/feed/docs/",
        "Each linked feed has the elements that Atom or RSS 2.0 require, with valid times and unique ids.",
        feed_rules.check_feeds,
    ),
    Rule(
        "security-txt",
        "https://www.rfc-editor.org/rfc/rfc9116",
        "security.txt has a contact and exactly one expiry time, which is within the next year.",
        file_rules.check_security_txt,
    ),
    Rule(
        "headers",
        "https://owasp.org/www-project-secure-headers/",
        "Each page has a charset, compression, and headers that restrict what browsers do. Pages that search "
        "engines may list and caches may store also have an ETag or a date.",
        file_rules.check_headers,
    ),
)


def check_site(site: FetchedSite) -> dict[Rule, list[Finding]]:
    """Return the findings of each rule."""
    return {rule: list(rule.check(site)) for rule in RULES}
