"""Test the ASGI front: it sends a prebuilt response, equal to Django's, or passes the request to Django."""

import asyncio
import gzip
import re
import shutil
from contextlib import closing
from dataclasses import replace
from time import time

import brotli
import pytest
from django.core.asgi import get_asgi_application
from django.db import connections
from django.template.base import Template

from layersrank_site.serving.front import CACHED_HEADER_VALUES, MAX_VALUE_BYTES, Front
from pages.http.caching import PUBLIC
from pages.media import artifact_store
from pages.publish.manifest import ManifestReader
from pages.publish.prerender import public_paths
from pages.publish.publisher import Publisher
from pages.publish.release import manifest_path
from pages.repository import current

from ...conftest import SAMPLE_SITE, SEED_URL
from ...support.asgi_client import ask, ask_exactly
from ...support.fast_brotli import use_fast_brotli

DECODED = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}

CALCULATOR_URL = "/resources/roi-calculator"


@pytest.fixture(scope="module")
def published(tmp_path_factory, django_test_environment):
    """Publish the sample site once for all tests of this module. Return the folder."""
    folder = tmp_path_factory.mktemp("front")
    patch = pytest.MonkeyPatch()
    from django.conf import settings

    use_fast_brotli(patch)
    patch.setattr(settings, "BUILD_DIR", folder / "build")
    patch.setattr(settings, "CONTENT_DIR", shutil.copytree(SAMPLE_SITE, folder / "content"))
    current.reset()
    publisher = Publisher()
    publisher.publish(current.visible_pages())
    publisher.close()
    yield folder
    patch.undo()
    current.reset()


@pytest.fixture
def manifest(published, settings):
    settings.BUILD_DIR = published / "build"
    settings.CONTENT_DIR = published / "content"
    with closing(ManifestReader(manifest_path())) as manifest:
        yield manifest


@pytest.fixture
def front(manifest):
    """An ASGI front without Django. A request fails if the front would pass it to Django."""
    return Front(None, manifest, ["testserver", ".layersrank.com"])


@pytest.fixture
def front_with_django(manifest):
    return Front(get_asgi_application(), manifest, ["testserver"])


@pytest.fixture
def fake_django():
    """A fake Django that responds with status 299. Its `paths` lists the path of each request."""
    paths = []

    async def django(scope, receive, send):
        paths.append(scope["path"])
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    django.paths = paths
    return django


def test_every_public_path_returns_the_same_response_as_django(front, published):
    django = get_asgi_application()
    forms = {page.url for page in current.visible_pages().pages() if page.form}
    # The sample site doesn't say whom to tell about security problems, so it has no security.txt.
    not_stored = {*forms, "/.well-known/security.txt"}
    paths = [path for path in public_paths(current.visible_pages()) if path not in not_stored]
    assert len(paths) > 20
    for path in paths:
        expected = ask(django, path)
        assert expected.status == 200, path
        for coding in ("br", "gzip", ""):
            response = ask(front, path, accept_encoding=coding)
            content_encoding = response.headers.pop("content-encoding", None)
            assert content_encoding == (coding or None), path
            assert DECODED[content_encoding](response.body) == expected.body, path
            # Each content coding has its own length and ETag. All other headers are the same as Django's.
            assert response.headers.pop("content-length") == str(len(response.body))
            etag = response.headers.pop("etag")
            other = {name: value for name, value in expected.headers.items() if name not in ("content-length", "etag")}
            assert response.headers == {"vary": "Accept-Encoding"} | other, path
            plain = expected.headers.get("etag", etag)
            assert etag == (f'{plain[:-1]}-{coding}"' if coding else plain) or path == "/favicon.ico"


def test_a_page_with_a_form_is_not_published(published, manifest, front_with_django):
    forms = {page.url for page in current.visible_pages().pages() if page.form}
    assert forms == {"/start", "/contact"}
    for path in forms:
        assert manifest.get(path) is None
        assert ask(front_with_django, path).headers["cache-control"] == "private, no-store"


def test_a_304_is_that_of_django(front):
    django = get_asgi_application()
    etag = ask(django, SEED_URL).headers["etag"]
    expected, response = (ask(each, SEED_URL, if_none_match=etag) for each in (django, front))
    assert response.status == expected.status == 304
    assert expected.headers.pop("content-length") == "0"  # Django's CommonMiddleware adds this header.
    assert (response.headers, response.body) == (expected.headers, b"")


