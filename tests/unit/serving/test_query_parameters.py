"""Tests for requests with a query: the ASGI front asks Django only if the page reads one of the parameters."""

from contextlib import closing

import pytest

from layersrank_site.serving.front import Front
from pages.publish.manifest import ManifestReader, ManifestWriter

from ...support.asgi_client import ask

BANK, PAGE = "/bank", "/page"
HEADERS = (("content-type", "text/html"),)


async def django(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"Django"})


@pytest.fixture
def get(tmp_path, settings):
    """Return a function that sends a path and a query to a `Front`, and returns the response's body.

    The manifest has two pages: /bank reads the parameter `role`, and /page reads no parameter.
    """
    settings.BUILD_DIR = tmp_path
    with closing(ManifestWriter(tmp_path / "manifest")) as writer:
        writer.store(BANK, b"stored", HEADERS, ("role",))
        writer.store(PAGE, b"stored", HEADERS)
    with closing(ManifestReader(tmp_path / "manifest")) as reader:
        front = Front(django, reader, ["testserver"])
        yield lambda path, query: ask(front, path, query=query).body


@pytest.mark.parametrize("query", ["role=a", "role", "utm_source=a&role=b", "r%6fle=a", "role=a&role=b"])
def test_django_answers_if_the_query_has_a_parameter_that_the_page_reads(get, query):
    assert get(BANK, query) == b"Django"
    assert get(PAGE, query) == b"stored"


@pytest.mark.parametrize("query", ["", "utm_source=role", "utm_source=a%20b", "rol=e", "roles=a", "&", "a=b&=&role2=c"])
def test_other_parameters_are_ignored(get, query):
    assert get(BANK, query) == get(PAGE, query) == b"stored"
