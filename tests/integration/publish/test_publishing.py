"""Test the publisher: which pages it publishes and when, what it reuses, and what it deletes."""

import fcntl
import re
import shutil
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from layersrank_site.serving.front import MAX_VALUE_BYTES
from pages import clock
from pages.content import lazy_page
from pages.media import artifact_store
from pages.publish import manifest_entry, progress, publisher, publishing_loop, watcher
from pages.publish.manifest import ManifestReader
from pages.publish.prerender import public_paths
from pages.publish.publisher import Publisher
from pages.publish.release import folder, manifest_path, search_index_path
from pages.publish.sweep import sweep
from pages.repository import current
from pages.search import index_digest

from ...conftest import SEED_URL
from ..repository.test_edits import PAGE


@pytest.fixture
def publishing(content, monkeypatch):
    """A publisher with few pages and no compression, because compression is slow."""
    kept = ("index.md", "machine-learning-engineer.md", "about.md", "pricing.md", "start.md", "terms.md")
    for path in content.rglob("*.md"):
        if path.name not in kept:
            path.unlink()
    monkeypatch.setattr(manifest_entry, "compress", lambda body, is_quick: {"identity": body})
    with closing(Publisher()) as publishing:
        yield publishing


def paths():
    with closing(ManifestReader(manifest_path())) as reader:
        reader.refresh()
        return set(reader.entries)


def write(content, name, *meta):
    text = PAGE.replace("/hire/new", f"/hire/{name}").replace("Title: New", "\n".join(["Title: New", *meta]))
    (content / "hire" / f"{name}.md").write_text(text)


def test_drafts_and_future_pages_are_not_published(publishing, content):
    soon = datetime.now(UTC) + timedelta(days=1)
    write(content, "draft", "Status: draft")
    write(content, "later", f"Publish: {soon:%Y-%m-%d %H:%M} Z")
    write(content, "new")
    publishing.publish(current.visible_pages())
    assert "/hire/new" in paths() and SEED_URL in paths()
    assert paths().isdisjoint({"/hire/draft", "/hire/later"})
    write(content, "new", "Status: draft")
    publishing.publish(current.visible_pages())
    assert "/hire/new" not in paths() and SEED_URL in paths()


def test_a_page_is_published_again_when_its_canonical_page_appears_or_disappears(publishing, content):
    write(content, "copy", "Canonical: /hire/new")
    for meta, expected in (("Status: draft", "copy"), ("Keywords: live", "new"), ("Status: draft", "copy")):
        write(content, "new", meta)
        publishing.publish(current.visible_pages())
        body = publishing.manifest.entries["/hire/copy"].body("identity")
        assert re.search(rb'rel="canonical" href="[^"]+/hire/(\w+)"', body)[1].decode() == expected


def test_a_link_to_an_unpublished_page_is_text_until_that_page_is_live(publishing, content):
    def shows_link():
        publishing.publish(current.visible_pages())
        return '<a href="/hire/launch">' in publishing.manifest.entries["/hire/new"].body("identity").decode()

    write(content, "new")
    text = (content / "hire" / "new.md").read_text()
    (content / "hire" / "new.md").write_text(f"{text}\nRead [the launch](/hire/launch).\n")
    assert shows_link()  # a link to a URL without a document stays a link
    for meta, expected in (("Publish: 2999-12-01", False), ("Keywords: live", True), ("Status: draft", False)):
        write(content, "launch", meta)
        assert shows_link() == expected


def test_a_change_to_a_sample_report_or_its_role_publishes_both_pages_and_the_hub(publishing, content):
    def body(path):
        return publishing.manifest.entries[path].body("identity").decode()

    role, report, hub = content / "hire" / "baker.md", "/resources/baker-report", "/resources"
    role.write_text("# Baker\n## /hire/baker\n\n## DIMENSIONS\n\n### Craft (60%)\n\n### Care (40%)\n")
    publishing.publish(current.visible_pages())
    assert report not in body("/hire/baker")
    table = "| Dimension | Score |\n|---|---|\n| Craft | 70 ± 5 |\n| Care | 80 ± 5 |"
    text = f"# Report\n## {report}\n\n## SCORES\n\n**Role:** /hire/baker\n\n{table}\n"
    (content / "resources" / "baker-report.md").write_text(text)
    publishing.publish(current.visible_pages())
    assert report in body("/hire/baker") and "74 ± 5" in body(report) and "74 ± 5" in body(hub)
    role.write_text(role.read_text().replace("60%", "40%").replace("Care (40%)", "Care (60%)"))
    publishing.publish(current.visible_pages())
    assert "76 ± 5" in body(report) and "76 ± 5" in body(hub)
    role.unlink()
    publishing.publish(current.visible_pages())
    assert "76 ± 5" not in body(report) and "70\u00a0±\u00a05" in body(report)