@pytest.mark.parametrize("coding", ["br", "gzip", ""])
def test_each_content_coding_has_its_own_etag(front, coding):
    response = ask(front, SEED_URL, accept_encoding=coding)
    etag = response.headers["etag"]
    assert etag.startswith('"') and etag.endswith(f'-{coding}"' if coding else '"')
    for value in (etag, f"W/{etag}", f'"other", {etag}', "*", f'"other"\n{etag}'):
        unchanged = ask(front, SEED_URL, accept_encoding=coding, if_none_match=value)
        assert (unchanged.status, unchanged.body, unchanged.headers["etag"]) == (304, b"", etag)
        assert unchanged.headers["vary"] == "Accept, Accept-Encoding"
        assert "s-maxage" in unchanged.headers["cache-control"]
        assert unchanged.headers.keys().isdisjoint({"content-length", "content-encoding", "content-type"})
    other = ask(front, SEED_URL, accept_encoding="gzip" if coding == "br" else "br", if_none_match=etag)
    assert other.status == 200


LONG_AGO = "Wed, 21 Oct 2015 07:28:00 GMT"


@pytest.mark.parametrize("coding", ["br", "gzip", ""])
def test_an_if_match_header_must_contain_the_etag_of_the_response_or_an_asterisk(front, coding):
    plain = ask(front, SEED_URL, accept_encoding=coding)
    etag = plain.headers["etag"]
    for value in (etag, f'"other", {etag}', "*"):
        assert ask(front, SEED_URL, accept_encoding=coding, if_match=value) == plain
    unchanged = ask(front, SEED_URL, accept_encoding=coding, if_match=etag, if_none_match=etag)
    assert unchanged.status == 304
    for value in (f"W/{etag}", '"other"', etag.replace(etag[1:5], "0000")):
        failed = ask(front, SEED_URL, accept_encoding=coding, if_match=value, if_none_match=etag)
        assert (failed.status, failed.body) == (412, b"")


def test_an_if_match_header_with_the_etag_of_another_accepted_coding_is_answered_with_412(front):
    etags = {coding: ask(front, SEED_URL, accept_encoding=coding).headers["etag"] for coding in DECODED if coding}
    etags[""] = ask(front, SEED_URL).headers["etag"]
    for accepted, sent in (("gzip, br", "br"), ("br", "br"), ("gzip", "gzip"), ("br;q=0.5, gzip", "gzip"), ("", "")):
        statuses = {
            coding: ask(front, SEED_URL, accept_encoding=accepted, if_match=etag).status
            for coding, etag in etags.items()
        }
        assert statuses == {coding: 200 if coding == sent else 412 for coding in etags}


def test_a_412_is_that_of_django(front):
    """The front omits Content-Type and Vary. Its CSP may differ, because it has the hashes of another body."""
    expected, response = (ask(each, SEED_URL, if_match='"x"') for each in (get_asgi_application(), front))
    for name in ("content-type", "vary", "content-security-policy"):
        del expected.headers[name]
    del response.headers["content-security-policy"]
    assert response == expected and response.status == 412


def test_preconditions_with_dates_are_ignored_because_pages_have_no_date(front):
    plain = ask(front, SEED_URL, accept_encoding="br")
    assert "last-modified" not in plain.headers
    for name in ("if_modified_since", "if_unmodified_since"):
        assert ask(front, SEED_URL, accept_encoding="br", **{name: LONG_AGO}) == plain
    assert ask(get_asgi_application(), SEED_URL, if_unmodified_since=LONG_AGO).status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("coding", ["br", "gzip", ""])
def test_range_headers_are_ignored_for_pages(front, coding, method):
    plain = ask(front, SEED_URL, method, accept_encoding=coding)
    assert plain.status == 200 and plain.headers.keys().isdisjoint({"accept-ranges", "content-range"})
    for headers in ({}, {"if_range": plain.headers["etag"]}, {"if_range": '"other"'}, {"if_range": LONG_AGO}):
        assert ask(front, SEED_URL, method, accept_encoding=coding, range="bytes=0-9", **headers) == plain


@pytest.mark.parametrize("path", [SEED_URL, f"{CALCULATOR_URL}?hires=3"])
@pytest.mark.parametrize("accepted", ["br", "gzip", "gzip, br", ""])
def test_django_answers_conditional_requests(published, path, accepted):
    """Django answers if a page isn't published yet, or if it depends on the query string.

    If-None-Match may have the ETag of any accepted coding. If-Match must have the ETag of the body that Django sends.
    """
    path, _, query = path.partition("?")

    def ask_django(**headers):
        return ask(get_asgi_application(), path, "GET", query, accept_encoding=accepted, **headers)

    varies = "Accept, Accept-Encoding" if path == SEED_URL else "Accept-Encoding"
    plain = ask(get_asgi_application(), path, "GET", query).headers["etag"]
    etags = {coding: f'{plain[:-1]}-{coding}"' for coding in ("br", "gzip")}
    for coding, etag in etags.items():
        is_accepted = coding in accepted
        unchanged = ask_django(if_none_match=f'"other", {etag}')
        assert unchanged.status == (304 if is_accepted else 200)
        assert not is_accepted or unchanged.headers["etag"] == etag
        assert unchanged.headers["vary"] == varies
        assert ask_django(if_match=etag).status == ask_django(if_match=f"W/{etag}").status == 412
    own = ask_django().headers["etag"]
    assert own == (f"W/{etags['gzip']}" if "gzip" in accepted else plain)
    for value in (own, f'"other", {own}', plain):
        assert ask_django(if_none_match=value).status == 304
    assert ask_django(if_none_match=own).headers["etag"] == own
    assert ask_django(if_match=own).status == (200 if own == plain else 412)
    for value in (plain, "*"):
        matched = ask_django(if_match=value)
        assert (matched.status, matched.headers["etag"]) == (200, plain) and "content-encoding" not in matched.headers


