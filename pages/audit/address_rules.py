"""Rules about a site's addresses: canonical links, language versions, redirects, errors and HTTPS."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from .absolute_urls import absolute_url, requested_url
from .fetched_site import FetchedSite
from .finding import Finding
from .text_rules import LANGUAGE

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def check_canonicals(site: FetchedSite) -> Iterator[Finding]:
    listed = {entry.url for entry in site.sitemap}
    for url, page in site.pages.items():
        links = page.links_with("canonical")
        href = links[0].get("href", "") if links else ""
        if len(links) > 1:
            yield Finding(url, f"The page has {len(links)} canonical links.", "Keep one of them.")
        elif not links and site.is_indexable(url):
            yield Finding(url, "The page has no canonical link.", f'Write <link rel="canonical" href="{url}">.')
        elif links and not href.startswith(("http://", "https://")):
            yield Finding(url, f"The canonical link “{href}” is not an absolute URL.", "Write the whole URL.")
        elif links and href != url and url in listed:
            message = f"The canonical link leads to {href}, but the sitemap lists this page."
            yield Finding(url, message, "Link to the page's own address, or take the page out of the sitemap.")
        elif links and href in site.answers and site.answers[href].status != 200:
            message = f"The canonical link leads to {href}, which answers with {site.answers[href].what}."
            yield Finding(url, message, "Link to an address that answers with 200.")


def check_hreflang(site: FetchedSite) -> Iterator[Finding]:
    versions = {
        url: [(code, requested_url(url, link.get("href", ""))) for link in page.links if (code := link.get("hreflang"))]
        for url, page in site.pages.items()
    }
    for url, links in versions.items():
        targets = [target for _, target in links]
        codes = [code.lower() for code, _ in links]
        if links and url not in targets and site.is_canonical(url):
            yield Finding(url, "The hreflang links leave out the page itself.", "Let the page link to itself, too.")
        for code in {code for code in codes if codes.count(code) > 1}:
            yield Finding(url, f"Several hreflang links have the language “{code}”.", "Keep one of them.")
        for code, target in links:
            if code.lower() != "x-default" and not LANGUAGE.fullmatch(code):
                yield Finding(url, f"hreflang=“{code}” is no language.", "Write a code such as en, hi or en-IN.")
            elif target in site.answers and site.answers[target].status != 200:
                message = f"The hreflang link {target} answers with {site.answers[target].what}."
                yield Finding(url, message, "Link to an address that answers with 200.")
            elif target in versions and url not in [back for _, back in versions[target]]:
                message = f"{target} is a version of this page, but has no hreflang link back."
                yield Finding(url, message, f"Add a hreflang link to {url} on that page.")


def check_links(site: FetchedSite) -> Iterator[Finding]:
    for url, page in site.all_pages.items():
        for anchor in page.anchors:
            if not absolute_url(url, anchor.href):
                yield Finding(url, f"The link “{anchor.href}” is not a valid URL.", "Correct or remove the link.")
    for target, source in site.linked.items():
        answer = site.answers.get(target)
        if answer and answer.is_redirect:
            message = f"A link leads to {target}, which redirects to {answer.target}."
            yield Finding(source, message, "Link to the last address.")
        elif answer and answer.status != 200:
            message = f"A link leads to {target}, which answers with {answer.what}."
            yield Finding(source, message, "Correct or remove the link.")


def check_redirects(site: FetchedSite) -> Iterator[Finding]:
    for url, answer in site.answers.items():
        if not answer.is_redirect:
            continue
        if not answer.target:
            message = f"The address redirects to “{answer.headers['location']}”, which is not a valid URL."
            yield Finding(url, message, "Redirect to a page, or answer with 404 or 410.")
            continue
        target = site.answers.get(requested_url(url, answer.target))
        if target and target.is_redirect:
            message = f"The address redirects to {answer.target}, which redirects to {target.target}."
            yield Finding(url, message, f"Redirect straight to {target.target}.")
        elif (target and target.status >= 400) or requested_url(url, answer.target) == url:
            what = target.what if target else "the same redirect"
            message = f"The address redirects to {answer.target}, which answers with {what}."
            yield Finding(url, message, "Redirect to a page, or answer with 404 or 410.")


def check_errors(site: FetchedSite) -> Iterator[Finding]:
    missing = site.answers.get(site.missing)
    if missing and missing.status not in (404, 410):
        message = f"A random address, which has no page, answers with {missing.what}."
        yield Finding(site.missing, message, "Answer with 404.")
    for url in dict.fromkeys(site.extra):
        if url in site.answers and site.answers[url].status == 404:
            help = "Redirect the address to a page, or answer with 410 if the page is gone for good."
            yield Finding(url, "The address given to the command answers with 404.", help)
    for url, answer in site.answers.items():
        if answer.status in (404, 410) and url in site.all_pages and site.is_indexable(url):
            message = f"The error page ({answer.status}) has no noindex."
            yield Finding(url, message, 'Write <meta name="robots" content="noindex"> or the header X-Robots-Tag.')
        elif answer.status >= 500:
            yield Finding(url, f"The address answers with {answer.status}.", "Look for the error in the site's log.")


def check_https(site: FetchedSite) -> Iterator[Finding]:
    if not site.is_secure:
        if urlsplit(site.origin).hostname not in _LOOPBACK:
            yield Finding(site.start, "The site doesn't use HTTPS.", "Get a certificate, and redirect from HTTP.")
        return
    plain = site.start.replace("https://", "http://", 1)
    answer = site.answers.get(plain)
    if answer and not (answer.status in (301, 308) and answer.target == site.start):
        target = f", which leads to {answer.target}" if answer.is_redirect else ""
        yield Finding(plain, f"The address answers with {answer.what}{target}.", f"Answer with 301 to {site.start}.")


def check_mixed_content(site: FetchedSite) -> Iterator[Finding]:
    for url, page in site.all_pages.items() if site.is_secure else ():
        for written in (*page.loaded, *page.form_actions):
            if absolute_url(url, written).startswith("http://"):
                yield Finding(url, f"The page loads or submits to {written} without HTTPS.", "Write https://.")
