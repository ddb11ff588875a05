"""The cache of search pages."""

import pytest
from django.http import HttpResponse

from pages.http import search_cache
from pages.http.search_cache import MAX_AGE, MAX_BYTES, SearchCache


class Renderer:
    """Renders a page of `size` bytes. The page contains the number of calls so far."""

    def __init__(self, size=10, status=200):
        self.calls, self.size, self.status = 0, size, status

    def __call__(self):
        self.calls += 1
        headers = {"Content-Security-Policy": "default-src 'none'"}
        return HttpResponse(str(self.calls).ljust(self.size), status=self.status, headers=headers)


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test sets."""
    now = [1000.0]
    monkeypatch.setattr(search_cache, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def library():
    return object()


def test_the_same_search_is_rendered_once_a_minute(library, clock):
    cache, render = SearchCache(), Renderer()
    pages = [cache.get(library, 1, "engineer", 1, render).content for _ in range(3)]
    assert render.calls == 1 and len(set(pages)) == 1
    clock[0] += MAX_AGE
    assert cache.get(library, 1, "engineer", 1, render).content != pages[0]


def test_searches_that_differ_in_query_or_page_number_or_version_share_no_results(library, clock):
    cache, render, other = SearchCache(), Renderer(), object()
    searches = [
        (library, 1, "a", 1),
        (library, 1, "b", 1),
        (library, 1, "a", 2),
        (library, 2, "a", 1),
        (other, 2, "a", 1),
    ]
    for arguments in searches:
        cache.get(*arguments, render)
    assert render.calls == len(searches)


def test_a_page_is_not_cached_if_an_edit_happens_during_its_rendering(library):
    cache, render = SearchCache(), Renderer()

    def render_during_an_edit():
        cache.get(library, 2, "b", 1, render)
        return render()

    cache.get(library, 1, "a", 1, render_during_an_edit)
    assert cache.get(library, 2, "a", 1, render).content.strip() == b"3"


def test_only_pages_with_results_are_stored(library):
    cache, render = SearchCache(), Renderer(status=503)
    assert [cache.get(library, 1, "a", 1, render).status_code for _ in range(2)] == [503, 503]
    assert render.calls == 2


def test_the_cache_has_a_maximum_size_in_bytes(library):
    cache, render = SearchCache(), Renderer(size=30_000)
    for number in range(1_000):
        cache.get(library, 1, f"words {number}", 1, render)
    assert MAX_BYTES - 30_000 <= cache.bytes <= MAX_BYTES
    cache.get(library, 1, "words 999", 1, render)
    assert render.calls == 1_000  # the newest page is still in the cache
    cache.get(library, 1, "large", 1, Renderer(size=MAX_BYTES + 1))
    assert cache.bytes == 0