def test_a_head_request_gets_the_headers_of_a_get_request_but_no_body(front):
    head, get = ask(front, SEED_URL, "HEAD", accept_encoding="br"), ask(front, SEED_URL, accept_encoding="br")
    assert (head.status, head.headers, head.body) == (get.status, get.headers, b"")


def test_a_published_page_needs_no_rendering_and_no_compression_and_no_database(front, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a published page needs none of this")

    monkeypatch.setattr(Template, "render", refuse)
    monkeypatch.setattr(type(connections["default"]), "cursor", refuse)
    monkeypatch.setattr("pages.repository.current.get_library", refuse)
    monkeypatch.setattr(brotli, "compress", refuse)
    monkeypatch.setattr(gzip, "compress", refuse)
    with pytest.raises(AssertionError, match="needs none of this"):
        ask(get_asgi_application(), SEED_URL)
    for coding in ("br", "gzip", ""):
        assert ask(front, SEED_URL, accept_encoding=coding).status == 200


def test_a_body_is_read_from_disk_once(front, monkeypatch):
    reads = []
    read = artifact_store.read
    monkeypatch.setattr(artifact_store, "read", lambda key: reads.append(key) or read(key))
    for _ in range(3):
        ask(front, SEED_URL, accept_encoding="br")
    assert len(reads) == 1


def test_the_cache_of_response_bodies_has_a_size_limit(front, monkeypatch):
    monkeypatch.setattr("layersrank_site.serving.front.CACHE_BYTES", 25_000)
    for path in ("/", SEED_URL, "/pricing", "/about", SEED_URL):
        assert ask(front, path, accept_encoding="br").status == 200
    assert front._prepared_bytes == sum(len(prepared.body["body"]) for prepared in front._prepared.values()) <= 25_000


@pytest.mark.parametrize("query", ["utm_source=letter", "q=a", "industry=%22"])
def test_an_unused_query_string_does_not_change_the_response(front, query):
    assert ask(front, SEED_URL, query=query) == ask(front, SEED_URL)


def test_django_answers_if_the_page_uses_the_query_string(manifest, fake_django):
    front = Front(fake_django, manifest, ["testserver"])
    assert ask(front, CALCULATOR_URL).status == 200
    assert ask(front, CALCULATOR_URL, query="hires=3").status == 299


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("POST", SEED_URL, {}),
        ("OPTIONS", SEED_URL, {}),
        ("GET", "/no-such-page", {}),
        ("GET", SEED_URL + "/", {}),
        ("GET", "/search", {}),
        ("GET", SEED_URL, {"host": "evil.example"}),
        ("GET", SEED_URL, {"host": ""}),
        ("GET", SEED_URL, {"host": "testserver\nevil.example"}),
        ("GET", SEED_URL, {"host": "testserver@evil.example"}),
        ("GET", SEED_URL, {"host": "layersrank.com.evil.example"}),
        ("GET", SEED_URL, {"if_match": '"x",' * 1_000}),
    ],
)
def test_requests_that_the_front_cannot_answer_go_to_django(manifest, fake_django, method, path, headers):
    assert ask(Front(fake_django, manifest, ["testserver", ".layersrank.com"]), path, method, **headers).status == 299
    assert fake_django.paths == [path]


@pytest.mark.parametrize("host", ["testserver", "TestServer:8000", "www.layersrank.com", "layersrank.com:443"])
def test_requests_for_an_allowed_host_get_the_page(front, host):
    assert ask(front, SEED_URL, host=host).status == 200


def test_a_request_for_a_foreign_host_is_answered_by_django(front_with_django):
    assert ask(front_with_django, SEED_URL, host="evil.example").status == 400
    assert ask(front_with_django, "/livez", host="evil.example").status == 200


