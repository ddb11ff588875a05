"""Rules of robots.txt (RFC 9309)."""

import pytest

from pages.audit.robots_txt import parse_robots

SITE = "https://site.example"


@pytest.mark.parametrize(
    ("text", "path", "is_allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/files/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/files/a.pdf?x", True),
        ("User-agent: *\nDisallow: /a b", "/a%20b", False),
        ("User-agent: *\nDisallow: /%61", "/a", False),
        ("user-AGENT : bot # a comment\nDISALLOW: /a", "/a", False),
        ("User-agent: other\nUser-agent: Bot\nDisallow: /a", "/a", False),
        ("User-agent: other\nDisallow: /a", "/a", True),
        ("User-agent: bot\nDisallow: /b\n\nUser-agent: *\nDisallow: /a", "/a", True),
        ("User-agent: bot\nDisallow: /b\nUser-agent: bot\nDisallow: /a", "/b", False),
        ("User-agent: *\nDisallow: /a*b*$", "/a-b-c", False),
        ("User-agent: *\nDisallow: /*a*a$", "/a", True),
        ("User-agent: *\nDisallow: /a$", "/ab", True),
        ("User-agent: *\nDisallow: /" + "a*" * 50 + "b", "/" + "a" * 1_000, True),  # too slow as a regular expression
        ("Disallow: /a\nno rule\n\ufeffUser-agent: bot", "/a", True),
    ],
)
def test_the_longest_rule_of_the_crawlers_group_decides(text, path, is_allowed):
    assert parse_robots(text).allows("Bot", SITE + path) == is_allowed


def test_sitemaps_belong_to_no_group():
    robots = parse_robots("Sitemap: https://a.example/1.xml\nUser-agent: *\nSitemap: https://a.example/2.xml")
    assert robots.sitemaps == ("https://a.example/1.xml", "https://a.example/2.xml")
