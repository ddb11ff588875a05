"""Every kind of page, as gunicorn serves it, follows the audit's rules."""

import shutil

import pytest

from pages.audit.fetched_site import fetch_site
from pages.audit.rules import RULES
from pages.audit.web_client import WebClient

from ...conftest import SAMPLE_SITE, SEED_URL, serving
from ...support import every_kind


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("audited")
    shutil.copytree(SAMPLE_SITE, folder / "content", ignore=shutil.ignore_patterns("kit.md"))
    every_kind.write(folder / "content")
    with serving(folder, WEB_CONCURRENCY="1") as server:
        server.published("/llms.txt")
        client = WebClient("LayersRank-Audit/1", max_pause=0)
        found = fetch_site(client, server.url, [*every_kind.REDIRECTED, *every_kind.GONE])
        for url in [url for url, answer in found.answers.items() if answer.status == 503]:
            # Wait until the publisher has made the file.
            server.until(url.removeprefix(server.url), lambda answer: answer.status == 200)
            found.answers[url] = client.request(url)
            found.all_pages.pop(url, None)  # delete the error page
        yield found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_page_follows_the_rule(site, rule):
    assert list(rule.check(site)) == []


def test_the_audit_has_seen_every_kind_of_page(site):
    assert site.is_complete
    paths = {url.removeprefix(site.origin): answer.status for url, answer in site.answers.items()}
    shown = ("/", SEED_URL, "/hire", "/pricing", "/start", "/resources/roi-calculator", "/blog", "/blog/page/2")
    shown += ("/blog/article-21", "/hi/hire/ml", "/video", "/resources/sample-report/data-engineer", "/privacy")
    files = ("/sitemap.xml", "/robots.txt", "/blog/feed.xml", "/site.webmanifest", "/favicon.ico")
    statuses = {path: paths.get(path) for path in (*shown, *files, *every_kind.GONE, *every_kind.REDIRECTED)}
    assert statuses == (
        dict.fromkeys((*shown, *files), 200)
        | dict.fromkeys(every_kind.GONE, 410)
        | dict.fromkeys(every_kind.REDIRECTED, 301)
    )
    assert site.answers[site.missing].status == 404
    assert len(site.indexable) > 40
