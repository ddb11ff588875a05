"""Test robots.txt (parsed in the same way as by crawlers), llms.txt and facts.json."""

import json
import re
from urllib.robotparser import RobotFileParser

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.urls.resolvers import RoutePattern

from layersrank_site import urls
from layersrank_site.middleware import PROBES
from pages.content.url_paths import RESERVED_PATHS, is_reserved, normalize_path
from pages.http.crawler_files import CRAWLERS

from ...conftest import SEED, SEED_URL, serving

NAMED_CRAWLERS = {
    *("GPTBot", "ChatGPT-User", "OAI-SearchBot", "ClaudeBot", "Claude-User"),
    *("PerplexityBot", "Google-Extended", "Applebot-Extended", "CCBot", "Amazonbot"),
}
FACTS = f"""[price.small]
value = "₹2,500"
what = "One [small] assessment"
source = "The price list"
confirmed = 2026-11-29
confirm_every = "90 days"
pages = ["{SEED_URL}"]

[email]
value = "us@example.com"
what = "The address for questions"
source = "The owner"
confirmed = 2026-11-30
"""
PAGE = "# {name}\n## {url}\n\n## META\n\n```\nTitle: T\nDescription: {about}\n{more}```\n\nWords.\n"


@pytest.fixture(scope="module")
def rules(server):
    response = server.get("/robots.txt")
    assert (response.status, response.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    parser = RobotFileParser()
    parser.parse(response.text.splitlines())
    return parser


@pytest.mark.parametrize("crawler", sorted(NAMED_CRAWLERS | {"Googlebot", "Bingbot", "anything"}))
def test_crawlers_may_fetch_everything(rules, crawler):
    for path in ("/", SEED_URL, "/search?q=mlops", "/static/img/icon.svg", "/sitemap.xml", "/llms.txt"):
        assert rules.can_fetch(crawler, path)


@pytest.mark.parametrize("crawler", ["GPTBot", "Googlebot"])
def test_crawlers_may_fetch_every_url_in_the_sitemap(rules, server, crawler):
    listed = re.findall("<loc>(.+?)</loc>", server.get("/sitemap.xml").text)
    assert listed and all(rules.can_fetch(crawler, url) for url in listed)


@pytest.mark.parametrize("crawler", ["GPTBot", "Googlebot"])
def test_crawlers_may_fetch_pages_whose_urls_resemble_reserved_urls(client, content, crawler):
    paths = {
        "/admin",
        "/admin/guide",
        "/desk-research",
        *(f"/{path.strip('/.').replace('.', '-')}-tips" for path in RESERVED_PATHS),
    }
    paths |= {"/administration", "/forms", "/forms-library", "/forms/start"}
    for path in paths:
        file = content / f"{path.strip('/')}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(PAGE.format(url=path, name="A", about="What it is.", more=""))
    parser = RobotFileParser()
    parser.parse(client.get("/robots.txt").content.decode().splitlines())
    listed = re.findall("<loc>(.+?)</loc>", client.get("/sitemap.xml").content.decode())
    assert paths - {"/__reload__-tips", "/__edit__-tips"} <= {
        url.removeprefix("http://127.0.0.1:8000") for url in listed
    }
    assert all(parser.can_fetch(crawler, url) for url in listed)


def test_search_engines_do_not_index_the_admin_and_search_results(client):
    for path in ("/search?q=mlops", "/desk/login/"):
        [robots] = re.findall(r'<meta name="robots" content="([^"]+)">', client.get(path).content.decode())
        assert {"noindex", "none"} & set(robots.lower().split(","))


def groups_in(text):
    """Return the preferences of each group in robots.txt, by the names of its crawlers."""
    *groups, sitemap = text.split("\n\n")
    assert re.fullmatch(r"Sitemap: \S+\n", sitemap)
    lines = [group.splitlines() for group in groups]
    assert all(group[-2] == "Allow: /" for group in lines)
    return {
        tuple(line.removeprefix("User-agent: ") for line in group[:-2]): group[-1].removeprefix("Content-Usage: ")
        for group in lines
    }


def test_robots_txt_has_one_group_for_all_crawlers(server):
    group, _ = server.get("/robots.txt").text.split("\n\n")
    *lines, last = group.splitlines()
    names = {line.removeprefix("User-agent: ") for line in lines}
    assert names == NAMED_CRAWLERS | {"*"} and len(lines) == len(names) and last == "Allow: /"


def test_a_table_without_crawlers_welcomes_each_use(client, content):
    (content / "site.toml").write_text("[content_usage]\n")
    [preferences] = groups_in(client.get("/robots.txt").content.decode()).values()
    assert preferences == "/ search=y, ai-use=y, train-ai=y"


def test_crawlers_with_other_preferences_have_their_own_group(client, content):
    usage = '[content_usage]\n"*" = ["search", "answers"]\n"gptbot, Otherbot" = ["search"]\nCCBot = []\n'
    (content / "site.toml").write_text(usage)
    groups = groups_in(client.get("/robots.txt").content.decode())
    everyone = ("*", *(name for name in CRAWLERS if name not in ("GPTBot", "CCBot")))
    assert groups == {
        everyone: "/ search=y, ai-use=y, train-ai=n",
        ("gptbot", "Otherbot"): "/ search=y, ai-use=n, train-ai=n",
        ("CCBot",): "/ search=n, ai-use=n, train-ai=n",
    }


def test_the_sitemap_url_is_absolute(server, rules):
    assert rules.site_maps() == [f"{server.url}/sitemap.xml"]


def test_urls_use_site_url_instead_of_the_host_header(few_documents):
    with serving(few_documents, SITE_URL="https://www.layersrank.com", WEB_CONCURRENCY="1") as running:
        for path in ("/robots.txt", "/sitemap.xml", "/llms.txt"):
            text = running.get(path).text
            assert "https://www.layersrank.com/" in text and "127.0.0.1" not in text


def test_documents_cannot_use_reserved_urls():
    """Reserved URLs don't include ADMIN_PATH, because each site sets its own path.

    If a document already uses ADMIN_PATH, a start-up check reports an error.
    """
    routes = [pattern.pattern for pattern in urls.urlpatterns if pattern not in urls.admin_urls]
    paths = [str(route) for route in routes if isinstance(route, RoutePattern)]
    assert "robots.txt" in paths and len(paths) >= len(routes) - 1
    paths += [*PROBES, settings.STATIC_URL, "__reload__/", "social/hire.png"]
    assert all(is_reserved(normalize_path(f"/{path}")) for path in paths)


def test_browsers_prefetch_all_pages_but_no_search_results(client):
    page = BeautifulSoup(client.get(SEED_URL).content, "html.parser")
    [rule] = json.loads(page.find("script", type="speculationrules").string)["prefetch"]
    excluded = [part["not"]["href_matches"] for part in rule["where"]["and"] if "not" in part]
    assert excluded == [["/search", r"/search\?*"]]


# llms.txt


def test_llms_txt_lists_the_pages_by_hub(client, content):
    for path in content.rglob("*.md"):
        path.unlink()

    def write(url, name, about="What it is.", more=""):
        path = content / f"{url.strip('/') or 'index'}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE.format(url=url, name=name, about=about, more=more))

    (content / "facts.toml").write_text(FACTS)
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

- One \\[small\\] assessment: ₹2,500
- The address for questions: us@example.com

All facts, with the days when they were confirmed: [facts.json]({site}/facts.json)

All pages in one file: [llms-full.txt]({site}/llms-full.txt)

## Pages

- [Home]({site}/index.md): What it is.
- [Pricing]({site}/pricing.md): Pay per \\[assessment\\] & \\<nothing\\> else.
- [Bank \\[50\\]]({site}/resources/bank.md): What it is.

## Hire

- [Hire]({site}/hire.md): What it is.
- [Hire A]({site}/hire/a.md): What it is.
- [Hire B]({site}/hire/b.md): What it is.
"""
    )


def test_the_running_server_serves_llms_txt(server):
    response = server.get("/llms.txt")
    description = re.search(r"^Description: (.+)$", SEED.read_text(), re.MULTILINE)[1]
    assert response.status == 200 and response.text.startswith("# LayersRank\n\n> ")
    assert f"]({server.url}{SEED_URL}.md): {description}\n" in response.text
    assert server.get("/llms.txt", "POST").status == 405


# facts.json


def test_facts_json_lists_all_facts(client, content):
    (content / "facts.toml").write_text(FACTS)
    response = client.get("/facts.json")
    assert response["Content-Type"] == "application/json"
    assert json.loads(response.content) == {
        "name": "LayersRank",
        "url": "http://127.0.0.1:8000/",
        "facts": [
            {
                "name": "price.small",
                "value": "₹2,500",
                "what": "One [small] assessment",
                "source": "The price list",
                "lastConfirmed": "2026-11-29",
                "confirmEveryDays": 90,
                "pages": [f"http://127.0.0.1:8000{SEED_URL}"],
            },
            {
                "name": "email",
                "value": "us@example.com",
                "what": "The address for questions",
                "source": "The owner",
                "lastConfirmed": "2026-11-30",
            },
        ],
    }
    again = client.get("/facts.json", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304 and "s-maxage" in response["Cache-Control"]
    (content / "facts.toml").write_text(FACTS.replace("₹2,500", "₹2,600"))
    assert client.get("/facts.json", headers={"If-None-Match": response["ETag"]}).status_code == 200
    assert client.post("/facts.json").status_code == 405


def test_without_facts_facts_json_is_empty_and_llms_txt_lists_none(client, content):
    (content / "facts.toml").write_text("# No facts\n")
    assert client.get("/facts.json").json()["facts"] == []
    assert "facts.json" not in client.get("/llms.txt").content.decode()


def test_the_running_server_serves_facts_json(server):
    server.published("/facts.json")
    response = server.get("/facts.json")
    facts = {fact["name"]: fact["value"] for fact in json.loads(response.text)["facts"]}
    assert facts["price.growth"] == "₹1,800" and facts["email"] == "info@the-algo.com"
    assert server.get("/facts.json", **{"If-None-Match": response.headers["ETag"]}).status == 304
