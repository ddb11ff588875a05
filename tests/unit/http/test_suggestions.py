"""Suggestions for a path without a page."""

from types import SimpleNamespace

import pytest

from pages.content.languages import ENGLISH
from pages.content.meta import Meta
from pages.content.url_paths import parent_url
from pages.http import suggestions
from pages.http.suggestions import nearest_pages

ROLES = ("/hire/machine-learning-engineer", "/hire/data-engineer", "/hire/product-manager", "/hire/designer")
OTHERS = ("/", "/hire", "/pricing", "/resources/question-bank")


class Library(SimpleNamespace):
    """Counts how many pages are looked up."""

    lookups = 0


def visible(urls):
    pages = {url: SimpleNamespace(url=url, name=url.replace("-", " "), meta=Meta()) for url in urls}
    library = Library(pages=pages, folder_languages={}, children={parent_url(url): () for url in urls})

    def page(url):
        library.lookups += 1
        return library.pages.get(url)

    return SimpleNamespace(library=library, page=page, language_of=lambda page: ENGLISH)


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/hire/machine-learning-engineers", "/hire/machine-learning-engineer"),
        ("/hire/machin-lerning-enginer", "/hire/machine-learning-engineer"),
        ("/machine-learning", "/hire/machine-learning-engineer"),
        ("/Hire/Data-Engineer-2", "/hire/data-engineer"),
        ("/question-bank", "/resources/question-bank"),
        ("/pricng", "/pricing"),
    ],
)
def test_the_most_similar_page_is_first(path, nearest):
    pages = nearest_pages(path, visible(ROLES + OTHERS))
    assert pages[0].url == nearest and len(pages) <= suggestions.SUGGESTIONS


def test_pages_that_are_not_similar_are_not_suggested():
    assert nearest_pages("/nothing-here", visible(ROLES + OTHERS)) == []


def test_a_page_that_is_not_visible_is_not_suggested():
    everything = visible(ROLES)
    everything.page = {url: page for url, page in everything.library.pages.items() if "data" not in url}.get
    assert "/hire/data-engineer" not in [page.url for page in nearest_pages("/hire/data-engineers", everything)]


@pytest.mark.parametrize("path", ["/", "//", "/" + "a-" * 4000, "/\ud800", "/hire/" + "engineer-" * 50, "/-"])
def test_any_path_is_accepted(path):
    assert len(nearest_pages(path, visible(ROLES + OTHERS))) <= suggestions.SUGGESTIONS
    assert nearest_pages(path, visible([])) == []


def test_only_a_few_pages_of_a_large_site_are_compared():
    many = visible([f"/hire/{word}-engineer-{number}" for word in ("data", "lead") for number in range(5_000)])
    assert nearest_pages("/hire/lead-enginer-4999", many)[0].url == "/hire/lead-engineer-4999"
    assert many.library.lookups <= suggestions.MAX_PAGES + 10


def test_a_long_path_has_few_queries():
    many = visible(ROLES + OTHERS)
    nearest_pages("/" + "data-engineer-" * 150, many)
    assert many.library.lookups <= suggestions.MAX_PAGES + 10


def test_a_new_library_is_noticed_and_the_old_one_is_released():
    first, second = visible(ROLES), visible(OTHERS)
    nearest_pages("/hire/data", first)
    assert suggestions._index.library() is first.library
    assert nearest_pages("/pricing-2", second)[0].url == "/pricing"
    assert suggestions._index.library() is second.library
