"""Each rule of the audit reports a site that breaks the rule. The tests use a small site in memory."""

import json

import pytest

from pages.audit.fetched_site import UnreachableSite, fetch_site
from pages.audit.rules import RULES, check_site

from ...support.small_site import ORIGIN, SmallSite, page, png

HOME, PRICES = f"{ORIGIN}/", f"{ORIGIN}/prices"


def findings(small, *extra):
    found = check_site(fetch_site(small, ORIGIN, extra))
    return {rule.name: [finding.url for finding in each] for rule, each in found.items() if each}


def test_the_small_site_follows_all_rules():
    assert findings(SmallSite()) == {}


# Each case: a rule, the path of a page, the text to replace on this page, and the new text.
EDITS = [
    ("title", "/prices", "<title>Prices</title>", ""),
    ("title", "/prices", "<title>Prices</title>", "<title>Prices</title><title>Again</title>"),
    ("title", "/prices", "<title>Prices</title>", f"<title>{'long ' * 15}</title>"),
    ("title", "/prices", "<title>Prices", "<title>Home"),
    ("description", "/prices", 'name="description"', 'name="keywords"'),
    ("description", "/prices", "in as many words as search results show of it.", ""),
    ("description", "/prices", "about Prices says, in", "about Home says, in"),
    ("one-h1", "/prices", "<h1>Prices</h1>", "<h2>Prices</h2>"),
    ("one-h1", "/prices", "<h2>One</h2>", "<h1>One</h1>"),
    ("heading-order", "/prices", "<h2>One</h2>", ""),
    ("link-text", "/prices", ">our home page<", "> Read more → <"),
    ("link-text", "/prices", ">our home page<", "><b>Start</b><"),
    ("link-text", "/prices", ">our home page<", f">{HOME}<"),
    ("link-text", "/preise", ">our home page<", ">Mehr<"),
    ("link-text", "/prices", ">our home page<", '><img src="/card.png" alt="here"><'),
    ("alt-text", "/prices", 'alt="a card"', ""),
    ("language", "/prices", ' lang="en"', ""),
    ("language", "/prices", ' lang="en"', ' lang="english language"'),
    ("viewport", "/prices", 'name="viewport"', 'name="x"'),
    ("viewport", "/prices", "<!doctype html>", ""),
    ("canonical", "/prices", f'"canonical" href="{PRICES}"', f'"canonical" href="{HOME}"'),
    ("canonical", "/prices", f'"canonical" href="{PRICES}"', '"canonical" href="/prices"'),
    ("canonical", "/prices", '"canonical"', '"x"'),
    ("hreflang", "/prices", 'hreflang="en"', 'hreflang="de"'),
    ("hreflang", "/prices", 'hreflang="en"', 'hreflang="en_US"'),
    ("hreflang", "/preise", f'hreflang="en" href="{PRICES}"', 'hreflang="en" href="/gone"'),
    ("hreflang", "/prices", f'hreflang="en" href="{PRICES}"', f'hreflang="en" href="{HOME}"'),
    ("links", "/prices", 'href="/">', 'href="/dead">'),
    ("mixed-content", "/prices", 'src="/card.png"', 'src="http://site.example/card.png"'),
    ("mixed-content", "/prices", "</body>", '<form action="http://other.example/"></form></body>'),
    ("open-graph", "/prices", '"og:title"', '"og:x"'),
    ("open-graph", "/prices", f'"og:url" content="{PRICES}"', f'"og:url" content="{HOME}"'),
    ("open-graph", "/prices", f'content="{ORIGIN}/card.png"', 'content="/card.png"'),
    ("twitter-card", "/prices", '"twitter:card"', '"twitter:x"'),
    ("card-image", "/prices", 'content="1200"', 'content="1000"'),
    ("card-image", "/prices", f'content="{ORIGIN}/card.png"', f'content="{ORIGIN}/no.png"'),
    ("icons", "/", 'href="/touch.png"', 'href="/card.png"'),
    ("web-manifest", "/", '"manifest"', '"x"'),
    ("web-manifest", "/site.webmanifest", '"name"', '"x"'),
    ("web-manifest", "/site.webmanifest", "512x512", "256x256"),
    ("sitemap", "/sitemap.xml", "/preise", "/no"),
    ("sitemap", "/sitemap.xml", "/preise", "/prices"),
    ("sitemap", "/sitemap.xml", f"{ORIGIN}/preise", "https://other.example/"),
    ("sitemap", "/sitemap.xml", "</urlset>", ""),
    ("sitemap", "/sitemap.xml", '<?xml version="1.0"?>', '<!DOCTYPE x [<!ENTITY y "z">]>'),
    ("sitemap", "/preise", "</head>", '<meta name="robots" content="noindex"></head>'),
    ("lastmod", "/sitemap.xml", "2026-01-02", "2999-01-02"),
    ("lastmod", "/sitemap.xml", "2026-01-02", "2 January"),
    ("lastmod", "/sitemap.xml", "2026-01-02", "2026-13-02"),
    ("lastmod", "/prices", "</head>", '<meta property="article:modified_time" content="2026-02-01"></head>'),
    ("robots", "/robots.txt", "/private", "/prices"),
    ("robots", "/robots.txt", "Disallow: /private", "Disallow: /private\n\nUser-agent: Googlebot\nDisallow: /"),
    ("feeds", "/feed.xml", "<id>urn:1</id>", ""),
    ("feeds", "/feed.xml", "2026-01-02T00:00:00Z</updated><link href", "2 January</updated><link href"),
    ("feeds", "/feed.xml", f'rel="self" href="{ORIGIN}/feed.xml"', 'rel="self" href="/"'),
    ("feeds", "/feed.xml", "<author><name>Asha</name></author>", ""),
    ("feeds", "/feed.xml", "<id>urn:feed</id>", "<entry><id>urn:1</id></entry><id>urn:feed</id>"),
    ("feeds", "/feed.xml", "</feed>", ""),
    ("security-txt", "/.well-known/security.txt", "mailto:", ""),
    ("security-txt", "/.well-known/security.txt", "Expires", "X"),
    ("security-txt", "/.well-known/security.txt", "Expires: 2", "Expires: 3"),
    ("security-txt", "/.well-known/security.txt", "Contact", f"Canonical: {HOME}\nContact"),
]


