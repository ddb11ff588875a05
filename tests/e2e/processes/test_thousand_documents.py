"""A thousand documents: lazy loading, the snapshot, publishing after an edit, and a running server."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from pages.content import lazy_page, library
from pages.content.lazy_page import DocumentRemoved, LazyPage
from pages.publish import manifest_entry
from pages.publish.pending_requests import MAX_BYTES, PendingRequests
from pages.publish.prerender import Prerenderer
from pages.publish.publisher import Publisher
from pages.publish.release import pending_requests_path, snapshot_path
from pages.repository import current, snapshot

from ...conftest import SAMPLE_SITE, SEED_URL, serving

COUNT = 1_000
ABOUT = "one of a thousand documents, each with a name, an address and a description of a good length, and few words"
DOCUMENT = f"""# Number {{0}}
## /many/number-{{0}}

## META

```
Title: The document with the number {{0}} | LayersRank
Description: Number {{0}}, {ABOUT}.
```

Words.
"""

read_document = library.read_document
read_names = []


def read_and_record(folder, settings, pictures, path, **limit):
    read_names.append(path.name)
    return read_document(folder, settings, pictures, path, **limit)


def write_many(folder):
    (folder / "many").mkdir()
    for number in range(COUNT):
        (folder / "many" / f"number-{number}.md").write_text(DOCUMENT.format(number))


@pytest.fixture
def many(content):
    write_many(content)
    current.reset()
    return content


@pytest.fixture
def reads(monkeypatch):
    """The names of the documents that were read."""
    read_names.clear()
    for module in (library, snapshot):
        monkeypatch.setattr(module, "read_document", read_and_record)
    return read_names


def summaries(lazy):
    return {url: (page.name, page.meta, page.path, page.images, page.digest) for url, page in lazy.pages.items()}


def test_lazy_pages_keep_only_a_summary_in_memory(many, reads):
    full, lazy = library.load(many), library.load(many, lazy=True)
    reads.clear()
    assert summaries(lazy) == summaries(full) and lazy.problems == full.problems and lazy.aliases == full.aliases
    assert reads == []
    page = lazy.pages[SEED_URL]
    assert [section.heading for section in page.sections] == [s.heading for s in full.pages[SEED_URL].sections]
    assert (page.hero, page.plain_text, page.anchors) == (full.pages[SEED_URL].hero, page.plain_text, page.anchors)
    assert reads == ["machine-learning-engineer.md"]
    for each in lazy.pages.values():
        assert isinstance(each, LazyPage) and each.plain_text is not None
    assert len(lazy_page._full_pages) == lazy_page.MAX_FULL_PAGES
    assert lazy.all_problems == full.all_problems


def test_a_removed_document_is_a_404(many, client):
    current.use_lazy_pages(None)
    lazy = current.refresh()
    (many / "pricing.md").unlink()
    lazy_page._full_pages.clear()
    with pytest.raises(DocumentRemoved):
        lazy.pages["/pricing"].sections  # noqa: B018
    assert client.get("/pricing").status_code == 404


def test_a_snapshot_contains_the_whole_library(many, tmp_path, reads):
    lazy = library.load(many, lazy=True)
    path = tmp_path / "snapshot"
    assert snapshot.read(path) is None
    snapshot.write(path, lazy)
    assert path.stat().st_size / len(lazy.pages) < 2_000
    reads.clear()
    restored = snapshot.read(path)
    assert (
        summaries(restored) == summaries(lazy) and restored.stamps == lazy.stamps and restored.problems == lazy.problems
    )
    assert restored.pages[SEED_URL] is restored.documents[many / "hire" / "machine-learning-engineer.md"]
    assert library.load(many, restored, lazy=True).pages[SEED_URL] is restored.pages[SEED_URL]
    assert reads == []
    assert restored.pages[SEED_URL].sections and reads == ["machine-learning-engineer.md"]
    path.write_bytes(path.read_bytes()[:-10])
    assert snapshot.read(path) is None


def test_writing_a_snapshot_can_be_interrupted(many, tmp_path):
    path, calls = tmp_path / "snapshot", []

    def should_interrupt():
        calls.append(path)
        return len(calls) == 3

    lazy = library.load(many, lazy=True)
    assert not snapshot.write(path, lazy, should_interrupt)
    assert list(tmp_path.glob("*snapshot*")) == list(tmp_path.glob(".*")) == []
    assert snapshot.write(path, lazy, should_interrupt) and snapshot.read(path).pages.keys() == lazy.pages.keys()


def test_without_a_snapshot_only_requested_documents_are_read(many, reads, client, monkeypatch):
    reader = snapshot.SnapshotReader(snapshot_path(), many)
    monkeypatch.setattr(current, "_snapshot", reader)
    response = client.get("/many/number-7")
    assert (
        response.status_code == 200
        and b"<h1>Number 7</h1>" in response.content
        and b'href="/pricing"' in response.content
    )
    assert response["Cache-Control"] == "no-store" and "ETag" not in response
    assert "number-7.md" in reads and len(reads) < 30
    assert client.get("/hire").status_code == client.get(SEED_URL).status_code == client.get("/").status_code == 200
    for unknown in ("/many/number-7000", "/old-address", "/many"):
        response = client.get(unknown)
        assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "2", "no-store")
    assert len(reads) < 50
    snapshot.write(snapshot_path(), library.load(many, lazy=True))
    assert client.get("/many/number-7000").status_code == 404
    assert "s-maxage" in client.get("/many/number-7")["Cache-Control"]


def test_without_a_snapshot_a_small_library_is_read_completely(content, tmp_path):
    lazy = snapshot.SnapshotReader(tmp_path / "none", content).current()
    assert lazy.is_complete and SEED_URL in lazy.pages


@pytest.fixture
def publishing(content, monkeypatch):
    for path in (content / "hire").glob("*.md"):
        if path.name not in ("index.md", "machine-learning-engineer.md", "data-engineer.md"):
            path.unlink()
    monkeypatch.setattr(manifest_entry, "compress", lambda body, is_quick: {"identity": body})
    with closing(Publisher()) as publishing:
        publishing.publish(current.visible_pages())
        yield publishing


@pytest.fixture
def rendered(monkeypatch):
    paths, render = [], Prerenderer.render
    monkeypatch.setattr(Prerenderer, "render", lambda self, path: paths.append(path) or render(self, path))
    return paths


def entries(publishing):
    return {path: (entry.digest, entry.parameters) for path, entry in publishing.manifest.entries.items()}


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def renamed(content):
    edit(content / "hire" / "data-engineer.md", "# Hire Data Engineer", "# Hire Datum Engineer")


def described(content):
    edit(content / "hire" / "data-engineer.md", "Description: ", "Description: Lately. ")


def added(content):
    text = DOCUMENT.replace("/many/number-{0}", "/hire/another").replace("{0}", "new")
    (content / "hire" / "another.md").write_text(text)


def drafted(content):
    edit(content / "hire" / "data-engineer.md", "Title: ", "Status: draft\nTitle: ")


def deleted(content):
    (content / "hire" / "data-engineer.md").unlink()


def reworded(content):
    edit(content / "pricing.md", "**Headline:**", "**Headline:** Lately,")


def resettled(content):
    edit(content / "site.toml", 'description = "', 'description = "Lately. ')


def with_another_fact(content):
    edit(content / "facts.toml", 'what = "', 'what = "Lately. ')


CHANGES = [renamed, described, added, drafted, deleted, reworded, resettled, with_another_fact]


@pytest.mark.parametrize("change", CHANGES)
def test_incremental_and_full_updates_publish_the_same_entries(publishing, content, change, settings, tmp_path):
    before = entries(publishing)
    change(content)
    publishing.publish(current.visible_pages())
    settings.BUILD_DIR = tmp_path / "fresh"
    with closing(Publisher()) as fresh:
        fresh.publish(current.visible_pages())
        assert entries(publishing) == entries(fresh) != before


def test_an_edit_renders_only_affected_pages(publishing, content, rendered):
    reworded(content)
    publishing.publish(current.visible_pages())
    pages = set(rendered) & current.get_library().pages.keys()
    assert rendered[0] == "/pricing" and pages == {"/pricing"}
    assert "/sitemap.xml" in rendered and not any(path.startswith("/static/") for path in rendered)


def test_changed_pages_are_rendered_first_even_after_an_interruption(publishing, content, rendered):
    publishing._should_interrupt = lambda: True
    resettled(content)
    assert not publishing.publish(current.visible_pages())
    count = len(rendered)
    reworded(content)
    assert not publishing.publish(current.visible_pages())
    assert rendered[count:] == ["/pricing"]


def test_requested_pages_are_rendered_before_others(publishing, content, rendered):
    resettled(content)
    pending = PendingRequests(pending_requests_path())
    for address in ("/pricing", "/no-such-page", "/about", "/about", "/\udcff".encode("utf-8", "replace").decode()):
        pending.add(address)
    publishing.publish(current.visible_pages())
    assert rendered[:2] == ["/pricing", "/about"] and rendered.count("/about") == 1
    assert pending.pop_all() == []
    for _ in range(MAX_BYTES):
        pending.add("/pricing")
    assert pending_requests_path().stat().st_size < MAX_BYTES + 10


def test_concurrent_readers_get_the_same_page_object(content):
    """Forms are compared by identity. All readers must therefore get the same page object, with the same form."""
    lazy = library.load(content, lazy=True).pages["/start"]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(20):
            lazy_page._full_pages.clear()
            pages = list(pool.map(lambda _: lazy.full, range(16)))
            assert all(each is pages[0] for each in pages)
            assert all(each.form is pages[0].form for each in pages)


def test_gunicorn_serves_a_thousand_documents(tmp_path):
    shutil.copytree(SAMPLE_SITE, tmp_path / "content")
    write_many(tmp_path / "content")
    with serving(tmp_path) as server:
        assert "<h1>Number 999</h1>" in server.get("/many/number-999").text
        server.published("/")
        path = server.content / "many" / "number-500.md"
        path.write_text(path.read_text().replace("Words.", "Fresh words."))
        server.until("/many/number-500", lambda response: "Fresh words." in response.text)
        server.published("/many/number-500")
        server.until("/search?q=fresh", lambda response: "<mark>Fresh</mark>" in response.text)
        assert server.get("/many/number-1000").status == 404
