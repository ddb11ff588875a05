"""How the documents lead to each other: by what they say themselves, whatever header and footer add."""

import pytest
from bs4 import BeautifulSoup

from pages.repository import current

HUBS = ("/", "/hire", "/resources")
TOOLS = {"/resources/question-bank", "/resources/hiring-scorecard", "/resources/roi-calculator"}
CONVERTING = {"/start", "/pricing"}
# What the law wants said leads to no tool.
LEGAL = {"/privacy"}


@pytest.fixture
def graph(content):
    return current.get_library().graph


def hub_of(url):
    return url.rpartition("/")[0] or "/"


def test_a_hub_leads_to_all_its_pages(graph):
    for hub in HUBS:
        under = {page.url for page in graph.under[hub]}
        assert under - {hub} <= graph.links_out(graph.pages[hub]), hub


def test_a_page_leads_back_to_its_hub(graph, client):
    for url in set(graph.pages) - {"/"}:
        trail = BeautifulSoup(client.get(url).content, "html.parser").find("nav", {"aria-label": "Breadcrumbs"})
        assert hub_of(url) in [link["href"] for link in trail.find_all("a")], url


def test_a_page_leads_to_pages_beside_it_to_another_hub_s_and_to_a_tool(graph):
    for url in set(graph.pages) - set(HUBS) - LEGAL:
        out = graph.links_out(graph.pages[url]) - {"/"}
        assert len([each for each in out if hub_of(each) == hub_of(url)]) >= 2, url
        assert [each for each in out if hub_of(each) not in (hub_of(url), "/")], url
        assert out & TOOLS, url


def test_where_visitors_begin_and_what_is_free_have_the_most_links(graph):
    counts = {url: len(pages) for url, pages in graph.links_in().items()}
    others = set(counts) - CONVERTING - TOOLS
    assert min(counts[url] for url in CONVERTING | TOOLS) > max(counts[url] for url in others), counts
