"""The audit of a site whose pages and files are malformed. It must end with a report, not with an exception."""

import re

import pytest

from pages.audit.fetched_site import UnreachableSite, fetch_site
from pages.audit.rules import check_site

from ...support.small_site import ORIGIN, SmallSite, page

INVALID = "https://["
HEADS = [
    f'<{tag} href="{INVALID}">'
    for tag in (
        "a",
        'link rel="canonical"',
        'link rel="icon"',
        'link rel="apple-touch-icon"',
        'link rel="manifest"',
        'link rel="alternate" hreflang="hi"',
        'link rel="alternate" type="application/rss+xml"',
    )
]
HEADS += [
    '<link rel="apple-touch-icon">',
    '<link rel="icon" href="/icon.svg#part">',
    f'<form action="{INVALID}">',
    f'<img alt="" src="{INVALID}">',
    f'<meta property="og:image" content="{INVALID}">',
    "<![x]>",
    "<![]]>",
]
MANIFESTS = [
    "[" * 100_000,
    '{"icons": 1}',
    '{"icons": [{"src": "/192.png", "sizes": [192]}]}',
    f'{{"icons": [{{"src": "{INVALID}"}}]}}',
    r'{"icons": [{"src": "/\ud800", "sizes": "192x192"}]}',
]
RSS = "<rss><channel><item><title>x</title><pubDate>{}</pubDate></item></channel></rss>"


def findings(small):
    """Audit the site, and return the findings of each rule."""
    found = check_site(fetch_site(small, ORIGIN))
    return {rule.name: [finding.message for finding in each] for rule, each in found.items() if each}


@pytest.mark.parametrize("head", HEADS)
def test_a_malformed_page_is_audited(head):
    small = SmallSite()
    for path in ("/", "/prices"):
        small.replace(path, "<title>", f"{head}<title>")
    findings(small)


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_a_malformed_manifest_is_a_finding(manifest):
    small = SmallSite()
    small.put("/site.webmanifest", manifest, "application/manifest+json")
    assert "web-manifest" in findings(small)


@pytest.mark.parametrize("time", ["x", "Sun, 29 Nov 2026 12:00:00 +99999999999999999999"])
def test_a_malformed_time_in_a_feed_is_a_finding(time):
    small = SmallSite()
    small.put("/feed.xml", RSS.format(time), "application/rss+xml")
    assert f"“{time}” is not a time such as Sun, 29 Nov 2026 12:00:00 GMT." in findings(small)["feeds"]


@pytest.mark.parametrize("address", [INVALID, f"{ORIGIN}/prices#part"])
def test_any_address_in_a_sitemap_is_audited(address):
    small = SmallSite()
    for text in ("<urlset><url><loc>{}</loc></url></urlset>", "<sitemapindex><s><loc>{}</loc></s></sitemapindex>"):
        small.put("/sitemap.xml", text.format(address), "application/xml")
        findings(small)
    small.put("/robots.txt", f"Sitemap: {address}", "text/plain")
    assert findings(small)["sitemap"]


def test_links_and_redirects_to_invalid_addresses_are_findings():
    small = SmallSite()
    small.replace("/prices", "<h2>", f'<a href="{INVALID}">not an address</a><a href="/old">the old address</a><h2>')
    small.redirect("/old", INVALID)
    found = findings(small)
    assert f"The link “{INVALID}” is not a valid URL." in found["links"]
    assert f"The address redirects to “{INVALID}”, which is not a valid URL." in found["redirects"]


def test_a_redirect_to_a_part_of_a_page_is_followed():
    small = SmallSite()
    small.replace("/prices", "<h2>", '<a href="/old">the old address</a><h2>')
    small.redirect("/old", "/new#part")
    assert any("/new#part, which answers with 404" in message for message in findings(small)["redirects"])


def test_a_start_address_may_have_a_fragment_and_a_query():
    small = SmallSite()
    small.put("/?a=b", page("/", "Home"))
    assert fetch_site(small, f"{ORIGIN}?a=b#part").start == f"{ORIGIN}/?a=b"


@pytest.mark.parametrize(
    ("start", "extra", "reason"),
    [
        (INVALID, [], f"“{INVALID}” is not a valid URL"),
        (ORIGIN, [INVALID], f"“{INVALID}” is not a valid URL"),
        (f"{ORIGIN}/icon.svg", [], "its type is “image/svg+xml”, not “text/html”"),
        (f"{ORIGIN}/site.webmanifest", [], "its type is “application/manifest+json”, not “text/html”"),
        (f"{ORIGIN}/old", [], "/old can't be audited: 301"),
    ],
)
def test_what_cant_be_audited_is_named(start, extra, reason):
    small = SmallSite()
    small.redirect("/old", INVALID)
    with pytest.raises(UnreachableSite, match=re.escape(reason)):
        fetch_site(small, start, extra)


def test_an_icon_may_state_several_sizes():
    small = SmallSite()
    icons = '[{"src": "/192.png", "sizes": "48X48 192X192"}, {"src": "/512.png", "sizes": "any 512x512"}]'
    manifest = f'{{"name": "Site", "start_url": "/", "display": "browser", "icons": {icons}}}'
    small.put("/site.webmanifest", manifest, "application/manifest+json")
    assert findings(small) == {}
