"""The application in front of Django: it answers as Django would, or leaves the answer to Django."""

import asyncio
import gzip
import shutil
from contextlib import closing

import brotli
import pytest
from django.core.asgi import get_asgi_application
from django.db import connections
from django.template.base import Template

from layersrank_site.serving.front import Front
from pages.media import artifact_store
from pages.publish.manifest import ManifestReader
from pages.publish.prerender import public_paths
from pages.publish.publisher import Publisher
from pages.publish.release import manifest_path
from pages.repository import current

from ...conftest import SAMPLE_SITE, SEED_URL
from ...support.asgi_client import ask, ask_exactly

DECODED = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}

CALCULATOR_URL = "/resources/roi-calculator"


@pytest.fixture(scope="module")
def published(tmp_path_factory, django_test_environment):
    """The site's own content, published once for all tests of this module."""
    folder = tmp_path_factory.mktemp("front")
    patch = pytest.MonkeyPatch()
    from django.conf import settings

    patch.setattr(settings, "BUILD_DIR", folder / "build")
    patch.setattr(settings, "CONTENT_DIR", shutil.copytree(SAMPLE_SITE, folder / "content"))
    current.reset()
    publisher = Publisher()
    publisher.publish(current.visible_pages())
    publisher.table.close()
    yield folder
    patch.undo()
    current.reset()


@pytest.fixture
def following(published, settings):
    settings.BUILD_DIR = published / "build"
    settings.CONTENT_DIR = published / "content"
    with closing(ManifestReader(manifest_path())) as following:
        yield following


@pytest.fixture
def front(following):
    """With no Django behind it: what it does not answer by itself fails."""
    return Front(None, following, ["testserver", ".layersrank.com"])


@pytest.fixture
def whole(following):
    return Front(get_asgi_application(), following, ["testserver"])


@pytest.fixture
def left():
    """What was left to Django, which answers nothing."""
    asked = []

    async def django(scope, receive, send):
        asked.append(scope["path"])
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    django.asked = asked
    return django


def test_it_answers_as_django_does_at_every_address(front, published):
    django = get_asgi_application()
    forms = {page.url for page in current.visible_pages().pages() if page.form}
    asked = [path for path in public_paths(current.visible_pages()) if path not in forms]
    assert len(asked) > 20
    for path in asked:
        expected = ask(django, path)
        assert expected.status == 200, path
        for coding in ("br", "gzip", ""):
            got = ask(front, path, accept_encoding=coding)
            used = got.headers.pop("content-encoding", None)
            assert used == (coding or None), path
            assert DECODED[used](got.body) == expected.body, path
            # What belongs to the coding alone.
            assert got.headers.pop("content-length") == str(len(got.body))
            etag = got.headers.pop("etag")
            like = {name: value for name, value in expected.headers.items() if name not in ("content-length", "etag")}
            assert got.headers == like | {"vary": "Accept-Encoding"}, path
            plain = expected.headers.get("etag", etag)
            assert etag == (f'{plain[:-1]}-{used}"' if used else plain) or path == "/favicon.ico"


def test_a_page_that_holds_a_form_is_another_for_each_visitor(published, following, whole):
    forms = {page.url for page in current.visible_pages().pages() if page.form}
    assert forms == {"/start", "/contact"}
    for path in forms:
        assert following.get(path) is None
        assert ask(whole, path).headers["cache-control"] == "private, no-store"


def test_what_has_not_changed_is_answered_as_django_does(front):
    django = get_asgi_application()
    etag = ask(django, SEED_URL).headers["etag"]
    expected, got = (ask(each, SEED_URL, if_none_match=etag) for each in (django, front))
    assert got.status == expected.status == 304
    assert expected.headers.pop("content-length") == "0"  # Django's middleware counts what it has of the body
    assert (got.headers, got.body) == (expected.headers, b"")


@pytest.mark.parametrize("coding", ["br", "gzip", ""])
def test_each_coding_has_an_etag_of_its_own(front, coding):
    answer = ask(front, SEED_URL, accept_encoding=coding)
    etag = answer.headers["etag"]
    assert etag.startswith('"') and etag.endswith(f'-{coding}"' if coding else '"')
    for names in (etag, f"W/{etag}", f'"other", {etag}', "*", f'"other"\n{etag}'):
        unchanged = ask(front, SEED_URL, accept_encoding=coding, if_none_match=names)
        assert (unchanged.status, unchanged.body, unchanged.headers["etag"]) == (304, b"", etag)
        assert unchanged.headers["vary"] == "Accept-Encoding" and "s-maxage" in unchanged.headers["cache-control"]
        assert unchanged.headers.keys().isdisjoint({"content-length", "content-encoding", "content-type"})
    other = ask(front, SEED_URL, accept_encoding="gzip" if coding == "br" else "br", if_none_match=etag)
    assert other.status == 200


def test_a_head_request_has_the_headers_of_a_get_and_no_body(front):
    head, get = ask(front, SEED_URL, "HEAD", accept_encoding="br"), ask(front, SEED_URL, accept_encoding="br")
    assert (head.status, head.headers, head.body) == (get.status, get.headers, b"")


