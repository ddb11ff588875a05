"""robots.txt, as parsed by crawlers, and llms.txt."""

import re
from urllib.robotparser import RobotFileParser

import pytest

from pages.content.url_paths import RESERVED_PATHS

from ...conftest import SEED, SEED_URL, serving

NAMED_CRAWLERS = {
    *("GPTBot", "ChatGPT-User", "OAI-SearchBot", "ClaudeBot", "Claude-User"),
    *("PerplexityBot", "Google-Extended", "Applebot-Extended", "CCBot", "Amazonbot"),
}
PAGE = "# {name}\n## {url}\n\n## META\n\n```\nTitle: T\nDescription: {about}\n{more}```\n\nWords.\n"


@pytest.fixture(scope="module")
def rules(server):
    response = server.get("/robots.txt")
    assert (response.status, response.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    parser = RobotFileParser()
    parser.parse(response.text.splitlines())
    return parser


@pytest.mark.parametrize("crawler", sorted(NAMED_CRAWLERS | {"Googlebot", "Bingbot", "anything"}))
def test_crawlers_may_fetch_everything_except_forms_and_the_admin(rules, crawler):
    for path in ("/", SEED_URL, "/search?q=mlops", "/static/img/icon.svg", "/sitemap.xml", "/llms.txt"):
        assert rules.can_fetch(crawler, path)
    for path in ("/admin", "/admin/login/", "/forms", "/forms/start"):
        assert not rules.can_fetch(crawler, path)


def test_robots_txt_has_one_group_for_all_crawlers(server):
    text = server.get("/robots.txt").text
    assert re.fullmatch(r"(User-agent: \S+\n)+(Disallow: /\S+\n)+\nSitemap: \S+\n", text)
    assert set(re.findall(r"User-agent: (\S+)", text)) == NAMED_CRAWLERS | {"*"}


def test_the_sitemap_url_is_absolute(server, rules):
    assert rules.site_maps() == [f"{server.url}/sitemap.xml"]


def test_urls_use_site_url_instead_of_the_host_header(tmp_path):
    with serving(tmp_path, SITE_URL="https://www.layersrank.com", WEB_CONCURRENCY="1") as running:
        for path in ("/robots.txt", "/sitemap.xml", "/llms.txt"):
            text = running.get(path).text
            assert "https://www.layersrank.com/" in text and "127.0.0.1" not in text


def test_documents_cannot_use_the_urls_of_crawler_files():
    assert {"/robots.txt", "/sitemap.xml", "/llms.txt", "/search"} <= set(RESERVED_PATHS)


# llms.txt


def test_llms_txt_lists_the_pages_by_hub(client, content):
    for path in content.rglob("*.md"):
        path.unlink()

    def write(url, name, about="What it is.", more=""):
        path = content / f"{url.strip('/') or 'index'}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE.format(url=url, name=name, about=about, more=more))

    write("/", "Home")
    write("/pricing", "Pricing", "Pay per [assessment] & <nothing> else.")
    write("/hire", "Hire")
    write("/hire/b", "Hire B")
    write("/hire/a", "Hire A")
    write("/hire/draft", "Hire Draft", more="Status: draft\n")
    write("/resources", "Resources", more="Robots: noindex\n")
    write("/resources/bank", "Bank [50]")
    response = client.get("/llms.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    site = "http://127.0.0.1:8000"
    assert (
        response.content.decode()
        == f"""\
# LayersRank

> Structured hiring assessments with a confidence interval on every score.

## Pages

- [Home]({site}/): What it is.
- [Pricing]({site}/pricing): Pay per \\[assessment\\] & \\<nothing\\> else.
- [Bank \\[50\\]]({site}/resources/bank): What it is.

## Hire

- [Hire]({site}/hire): What it is.
- [Hire A]({site}/hire/a): What it is.
- [Hire B]({site}/hire/b): What it is.
"""
    )


def test_the_running_server_serves_llms_txt(server):
    response = server.get("/llms.txt")
    description = re.search(r"^Description: (.+)$", SEED.read_text(), re.MULTILINE)[1]
    assert response.status == 200 and response.text.startswith("# LayersRank\n\n> ")
    assert f"]({server.url}{SEED_URL}): {description}\n" in response.text
    assert server.get("/llms.txt", "POST").status == 405
