"""`_headers`, `_redirects`, and the limits of Netlify and Cloudflare Pages."""

import pytest

from pages.export import host_files
from pages.export.host_files import exceeded_limits, headers_text, redirects_text
from pages.export.published_site import ExportedFile, Rule

HTML = ("content-type", "text/html; charset=utf-8")


def page(path, *headers, size=1, status=200):
    return ExportedFile(path, f"{path[1:]}.html", (HTML, ("x-all", "1"), *headers), {"identity": size}, status=status)


def limits(files=(), rules=()):
    return list(exceeded_limits(files, rules, headers_text(files), redirects_text(rules)))


def test_shared_headers_come_first_and_once():
    files = [page("/a", ("vary", "Accept")), page("/b", ("link", "<b>")), page("/_gone/c", ("link", "<c>"), status=410)]
    assert headers_text(files) == "/*\n  X-All: 1\n/b\n  Link: <b>\n"


def test_the_files_of_a_folder_share_a_rule_if_they_have_the_same_headers():
    same, other = ("cache-control", "1"), ("cache-control", "2")
    files = [page("/a/1", same), page("/a/2", same), page("/b/1", same), page("/b/2", other)]
    assert headers_text(files).count("/a/") == 1 and "/a/*\n  Cache-Control: 1\n" in headers_text(files)
    assert "/b/1\n" in headers_text(files) and "/b/2\n" in headers_text(files)
    assert "/a/*" not in headers_text([*files, page("/a", other)])  # `/a/*` would match `/a`, too


def test_a_content_type_that_hosts_do_not_guess_is_named():
    feed = ExportedFile("/feed", "feed", (("content-type", "application/atom+xml"),), {"identity": 1})
    assert headers_text([page("/a"), feed]) == "/a\n  X-All: 1\n/feed\n  Content-Type: application/atom+xml\n"


def test_redirects_for_queries_come_first_and_those_for_prefixes_last():
    rules = [
        Rule("/old", 301, "/hire", is_prefix=True),
        Rule("/old/long", 301, "/x/:splat", is_prefix=True),
        Rule("/é", 301, "/new#top"),
        Rule("/gone", 410, "_gone/gone.html"),
        Rule("/", 301, "/pricing", query=frozenset({"p=12", "a=b c"})),
        Rule("/bank", 302, "https://forms.example/bank", parameter="role"),
    ]
    assert redirects_text(rules).splitlines() == [
        "/bank role=:value https://forms.example/bank?role=:value 302!",
        "/ a=b%20c p=12 /pricing 301!",
        "/gone /_gone/gone.html 410",
        "/%C3%A9 /new#top 301",
        "/old/long/* /x/:splat 301",
        "/old/* /hire 301",
    ]


def test_a_small_site_exceeds_no_limit():
    assert limits([page("/a"), page("/b")], [Rule("/old", 301, "/a")]) == []


@pytest.mark.parametrize(
    ("limit", "value", "files", "rules", "message"),
    [
        ("MAX_FILES", 3, [page("/a"), page("/b")], [], "Cloudflare Pages: 4 files, with their compressed versions."),
        (
            "MAX_FILE_BYTES",
            9,
            [page("/a", size=10)],
            [],
            "Cloudflare Pages: a.html has 10 bytes. The limit is 9 bytes.",
        ),
        (
            "MAX_HEADER_RULES",
            2,
            [page("/a", ("a", "1")), page("/b", ("a", "2"))],
            [],
            "3 header rules. The limit is 2.",
        ),
        ("MAX_HEADER_LINE", 12, [page("/a", ("link", "12345"))], [], "a line of _headers has 13 characters"),
        ("MAX_STATIC_REDIRECTS", 0, [], [Rule("/a", 301, "/b")], "1 static redirects. The limit is 0."),
        ("MAX_DYNAMIC_REDIRECTS", 0, [], [Rule("/a", 301, "/b", is_prefix=True)], "1 redirects with a prefix."),
        ("MAX_REDIRECT_LINE", 9, [], [Rule("/a", 301, "/b12345")], "a line of _redirects has 14 characters"),
        ("MAX_NETLIFY_REDIRECTS", 0, [], [Rule("/a", 301, "/b")], "Netlify: 1 redirects. The limit is 0."),
    ],
)
def test_an_exceeded_limit_is_named_with_its_number(monkeypatch, limit, value, files, rules, message):
    monkeypatch.setattr(host_files, limit, value)
    (shown,) = limits(files, rules)
    assert message in shown


def test_rules_that_a_host_ignores_are_named():
    rules = [
        Rule("/", 301, "/a", query=frozenset({"p=1"})),
        Rule("/gone", 410, "_gone/gone.html"),
        Rule("/hire", 301, "/jobs/:splat", is_prefix=True),
    ]
    assert limits([page("/hire/a")], rules) == [
        "Cloudflare Pages ignores redirects for addresses with a query. Number of these redirects: 1.",
        "Cloudflare Pages answers 404 instead of 410. Number of addresses with 410: 1.",
        "Cloudflare Pages: the redirect of /hire/* hides 1 files below /hire.",
    ]