def test_a_published_page_asks_no_database_and_renders_no_template(front, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a published page is to be looked up")

    monkeypatch.setattr(Template, "render", refuse)
    monkeypatch.setattr(type(connections["default"]), "cursor", refuse)
    monkeypatch.setattr("pages.repository.current.get_library", refuse)
    monkeypatch.setattr(brotli, "compress", refuse)
    monkeypatch.setattr(gzip, "compress", refuse)
    with pytest.raises(AssertionError, match="looked up"):
        ask(get_asgi_application(), SEED_URL)
    for coding in ("br", "gzip", ""):
        assert ask(front, SEED_URL, accept_encoding=coding).status == 200


def test_a_body_is_read_from_the_disk_once(front, monkeypatch):
    reads = []
    read = artifact_store.read
    monkeypatch.setattr(artifact_store, "read", lambda address: reads.append(address) or read(address))
    for _ in range(3):
        ask(front, SEED_URL, accept_encoding="br")
    assert len(reads) == 1


def test_memory_for_bodies_has_a_bound(front, monkeypatch):
    monkeypatch.setattr("layersrank_site.serving.front.CACHE_BYTES", 25_000)
    for path in ("/", SEED_URL, "/pricing", "/about", SEED_URL):
        assert ask(front, path, accept_encoding="br").status == 200
    assert front._ready_bytes == sum(len(ready.body["body"]) for ready in front._ready.values()) <= 25_000


@pytest.mark.parametrize("query", ["utm_source=letter", "q=a", "industry=%22"])
def test_a_campaigns_query_changes_nothing(front, query):
    assert ask(front, SEED_URL, query=query) == ask(front, SEED_URL)


def test_a_query_that_a_page_reads_is_left_to_django(following, left):
    front = Front(left, following, ["testserver"])
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
        ("GET", SEED_URL, {"if_match": '"x"'}),
        ("GET", SEED_URL, {"if_unmodified_since": "Wed, 21 Oct 2015 07:28:00 GMT"}),
    ],
)
def test_all_else_is_left_to_django(following, left, method, path, headers):
    assert ask(Front(left, following, ["testserver", ".layersrank.com"]), path, method, **headers).status == 299
    assert left.asked == [path]


@pytest.mark.parametrize("host", ["testserver", "TestServer:8000", "www.layersrank.com", "layersrank.com:443"])
def test_the_sites_own_hosts_are_answered(front, host):
    assert ask(front, SEED_URL, host=host).status == 200


def test_a_foreign_host_gets_what_django_says(whole):
    assert ask(whole, SEED_URL, host="evil.example").status == 400
    assert ask(whole, "/livez", host="evil.example").status == 200


def test_what_visitors_send_fills_no_memory(front, following, left, monkeypatch):
    monkeypatch.setattr("layersrank_site.serving.front.CACHED_HEADER_VALUES", 10)
    front._django = left
    for number in range(100):
        ask(front, SEED_URL, host=f"h{number}.example")
        ask(front, SEED_URL, accept_encoding=f"br, x{number}")
    assert max(map(len, (front._hosts, front._codings, front._found))) <= 10


def test_a_body_that_is_gone_or_broken_is_left_to_django(whole, following):
    following.refresh()
    entry = following.entries["/pricing"]
    path = artifact_store._path(f"/pages/{entry.digest[:2]}/{entry.digest}-br")
    kept = path.read_bytes()
    for broken in (b"", kept[:-1], None):
        path.unlink(missing_ok=True)
        if broken is not None:
            path.write_bytes(broken)
        answer = ask(whole, "/pricing", accept_encoding="br")
        assert answer.status == 200 and "content-encoding" not in answer.headers and b"</html>" in answer.body
    path.write_bytes(kept)
    assert ask(whole, "/pricing", accept_encoding="br").headers["content-encoding"] == "br"


def test_before_anything_is_published_django_answers_alike(tmp_path, published):
    cold = Front(get_asgi_application(), ManifestReader(tmp_path / "none"), ["testserver"])
    answer = ask(cold, SEED_URL, accept_encoding="br")
    assert answer.status == 200
    assert "stale-while-revalidate" in answer.headers["cache-control"]
    assert answer.headers["speculation-rules"] == '"/speculation-rules.json"'


def test_no_header_can_be_doubled_to_deceive(front):
    hosts = [(b"host", b"testserver"), (b"accept-encoding", b"gzip;q=0"), (b"accept-encoding", b"br;q=0")]
    assert "content-encoding" not in ask_exactly(front, SEED_URL, "GET", "", hosts).headers


def test_lifespan_messages_are_answered(front):
    async def live():
        messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
        said = []

        async def receive():
            return next(messages)

        async def send(message):
            said.append(message["type"])

        await front({"type": "lifespan"}, receive, send)
        return said

    assert asyncio.run(live()) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_a_page_that_is_not_published_yet_is_noted(tmp_path, published):
    noted = []
    with closing(ManifestReader(tmp_path / "none")) as nothing:
        cold = Front(get_asgi_application(), nothing, ["testserver"], noted.append)
        for method, path in (("GET", SEED_URL), ("HEAD", SEED_URL), ("GET", "/no-such-page"), ("POST", SEED_URL)):
            ask(cold, path, method)
    assert noted == [SEED_URL]
