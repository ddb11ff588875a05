"""The ASGI front sends a page's Markdown version to clients that prefer it, exactly as Django does."""

import shutil
from contextlib import closing

import pytest
from django.core.asgi import get_asgi_application

from layersrank_site.serving.front import MAX_VALUE_BYTES, Front
from pages.content.markdown_paths import markdown_path
from pages.publish.manifest import ManifestReader
from pages.publish.publisher import Publisher
from pages.publish.release import manifest_path
from pages.repository import current

from ...conftest import SAMPLE_SITE, SEED_URL
from ...support.asgi_client import ask
from ...support.fast_brotli import use_fast_brotli

MARKDOWN = "text/markdown, text/html, */*"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
CALCULATOR_URL = "/resources/roi-calculator"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, django_test_environment):
    """A folder with three published pages of the sample site."""
    folder = tmp_path_factory.mktemp("front-markdown")
    patch = pytest.MonkeyPatch()
    from django.conf import settings

    shutil.copytree(SAMPLE_SITE, folder / "content", ignore=shutil.ignore_patterns("kit.md"))
    kept = {"index.md", "pricing.md", "start.md", "machine-learning-engineer.md", "roi-calculator.md"}
    for path in (folder / "content").rglob("*.md"):
        if path.name not in kept:
            path.unlink()
    use_fast_brotli(patch)
    patch.setattr(settings, "BUILD_DIR", folder / "build")
    patch.setattr(settings, "CONTENT_DIR", folder / "content")
    current.reset()
    with closing(Publisher()) as publisher:
        publisher.publish(current.visible_pages())
    yield folder
    patch.undo()
    current.reset()


@pytest.fixture
def front(folder, settings):
    """The front, with a fake Django. `front.paths` lists the paths of the requests that the front passes to Django."""
    settings.BUILD_DIR, settings.CONTENT_DIR = folder / "build", folder / "content"
    paths = []

    async def django(scope, receive, send):
        paths.append(scope["path"])
        await send({"type": "http.response.start", "status": 500, "headers": [], "trailers": False})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    with closing(ManifestReader(manifest_path())) as manifest:
        front = Front(django, manifest, ["testserver"])
        front.paths, front.manifest = paths, manifest
        yield front


def test_the_front_sends_the_same_markdown_as_django(front):
    django = get_asgi_application()
    for path in ("/", SEED_URL, "/hire", "/pricing", "/start", CALCULATOR_URL):
        responses = [
            ask(application, each, method, accept=accept)
            for application in (front, django)
            for each, accept in ((path, MARKDOWN), (markdown_path(path), BROWSER))
            for method in ("GET", "HEAD")
        ]
        assert {response.headers["content-type"] for response in responses} == {"text/markdown; charset=utf-8"}
        assert {response.headers["content-location"] for response in responses} == {markdown_path(path)}
        assert {response.headers["vary"] for response in responses} == {"Accept, Accept-Encoding"}
        assert len({response.headers["etag"] for response in responses}) == 1
        assert len({response.body for response in responses}) == 2  # HEAD has no body
        if path != "/start":
            assert ask(front, path, accept=BROWSER).headers["content-type"] == "text/html; charset=utf-8"
    assert front.paths == []


def test_a_compressed_markdown_version_has_its_own_etag(front):
    etags = {
        ask(front, SEED_URL, accept=accept, accept_encoding=coding).headers["etag"]
        for accept in (MARKDOWN, BROWSER)
        for coding in ("br", "gzip", "identity")
    }
    assert len(etags) == 6
    markdown = ask(front, SEED_URL, accept=MARKDOWN, accept_encoding="br").headers["etag"]
    unchanged = ask(front, SEED_URL, accept=MARKDOWN, accept_encoding="br", if_none_match=markdown)
    assert unchanged.status == 304 and unchanged.headers["content-location"] == f"{SEED_URL}.md"
    assert ask(front, SEED_URL, accept=BROWSER, accept_encoding="br", if_none_match=markdown).status == 200


@pytest.mark.parametrize(
    "accept",
    ["", "*/*", "text/markdown;q=0", "text/markdown;q=0.1\ntext/html", f"text/markdown,{'x' * MAX_VALUE_BYTES}"],
)
def test_html_stays_the_default(front, accept):
    assert ask(front, SEED_URL, accept=accept).headers["content-type"] == "text/html; charset=utf-8"


def test_media_types_have_no_case(front):
    response = ask(front, SEED_URL, accept="Text/Markdown")
    assert response.headers["content-type"] == "text/markdown; charset=utf-8"


def test_an_accept_header_may_have_several_lines(front):
    response = ask(front, SEED_URL, accept="text/html;q=0.5\ntext/markdown")
    assert response.headers["content-type"] == "text/markdown; charset=utf-8"


def test_files_without_a_markdown_version_are_sent_as_they_are(front):
    for path in ("/robots.txt", "/sitemap.xml", "/llms.txt"):
        assert ask(front, path, accept=MARKDOWN).status == 200
    assert front.paths == []


def test_django_answers_if_the_markdown_version_is_not_published_yet(front):
    front.manifest.get("/")
    markdown = front.manifest.entries.pop(f"{SEED_URL}.md")
    ask(front, SEED_URL, accept=MARKDOWN)
    assert ask(front, SEED_URL, accept=BROWSER).status == 200
    ask(front, CALCULATOR_URL, query="hires=3", accept=MARKDOWN)
    assert front.paths == [SEED_URL, CALCULATOR_URL] and markdown


def test_the_front_sends_the_markdown_version_of_a_page_with_a_form(front):
    sent = ask(front, "/start", accept=MARKDOWN, accept_encoding="br")
    assert sent.headers == ask(front, "/start.md", accept_encoding="br").headers and sent.headers["etag"][0] == '"'
    assert ask(front, "/start", accept=MARKDOWN, if_none_match=ask(front, "/start.md").headers["etag"]).status == 304
    assert front.paths == []
    for accept, query in ((BROWSER, ""), ("", ""), ("text/markdown;q=0.1, text/html", ""), (MARKDOWN, "role=qa")):
        ask(front, "/start", query=query, accept=accept)
    ask(front, "/start", "POST", accept=MARKDOWN)
    assert front.paths == ["/start"] * 5


@pytest.mark.parametrize("path", ["/index", "/no-such-page", "/start/", "/START", "/start.md.md", "/robots"])
def test_other_paths_without_an_entry_have_no_markdown_version(front, path):
    ask(front, path, accept=MARKDOWN)
    assert front.paths == [path]