def test_hubs_are_published_again_when_the_weights_of_a_listed_page_change(publishing, content):
    seed = content / "hire" / "machine-learning-engineer.md"
    hubs = ("/", "/hire")

    def charts():
        return [publishing.manifest.entries[path].body("identity").decode().partition('"chart')[2] for path in hubs]

    publishing.publish(current.visible_pages())
    about = publishing.manifest.entries["/about"]
    assert all("<b>45%</b>" in chart for chart in charts())
    seed.write_text(seed.read_text().replace("(45%)", "(41%)").replace("(35%)", "(39%)"))
    publishing.publish(current.visible_pages())
    assert all("<b>41%</b>" in chart and "<b>45%</b>" not in chart for chart in charts())
    assert publishing.manifest.entries["/about"] is about


def test_only_public_responses_are_published(publishing, content, monkeypatch):
    publishing.publish(current.visible_pages())
    assert "/pricing" in paths()
    monkeypatch.setattr("pages.http.views.cache_page", lambda request, response, library: response)
    with closing(Publisher()) as another:
        another.publish(current.visible_pages())
    assert "/pricing" not in paths() and "/robots.txt" in paths()


def test_pages_that_changed_since_the_last_run_are_removed_before_the_snapshot_is_written(
    publishing, content, monkeypatch
):
    before = current.visible_pages()
    publishing.publish(before)
    assert {"/pricing", "/terms", SEED_URL} <= paths()
    (content / "pricing.md").write_text((content / "pricing.md").read_text() + "\nMore.\n")
    (content / "terms.md").unlink()
    monkeypatch.setattr(Publisher, "_publish", lambda self, rendered, dependencies: None)
    with closing(Publisher(lambda: True, before.library)) as another:
        another.publish(current.visible_pages())
    assert SEED_URL in paths() and paths().isdisjoint({"/pricing", "/terms"})


def test_a_large_build_reports_progress_and_leaves_the_best_compression_for_later(publishing, content, monkeypatch):
    def compress(body, is_quick):
        return {"identity": body, "gzip": b"gzip", "br": b"quick" if is_quick else b"best"}

    def brotli_versions():
        return {entry.body("br") for entry in publishing.manifest.entries.values() if "br" in entry.sizes}

    messages = []
    monkeypatch.setattr(manifest_entry, "compress", compress)
    monkeypatch.setattr(progress, "INTERVAL_SECONDS", 0)
    monkeypatch.setattr(publishing, "_report", messages.append)
    responses = len(set(public_paths(current.visible_pages())))
    monkeypatch.setattr(publisher, "LARGE_BUILD_RESPONSES", responses - 1)
    publishing.publish(current.visible_pages())
    pages = len(current.visible_pages().pages())
    assert messages[0] == f"Published 1 of {pages} pages" and messages[-1] == f"Published {pages} of {pages} pages"
    assert brotli_versions() == {b"quick"}
    while publishing.recompress_next():
        pass
    assert brotli_versions() == {b"best"}
    write(content, "new")  # this edit changes few pages
    publishing.publish(current.visible_pages())
    assert brotli_versions() == {b"best"}


def test_a_build_that_was_killed_compresses_no_stored_body_again(publishing, content, monkeypatch):
    stored = []

    def compress(body, is_quick):
        assert body not in stored
        stored.append(body)
        return {"identity": body, "gzip": b"gzip", "br": b"brotli"}

    monkeypatch.setattr(manifest_entry, "compress", compress)
    monkeypatch.setattr(publishing, "_should_interrupt", lambda: len(stored) > 5)
    assert not publishing.publish(current.visible_pages())
    assert 5 < len(stored) < len(list(public_paths(current.visible_pages())))
    with closing(Publisher()) as another:
        assert another.publish(current.visible_pages())
    assert paths() >= {"/pricing", "/about", SEED_URL}


def test_all_pages_are_removed_if_the_library_of_the_last_run_is_unknown(publishing, content, monkeypatch):
    publishing.publish(current.visible_pages())
    monkeypatch.setattr(Publisher, "_publish", lambda self, rendered, dependencies: None)
    with closing(Publisher(lambda: True)) as another:
        another.publish(current.visible_pages())
    assert paths() == set()


def test_an_interrupted_update_of_the_search_index_leaves_no_wrong_digest(publishing, content, monkeypatch):
    publishing.publish(current.visible_pages())
    assert index_digest.matches(search_index_path())
    (content / "pricing.md").write_text((content / "pricing.md").read_text() + "\nMore.\n")
    monkeypatch.setattr(publishing, "_should_interrupt", lambda: True)
    assert not publishing.publish(current.visible_pages())
    assert not index_digest.path_of(search_index_path()).exists()


