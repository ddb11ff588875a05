"""llms-full.txt has the Markdown versions of all pages. The publisher makes it from the stored versions."""

from contextlib import closing

import pytest

from layersrank_site.serving import front
from layersrank_site.serving.front import Front
from pages.http.llms_full import PATH
from pages.publish import manifest_entry
from pages.publish.manifest import ManifestReader
from pages.publish.publisher import Publisher
from pages.publish.release import manifest_path
from pages.repository import current

from ...support.asgi_client import ask


@pytest.fixture
def publish(content, monkeypatch):
    """A function that publishes three small pages, one of them with noindex. It returns llms-full.txt, or ""."""
    monkeypatch.setattr(manifest_entry, "compress", lambda body, is_quick: {"identity": body})
    for path in content.rglob("*.md"):
        path.unlink()
    for name, meta in (("a", "Title: A"), ("b", "Title: B"), ("c", "Title: C\nRobots: noindex")):
        text = f"# {name.upper()}\n## /{name}\n\n## META\n\n```\n{meta}\n```\n\nWords of {name}.\n"
        (content / f"{name}.md").write_text(text)

    with closing(Publisher()) as publisher:

        def publish():
            assert publisher.publish(current.refresh() and current.visible_pages())
            entry = publisher.manifest.entries.get(PATH)
            return entry.body("identity").decode() if entry else ""

        yield publish


def test_the_file_has_all_indexable_pages_and_follows_their_edits(publish, content, client):
    text = publish()
    versions = [client.get(path).content.decode() for path in ("/a.md", "/b.md")]
    assert text == "\n".join(versions) and "Words of c." not in text
    path = content / "b.md"
    path.write_text(path.read_text().replace("Words of b.", "Other words."))
    assert "Other words." in publish()
    path.unlink()
    assert publish() == versions[0]


def test_the_file_ends_with_a_whole_page_within_its_limit(publish, settings, client):
    first = client.get("/a.md").content.decode()
    settings.LLMS_FULL_BYTES = len(first) + 100
    text = publish()
    assert text == f"{first}\nThere are more pages: see {settings.SITE_URL}/llms.txt\n"
    assert len(text.encode()) <= settings.LLMS_FULL_BYTES


def test_without_a_limit_there_is_no_file(publish, settings, client):
    assert publish()
    settings.LLMS_FULL_BYTES = 0
    assert publish() == ""
    assert client.get(PATH).status_code == 404
    assert "llms-full" not in client.get("/llms.txt").content.decode()


def test_django_joins_the_pages_only_in_development(publish, settings, client):
    text, response = publish(), client.get(PATH)
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "5", "no-store")
    settings.DEBUG = True
    assert client.get(PATH).content.decode() == text


def test_a_large_file_is_sent_in_chunks(publish, monkeypatch):
    text = publish()
    monkeypatch.setattr(front, "CHUNK_BYTES", 10)
    with closing(ManifestReader(manifest_path())) as manifest:
        response = ask(Front(None, manifest, ["testserver"]), PATH)
    assert response.body.decode() == text and response.headers["content-length"] == str(len(text.encode()))
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