def test_caches_of_header_values_have_a_size_limit(front, manifest, fake_django):
    front._django = fake_django
    value = "br, " + "x" * (MAX_VALUE_BYTES - 10)
    longer = "br" + "," * 60_000
    for number in range(CACHED_HEADER_VALUES + 100):
        ask(front, SEED_URL, host=f"{'h' * MAX_VALUE_BYTES}{number}"[-MAX_VALUE_BYTES:])
        ask(front, SEED_URL, host="testserver", accept_encoding=f"{value}{number}")
        for accept in ("text/html, */*", "text/html, text/markdown;q=0.1"):
            ask(front, SEED_URL, host="testserver", accept=f"{accept}, {'x' * (MAX_VALUE_BYTES - 50)}{number}")
    for number in range(20):
        ask(front, SEED_URL, host=f"{number}{longer}")
        assert "content-encoding" not in ask(front, SEED_URL, accept_encoding=f"{longer}{number}").headers
        ask(front, SEED_URL, host="testserver", accept=f"{longer}{number}")
    for cache in (front._hosts, front._codings, front._by_headers, front._html_accepts, front._markdown):
        values = [value for key in cache for value in (key if isinstance(key, tuple) else [key])]
        size = sum(len(value) for value in values if isinstance(value, bytes))
        assert 0 < size <= 2 * CACHED_HEADER_VALUES * MAX_VALUE_BYTES


def test_a_long_if_none_match_header_is_not_parsed(front, monkeypatch):
    etag = ask(front, SEED_URL).headers["etag"]
    assert ask(front, SEED_URL, if_none_match='"x", ' * 100 + etag).status == 304
    monkeypatch.setattr("layersrank_site.serving.front.matching_etag", None)
    for value in ('"x", ' * 10_000, "\n".join(['"x"'] * 10_000)):
        assert ask(front, SEED_URL, if_none_match=value + etag).status == 200


def test_django_renders_the_page_if_its_stored_body_is_missing_or_truncated(front_with_django, manifest):
    manifest.refresh()
    entry = manifest.entries["/pricing"]
    path = artifact_store._path(f"/pages/{entry.digest[:2]}/{entry.digest}-br")
    original = path.read_bytes()
    for damaged in (b"", original[:-1], None):
        path.unlink(missing_ok=True)
        if damaged is not None:
            path.write_bytes(damaged)
        response = ask(front_with_django, "/pricing", accept_encoding="br")
        assert response.status == 200 and "content-encoding" not in response.headers and b"</html>" in response.body
    path.write_bytes(original)
    assert ask(front_with_django, "/pricing", accept_encoding="br").headers["content-encoding"] == "br"


def test_django_answers_requests_until_pages_are_published(tmp_path, published):
    cold = Front(get_asgi_application(), ManifestReader(tmp_path / "none"), ["testserver"])
    response = ask(cold, SEED_URL, accept_encoding="br")
    assert response.status == 200
    assert "stale-while-revalidate" in response.headers["cache-control"]


def test_repeated_accept_encoding_headers_are_combined(front):
    headers = [(b"host", b"testserver"), (b"accept-encoding", b"gzip;q=0"), (b"accept-encoding", b"br;q=0")]
    assert "content-encoding" not in ask_exactly(front, SEED_URL, "GET", "", headers).headers


def test_lifespan_events_are_completed(front):
    async def run():
        messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
        sent = []

        async def receive():
            return next(messages)

        async def send(message):
            sent.append(message["type"])

        await front({"type": "lifespan"}, receive, send)
        return sent

    assert asyncio.run(run()) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_a_request_for_an_unpublished_page_is_recorded(tmp_path, published):
    paths = []
    with closing(ManifestReader(tmp_path / "none")) as empty:
        cold = Front(get_asgi_application(), empty, ["testserver"], paths.append)
        for method, path in (("GET", SEED_URL), ("HEAD", SEED_URL), ("GET", "/no-such-page"), ("POST", SEED_URL)):
            ask(cold, path, method)
    assert paths == [SEED_URL]


# Responses with a planned change


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_cache_headers_of_a_page_end_when_it_changes_and_then_django_answers(manifest, fake_django, method):
    front = Front(fake_django, manifest, ["testserver"])
    assert ask(front, "/pricing").headers["cache-control"] == PUBLIC
    etag = ask(front, "/pricing").headers["etag"]
    manifest.entries["/pricing"] = replace(manifest.entries["/pricing"], changes_at=time() + 30)
    for headers, status in (({}, 200), ({"if_none_match": etag}, 304)):
        response = ask(front, "/pricing", method, **headers)
        header = response.headers["cache-control"]
        limits = {name: int(seconds) for name, seconds in re.findall(r"([a-z-]+)=(\d+)", header)}
        assert response.status == status and 0 <= limits["s-maxage"] < 30
        assert limits["stale-while-revalidate"] == limits["stale-if-error"] == limits["max-age"] == 0
    manifest.entries["/pricing"] = replace(manifest.entries["/pricing"], changes_at=time() - 2)
    assert ask(front, "/pricing", method).status == 299