def test_a_published_page_stays_while_its_document_is_being_saved(publishing, content, monkeypatch):
    monkeypatch.setattr(current, "_is_lazy", True)
    current.reset()
    visible = current.visible_pages()
    publishing.publish(visible)
    before = publishing.manifest.entries["/pricing"]
    for text in ("", (content / "pricing.md").read_text()[:300]):
        (content / "pricing.md").write_text(text)
        publishing._fingerprints.clear()
        lazy_page._full_pages.clear()
        publishing.publish(visible)
        assert publishing.manifest.entries["/pricing"] is before
    publishing.publish(current.visible_pages())
    assert publishing.manifest.entries["/pricing"] is not before


def test_unchanged_responses_are_compressed_once(publishing, content, monkeypatch):
    compressed = []
    monkeypatch.setattr(
        manifest_entry, "compress", lambda body, is_quick: compressed.append(body) or {"identity": body}
    )
    publishing.publish(current.visible_pages())
    assert len(compressed) == len(publishing.manifest.entries)
    compressed.clear()
    publishing.publish(current.visible_pages())
    assert compressed == []
    path = content / "pricing.md"
    path.write_text(path.read_text().replace("**Headline:**", "**Headline:** Lately,"))
    publishing.publish(current.visible_pages())
    # The page, its Markdown version, and the file with all Markdown versions.
    assert len(compressed) == 3 and all(b"Lately," in body for body in compressed)


def test_old_releases_and_bodies_are_deleted(publishing, content, monkeypatch):
    publishing.publish(current.visible_pages())
    other = folder().with_name("another")
    shutil.copytree(folder(), other)
    body = artifact_store.write("/pages/ab/abcd-br", b"x") or artifact_store._path("/pages/ab/abcd-br")
    sweep()
    assert other.exists() and body.exists()
    monkeypatch.setattr(artifact_store, "RETENTION_SECONDS", -1)
    sweep()
    assert not other.exists() and not body.exists()
    with closing(ManifestReader(manifest_path())) as reader:
        reader.refresh()
        assert all(entry.body("identity") for entry in reader.entries.values())


def test_files_that_vanish_during_the_sweep_do_not_matter(publishing, monkeypatch):
    publishing.publish(current.visible_pages())
    other = folder().with_name("another")
    shutil.copytree(folder(), other)
    artifact_store.write("/pages/ab/abcd-br", b"x")
    vanished = (other / "manifest", artifact_store._path("/pages/ab/abcd-br"))
    glob = Path.glob

    def glob_and_delete(folder, pattern):
        for path in list(glob(folder, pattern)):
            if path in vanished:
                path.unlink()
            yield path

    monkeypatch.setattr(Path, "glob", glob_and_delete)
    sweep()
    assert not any(path.exists() for path in vanished)


def test_a_new_document_that_is_deleted_before_it_is_rendered_is_left_out(publishing, content, monkeypatch):
    monkeypatch.setattr(current, "_is_lazy", True)
    current.reset()
    publishing.publish(current.visible_pages())
    write(content, "new")
    visible = current.visible_pages()
    lazy_page._full_pages.clear()
    (content / "hire" / "new.md").unlink()
    publishing.publish(visible)
    assert "/hire/new" not in paths()


def test_a_page_is_published_at_its_publication_time(publishing, content, monkeypatch):
    now = [datetime(2030, 1, 1, tzinfo=UTC)]

    monkeypatch.setattr(clock, "now", lambda: now[0])
    write(content, "later", "Publish: 2030-01-02 09:00 Z")
    watch = watcher.Watcher(content, reload=False)
    watch.start(current.visible_pages())
    publishing.publish(current.visible_pages())
    assert "/hire/later" not in paths() and not watch.has_changes()
    now[0] = datetime(2030, 1, 2, 9, tzinfo=UTC)
    watch._next_poll = 0
    assert watch.has_changes()
    publishing.publish(current.visible_pages())
    assert "/hire/later" in paths()
    watch.clear()
    watch.start(current.visible_pages())
    watch._next_poll = 0
    assert not watch.has_changes()


def test_the_banner_appears_and_ends_without_an_edit(publishing, content, monkeypatch):
    now = [datetime(2030, 1, 1, tzinfo=UTC)]
    rendered = []

    monkeypatch.setattr(clock, "now", lambda: now[0])
    banner = '[banner]\ntext = "Closed"\nfrom = "2030-01-02"\nuntil = "2030-01-03"\npages = ["/pricing"]\n'
    (content / "site.toml").write_text((content / "site.toml").read_text() + banner)
    render = publishing._prerenderer.render
    monkeypatch.setattr(publishing._prerenderer, "render", lambda path: rendered.append(path) or render(path))
    watch = watcher.Watcher(content, reload=False)

    def has_banner():
        watch.clear()
        watch.start(current.visible_pages())
        rendered.clear()
        publishing.publish(current.visible_pages())
        watch._next_poll = 0
        return b'class="banner"' in publishing.manifest.entries["/pricing"].body("identity")

    assert not has_banner() and not watch.has_changes()
    now[0] = datetime(2030, 1, 2, tzinfo=UTC)
    watch._next_poll = 0
    assert watch.has_changes()
    assert has_banner() and rendered == ["/pricing"]
    now[0] = datetime(2030, 1, 4, tzinfo=UTC)
    assert watch.has_changes()
    assert not has_banner() and rendered == ["/pricing"] and not watch.has_changes()