@pytest.mark.parametrize(("rule", "path", "old", "new"), EDITS)
def test_an_edit_of_a_page_breaks_the_rule(rule, path, old, new):
    small = SmallSite()
    small.replace(path, old, new)
    assert rule in findings(small)


# Each case: a rule, and a change of the site that breaks this rule.
CHANGES = [
    ("links", lambda small: small.redirect("/prices", HOME)),
    ("redirects", lambda small: (small.redirect("/old", "/older"), small.redirect("/older", HOME))),
    ("redirects", lambda small: small.redirect("/old", "/no")),
    ("redirects", lambda small: small.redirect("/old", "/old")),
    ("errors", lambda small: small.put("/old", page("/old", "Gone"), status=410)),
    ("errors", lambda small: small.put("/old", "", status=500)),
    ("https", lambda small: small.put("http://site.example/", page("/", "Home"))),
    ("https", lambda small: small.redirect("http://site.example/", HOME, 302)),
    ("icons", lambda small: small.put("/favicon.ico", page("/", "Home"))),
    ("card-image", lambda small: small.put("/card.png", png(600, 600), "image/png")),
    ("card-image", lambda small: small.put("/card.png", b"not a picture", "image/png")),
    ("web-manifest", lambda small: small.put("/512.png", png(10, 10), "image/png")),
    ("web-manifest", lambda small: small.put("/site.webmanifest", "[]", "application/json")),
    ("robots", lambda small: small.put("/robots.txt", page("/", "Home"))),
    ("robots", lambda small: small.put("/robots.txt", "", "text/plain")),
    ("sitemap", lambda small: small.answers.pop(f"{ORIGIN}/sitemap.xml")),
    ("sitemap", lambda small: small.put("/preise", page("/preise", "Preise"), x_robots_tag="noindex")),
    ("security-txt", lambda small: small.answers.pop(f"{ORIGIN}/.well-known/security.txt")),
    ("feeds", lambda small: small.put("/feed.xml", "<rss><channel><item/></channel></rss>", "application/rss+xml")),
    ("feeds", lambda small: small.put("/feed.xml", page("/", "Home"))),
    ("headers", lambda small: small.put("/", page("/", "Home"), x_content_type_options="")),
    ("headers", lambda small: small.put("/", page("/", "Home"), content_security_policy="")),
    ("headers", lambda small: small.put("/", page("/", "Home"), strict_transport_security="max-age=60")),
    ("headers", lambda small: small.put("/", page("/", "Home", more=" " * 2_000), content_encoding="")),
]


@pytest.mark.parametrize(("rule", "change"), CHANGES)
def test_a_change_of_the_site_breaks_the_rule(rule, change):
    small = SmallSite()
    change(small)
    assert rule in findings(small, "/old")


def test_an_address_that_no_page_has_must_not_answer_with_a_page(monkeypatch):
    small = SmallSite()
    request = small.request
    small.request = lambda url: request(HOME) if "/prices" not in url and url not in small.answers else request(url)
    assert "errors" in findings(small)


def test_each_rule_has_a_case_a_source_and_a_test():
    assert {rule.name for rule in RULES} == {case[0] for case in (*EDITS, *CHANGES)}
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.source.startswith("https://") and rule.test.endswith(".") for rule in RULES)


def test_the_audit_stays_on_the_host_and_follows_robots_txt():
    small = SmallSite()
    small.replace("/", "</body>", '<a href="/private/x">x y</a><a href="https://other.example/">other</a></body>')
    fetch_site(small, ORIGIN)
    assert all("site.example" in url for url in small.requested)
    assert f"{ORIGIN}/private/x" not in small.requested
    assert len(small.requested) == len(set(small.requested))


def test_the_limit_ends_the_audit_and_the_report_says_so():
    small = SmallSite()
    site = fetch_site(small, ORIGIN, max_requests=5)
    assert not site.is_complete and len(small.requested) <= 6


def test_the_start_page_may_redirect_to_another_host():
    small = SmallSite()
    small.redirect("https://other.example/", HOME)
    assert fetch_site(small, "https://other.example").start == HOME


def test_a_start_page_that_is_no_page_cant_be_audited():
    small = SmallSite()
    with pytest.raises(UnreachableSite, match=r"/no can't be audited: 404"):
        fetch_site(small, f"{ORIGIN}/no")


def test_a_sitemap_index_is_followed():
    small = SmallSite()
    small.put("/map.xml", small.answers[f"{ORIGIN}/sitemap.xml"].body, "application/xml")
    locations = "".join(f"<sitemap><loc>{each}</loc></sitemap>" for each in (f"{ORIGIN}/map.xml", "file:///etc/x"))
    small.put("/sitemap.xml", f"<sitemapindex>{locations}</sitemapindex>", "application/xml")
    assert [entry.url for entry in fetch_site(small, ORIGIN).sitemap] == [HOME, PRICES, f"{ORIGIN}/preise"]


def test_the_icons_of_a_manifest_with_other_members_are_found():
    small = SmallSite()
    manifest = json.dumps({"icons": ["x", {"sizes": "any"}, {"src": 1}]})
    small.put("/site.webmanifest", manifest, "application/manifest+json")
    assert "web-manifest" in findings(small)
