"""A thousand documents: nobody waits for those that nobody asks for, and an edit makes anew what shows it."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from pages.content import lazy_page, library
from pages.content.lazy_page import DocumentRemoved, LazyPage
from pages.publish import publisher
from pages.publish.pending_requests import MAX_BYTES, PendingRequests
from pages.publish.prerender import Prerenderer
from pages.publish.publisher import Publisher
from pages.publish.release import pending_requests_path, snapshot_path
from pages.repository import current, snapshot

from ...conftest import SAMPLE_SITE, SEED_URL, serving

COUNT = 1_000
SAID = "one of a thousand documents, each with a name, an address and a description of a good length, and few words"
DOCUMENT = f"""# Number {{0}}
## /many/number-{{0}}

## META

```
Title: The document with the number {{0}} | LayersRank
Description: Number {{0}}, {SAID}.
```

Words.
"""

read_document = library.read_document
done = []


def read_and_noted(folder, settings, pictures, path, **limit):
    done.append(path.name)
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
    """The names of documents as they are read."""
    done.clear()
    monkeypatch.setattr(library, "read_document", read_and_noted)
    return done


def shown(found):
    return {url: (page.name, page.meta, page.path, page.images, page.digest) for url, page in found.pages.items()}


def test_what_others_need_of_a_page_is_all_that_is_kept(many, reads):
    whole, found = library.load(many), library.load(many, lazy=True)
    reads.clear()
    assert shown(found) == shown(whole) and found.problems == whole.problems and found.aliases == whole.aliases
    assert reads == []
    page = found.pages[SEED_URL]
    assert [section.heading for section in page.sections] == [s.heading for s in whole.pages[SEED_URL].sections]
    assert (page.hero, page.plain_text, page.anchors) == (whole.pages[SEED_URL].hero, page.plain_text, page.anchors)
    assert reads == ["machine-learning-engineer.md"]
    for each in found.pages.values():
        assert isinstance(each, LazyPage) and each.plain_text is not None
    assert len(lazy_page._full_pages) == lazy_page.MAX_FULL_PAGES
    assert found.all_problems == whole.all_problems


def test_a_document_that_is_gone_when_it_is_read_again(many, client):
    current.use_lazy_pages(None)
    found = current.refresh()
    (many / "pricing.md").unlink()
    lazy_page._full_pages.clear()
    with pytest.raises(DocumentRemoved):
        found.pages["/pricing"].sections  # noqa: B018
    assert client.get("/pricing").status_code == 404


def test_a_catalog_says_what_the_documents_hold(many, tmp_path, reads):
    found = library.load(many, lazy=True)
    path = tmp_path / "catalog"
    assert snapshot.read(path) is None
    snapshot.write(path, found)
    assert path.stat().st_size / len(found.pages) < 2_000
    reads.clear()
    again = snapshot.read(path)
    assert shown(again) == shown(found) and again.stamps == found.stamps and again.problems == found.problems
    assert again.pages[SEED_URL] is again.documents[many / "hire" / "machine-learning-engineer.md"]
    assert library.load(many, again, lazy=True).pages[SEED_URL] is again.pages[SEED_URL]
    assert reads == []
    assert again.pages[SEED_URL].sections and reads == ["machine-learning-engineer.md"]
    path.write_bytes(path.read_bytes()[:-10])
    assert snapshot.read(path) is None


def test_a_catalog_waits_for_what_has_to_be_done_first(many, tmp_path):
    path, asked = tmp_path / "catalog", []

    def is_there_news():
        asked.append(path)
        return len(asked) == 3

    found = library.load(many, lazy=True)
    assert not snapshot.write(path, found, is_there_news)
    assert list(tmp_path.glob("*catalog*")) == list(tmp_path.glob(".*")) == []
    assert snapshot.write(path, found, is_there_news) and snapshot.read(path).pages.keys() == found.pages.keys()


def test_until_there_is_a_catalog_what_is_asked_for_is_read_and_nothing_else(many, reads, client, monkeypatch):
    following = snapshot.SnapshotReader(snapshot_path(), many)
    monkeypatch.setattr(current, "_snapshot", following)
    answer = client.get("/many/number-7")
    assert answer.status_code == 200 and b"<h1>Number 7</h1>" in answer.content and b'href="/pricing"' in answer.content
    assert answer["Cache-Control"] == "no-store" and "ETag" not in answer
    assert "number-7.md" in reads and len(reads) < 30
    assert client.get("/hire").status_code == client.get(SEED_URL).status_code == client.get("/").status_code == 200
    for unknown in ("/many/number-7000", "/old-address", "/many"):
        answer = client.get(unknown)
        assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "2", "no-store")
    assert len(reads) < 50
    snapshot.write(snapshot_path(), library.load(many, lazy=True))
    assert client.get("/many/number-7000").status_code == 404
    assert "s-maxage" in client.get("/many/number-7")["Cache-Control"]


def test_few_documents_are_read_at_once(content, tmp_path):
    found = snapshot.SnapshotReader(tmp_path / "none", content).current()
    assert found.is_complete and SEED_URL in found.pages


@pytest.fixture
def publishing(content, monkeypatch):
    for path in (content / "hire").glob("*.md"):
        if path.name not in ("index.md", "machine-learning-engineer.md", "data-engineer.md"):
            path.unlink()
    monkeypatch.setattr(publisher, "compress", lambda body: {"identity": body})
    with closing(Publisher()) as publishing:
        publishing.publish(current.visible_pages())
        yield publishing


@pytest.fixture
def made(monkeypatch):
    asked, answer = [], Prerenderer.render
    monkeypatch.setattr(Prerenderer, "render", lambda self, path: asked.append(path) or answer(self, path))
    return asked


def table(publishing):
    return {path: (entry.digest, entry.reads_query) for path, entry in publishing.manifest.entries.items()}


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


@pytest.mark.parametrize("change", [renamed, described, added, drafted, deleted, reworded, resettled])
def test_after_an_edit_all_is_as_if_it_had_been_made_anew(publishing, content, change, settings, tmp_path):
    before = table(publishing)
    change(content)
    publishing.publish(current.visible_pages())
    settings.BUILD_DIR = tmp_path / "anew"
    with closing(Publisher()) as anew:
        anew.publish(current.visible_pages())
        assert table(publishing) == table(anew) != before


def test_an_edit_of_one_page_makes_no_other_page_anew(publishing, content, made):
    reworded(content)
    publishing.publish(current.visible_pages())
    pages = set(made) & current.get_library().pages.keys()
    assert made[0] == "/pricing" and pages == {"/pricing"}
    assert "/sitemap.xml" in made and not any(path.startswith("/static/") for path in made)


def test_what_changed_itself_is_made_first_and_the_rest_waits_for_what_changes_meanwhile(publishing, content, made):
    publishing._should_interrupt = lambda: True
    resettled(content)
    assert not publishing.publish(current.visible_pages())
    done = len(made)
    reworded(content)
    assert not publishing.publish(current.visible_pages())
    assert made[done:] == ["/pricing"]


def test_what_visitors_ask_for_is_made_next(publishing, content, made):
    resettled(content)
    asks = PendingRequests(pending_requests_path())
    for address in ("/pricing", "/no-such-page", "/about", "/about", "/\udcff".encode("utf-8", "replace").decode()):
        asks.add(address)
    publishing.publish(current.visible_pages())
    assert made[:2] == ["/pricing", "/about"] and made.count("/about") == 1
    assert asks.pop_all() == []
    for _ in range(MAX_BYTES):
        asks.add("/pricing")
    assert pending_requests_path().stat().st_size < MAX_BYTES + 10


def test_gunicorn_serves_a_thousand_documents(tmp_path):
    shutil.copytree(SAMPLE_SITE, tmp_path / "content")
    write_many(tmp_path / "content")
    with serving(tmp_path) as server:
        assert "<h1>Number 999</h1>" in server.get("/many/number-999").text
        server.published("/")
        path = server.content / "many" / "number-500.md"
        path.write_text(path.read_text().replace("Words.", "Fresh words."))
        server.until("/many/number-500", lambda answer: "Fresh words." in answer.text)
        server.published("/many/number-500")
        server.until("/search?q=fresh", lambda answer: "<mark>Fresh</mark>" in answer.text)
        assert server.get("/many/number-1000").status == 404


def test_all_who_ask_for_a_page_at_once_get_the_same_whole_one(content):
    """Or a form, which is told by what it is and not by what it holds, would not be known in its own page."""
    found = library.load(content, lazy=True).pages["/start"]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(20):
            lazy_page._full_pages.clear()
            wholes = list(pool.map(lambda _: found.full, range(16)))
            assert all(each is wholes[0] for each in wholes)
            assert all(each.form is wholes[0].form for each in wholes)