def test_a_release_in_use_is_not_deleted(publishing, content, monkeypatch):
    publishing.publish(current.visible_pages())
    other = shutil.copytree(folder(), folder().with_name("another"))
    monkeypatch.setattr(artifact_store, "RETENTION_SECONDS", -1)
    with (other / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        sweep()
        assert other.exists()
    sweep()
    assert not other.exists()


def test_static_files_are_immutable_and_compressed(server):
    urls = re.findall(r'(?:href="|url\()(/static/[^")]+)', server.get(SEED_URL).text)
    assert any(path.endswith(".woff2") for path in urls) and any(path.endswith(".svg") for path in urls)
    for path in urls:
        response = server.get(path, **{"Accept-Encoding": "br, gzip"})
        assert (response.status, response.headers["Access-Control-Allow-Origin"]) == (200, None)
        cached = {part.strip() for part in response.headers["Cache-Control"].split(",")}
        assert cached == {"public", "max-age=31536000", "immutable"}
    icon = server.published(next(path for path in urls if path.endswith(".svg")))
    assert icon.headers["Content-Type"] == "image/svg+xml"
    assert "Warning" not in server.log.read_text()


def test_published_responses_have_the_headers_that_django_sends(server):
    # The site publishes this path after all others. Only the static files come later.
    server.published("/llms.txt")
    server.until("/", lambda _: {"css", "woff2"} <= {path.rpartition(".")[2] for path in published_paths(server)})
    # The ASGI front passes a request to Django if the header If-Match is longer than MAX_VALUE_BYTES.
    too_long = f'"{"x" * MAX_VALUE_BYTES}"'
    of_one_answer = ("date", "etag", "last-modified", "transfer-encoding", "connection")
    kinds = set()
    for path in set(published_paths(server)) - {"/llms-full.txt"}:  # Django itself never sends this file in production.
        expected = None
        while expected is None or expected.status == 412:  # The page changed, because it shows the size of a new file.
            got = server.until(path, lambda answer: answer.headers["Vary"])  # Stored responses always have Vary.
            expected = server.get(path, **{"If-Match": f"{too_long}, {got.headers['ETag']}"})
        assert expected.status == got.status == 200 and expected.body == got.body, path
        left, right = (
            {name.lower(): value for name, value in response.headers.items() if name.lower() not in of_one_answer}
            for response in (expected, got)
        )
        assert right == {"vary": "Accept-Encoding"} | left, path
        kinds.add(right["content-type"])
    assert {"font/woff2", "text/html; charset=utf-8", 'text/css; charset="utf-8"'} <= kinds


def published_paths(server):
    (path,) = (server.content.parent / "build" / "releases").glob("*/manifest")
    with closing(ManifestReader(path)) as manifest:
        manifest.refresh()
        return list(manifest.entries)


def test_repeated_damage_is_repaired_at_most_once_a_second(publishing, monkeypatch):
    """Another program that changes a file again and again must not keep the publisher busy."""
    now, published = [1000.0], []

    class Stopped(Exception):
        pass

    def sleep(seconds):
        now[0] += seconds
        if now[0] > 1010:
            raise Stopped

    monkeypatch.setattr(publishing_loop, "monotonic", lambda: now[0])
    monkeypatch.setattr(publishing_loop, "sleep", sleep)
    monkeypatch.setattr(publishing_loop, "Publisher", lambda should_interrupt, previous, pool: publishing)
    monkeypatch.setattr(publishing, "publish", lambda visible: published.append(now[0]) or True)
    monkeypatch.setattr(publishing, "find_damage", lambda: True)
    monkeypatch.setattr(publishing, "prebuild", lambda visible: False)
    monkeypatch.setattr(publishing_loop, "sweep", lambda: None)
    monkeypatch.setattr(publishing_loop.MediaWorker, "build", lambda self, artifacts: None)
    monkeypatch.setattr(publishing_loop.ContentStatusWriter, "publishing_started", lambda self, library: None)
    monkeypatch.setattr(publishing_loop.ContentStatusWriter, "publishing_finished", lambda self: None)
    with pytest.raises(Stopped):
        publishing_loop.run(reload=False)
    assert 5 <= len(published) <= 12
