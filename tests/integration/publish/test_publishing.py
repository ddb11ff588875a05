"""What is published, by the process beside gunicorn's workers: made once, seen by all, and never what is not to be."""

import fcntl
import os
import re
import shutil
import signal
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from threading import Event, Thread

import pytest

from pages.media import artifact_store
from pages.publish import publisher, watcher
from pages.publish.manifest import ManifestReader
from pages.publish.publisher import Publisher, sweep
from pages.publish.release import folder, manifest_path
from pages.repository import current

from ...conftest import ROOT, SEED_URL, serving
from ..repository.test_edits import PAGE
from ..serving.test_shutdown import publishing_processes


@pytest.fixture
def publishing(content, monkeypatch):
    """With a few pages, and nothing compressed: that takes longest."""
    for path in (content / "hire").glob("*.md"):
        if path.name not in ("index.md", "machine-learning-engineer.md"):
            path.unlink()
    monkeypatch.setattr(publisher, "compress", lambda body: {"identity": body})
    with closing(Publisher()) as publishing:
        yield publishing


def paths():
    with closing(ManifestReader(manifest_path())) as following:
        following.refresh()
        return set(following.entries)


def write(content, name, *meta):
    text = PAGE.replace("/hire/new", f"/hire/{name}").replace("Title: New", "\n".join(["Title: New", *meta]))
    (content / "hire" / f"{name}.md").write_text(text)


def test_drafts_and_pages_before_their_time_are_never_published(publishing, content):
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


def test_what_django_gives_to_one_visitor_alone_is_not_published(publishing, content, monkeypatch):
    publishing.publish(current.visible_pages())
    assert "/pricing" in paths()
    monkeypatch.setattr("pages.http.views.cache_page", lambda request, response, library: response)
    with closing(Publisher()) as another:
        another.publish(current.visible_pages())
    assert "/pricing" not in paths() and "/robots.txt" in paths()


def test_what_stays_the_same_is_made_once(publishing, content, monkeypatch):
    made = []
    monkeypatch.setattr(publisher, "compress", lambda body: made.append(body) or {"identity": body})
    publishing.publish(current.visible_pages())
    assert len(made) == len(publishing.manifest.entries)
    made.clear()
    publishing.publish(current.visible_pages())
    assert made == []
    path = content / "pricing.md"
    path.write_text(path.read_text().replace("**Headline:**", "**Headline:** Lately,"))
    publishing.publish(current.visible_pages())
    assert len(made) == 1 and b"Lately," in made[0]


def test_what_nobody_goes_back_to_is_removed(publishing, content, monkeypatch):
    publishing.publish(current.visible_pages())
    other = folder().with_name("another")
    shutil.copytree(folder(), other)
    body = artifact_store.write("/pages/ab/abcd-br", b"x") or artifact_store._path("/pages/ab/abcd-br")
    sweep()
    assert other.exists() and body.exists()
    monkeypatch.setattr(artifact_store, "RETENTION_SECONDS", -1)
    sweep()
    assert not other.exists() and not body.exists()
    with closing(ManifestReader(manifest_path())) as following:
        following.refresh()
        assert all(entry.body("identity") for entry in following.entries.values())


def test_it_publishes_again_when_a_pages_time_comes(publishing, content, monkeypatch):
    now = [datetime(2030, 1, 1, tzinfo=UTC)]

    class Clock(datetime):
        @classmethod
        def now(cls, zone):
            return now[0]

    monkeypatch.setattr("pages.repository.current.datetime", Clock)
    monkeypatch.setattr(watcher, "datetime", Clock)
    write(content, "later", "Publish: 2030-01-02 09:00 Z")
    watching = watcher.Watcher(content, reload=False)
    watching.start(current.visible_pages())
    publishing.publish(current.visible_pages())
    assert "/hire/later" not in paths() and not watching.has_changes()
    now[0] = datetime(2030, 1, 2, 9, tzinfo=UTC)
    watching._next_poll = 0
    assert watching.has_changes()
    publishing.publish(current.visible_pages())
    assert "/hire/later" in paths()
    watching.clear()
    watching.start(current.visible_pages())
    watching._next_poll = 0
    assert not watching.has_changes()


def test_a_release_that_is_still_served_is_not_removed(publishing, content, monkeypatch):
    publishing.publish(current.visible_pages())
    other = shutil.copytree(folder(), folder().with_name("another"))
    monkeypatch.setattr(artifact_store, "RETENTION_SECONDS", -1)
    with (other / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        sweep()
        assert other.exists()
    sweep()
    assert not other.exists()


def test_a_hup_brings_new_workers_with_a_process_that_publishes(tmp_path):
    with serving(tmp_path, WEB_CONCURRENCY="1") as server:
        server.published(SEED_URL)
        before = publishing_processes(tmp_path)
        server.process.send_signal(signal.SIGHUP)
        for _ in range(200):
            if publishing_processes(tmp_path) and not set(before) & set(publishing_processes(tmp_path)):
                break
            time.sleep(0.1)
        write(server.content, "new")
        server.published("/hire/new")
        assert not set(before) & set(publishing_processes(tmp_path))


@pytest.mark.usefixtures("server")  # which has collected the static files
def test_a_hup_brings_new_code_and_fails_no_request(tmp_path):
    parts = ("layersrank_site", "leads", "pages", "templates", "static", "manage.py", "gunicorn.conf.py")
    for part in (*parts, "requirements.txt", "var/static"):
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        (tmp_path / "project" / part).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / part, tmp_path / "project" / part)
    robots = tmp_path / "project" / "pages" / "http" / "crawler_files.py"
    asked, ended = [], Event()

    def ask():
        while not ended.is_set():
            try:
                asked.append(running.get(SEED_URL).status)
            except (OSError, HTTPException) as error:
                asked.append(repr(error))

    with serving(tmp_path, project=tmp_path / "project") as running:
        running.published("/robots.txt")
        asking = Thread(target=ask)
        asking.start()
        robots.write_text(robots.read_text().replace('f"Sitemap: ', 'f"Map: '))
        running.process.send_signal(signal.SIGHUP)
        running.until("/robots.txt", lambda answer: "\nMap: " in answer.text)
        ended.set()
        asking.join()
    assert set(asked) == {200}


def test_another_process_takes_over_from_one_that_dies(tmp_path):
    with serving(tmp_path, WEB_CONCURRENCY="1") as server:
        server.published(SEED_URL)
        (process,) = publishing_processes(tmp_path)
        os.kill(process, signal.SIGKILL)
        write(server.content, "new")
        server.published("/hire/new")
        assert process not in publishing_processes(tmp_path)
        assert "ended with -9" in server.log.read_text()


def test_what_the_last_run_published_is_there_at_once(tmp_path):
    with serving(tmp_path, CONTENT_RELOAD="0") as server:
        url = server.url
        for path in (SEED_URL, "/sitemap.xml", "/speculation-rules.json"):
            server.published(path)
    with serving(tmp_path, CONTENT_RELOAD="0", SITE_URL=url, ACCESS_LOG="1") as server:
        assert server.get(SEED_URL, **{"Accept-Encoding": "br"}).headers["Content-Encoding"] == "br"
    with serving(tmp_path, CONTENT_RELOAD="0", SITE_URL="http://other.example") as server:
        assert "http://other.example/hire" in server.get(SEED_URL).text


def test_static_files_are_kept_for_a_year_and_compressed(server):
    named = re.findall(r'(?:href="|url\()(/static/[^")]+)', server.get(SEED_URL).text)
    assert any(path.endswith(".woff2") for path in named) and any(path.endswith(".svg") for path in named)
    for path in named:
        answer = server.get(path, **{"Accept-Encoding": "br, gzip"})
        assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (200, None)
        cached = {part.strip() for part in answer.headers["Cache-Control"].split(",")}
        assert cached == {"public", "max-age=31536000", "immutable"}
    icon = server.published(next(path for path in named if path.endswith(".svg")))
    assert icon.headers["Content-Type"] == "image/svg+xml"
    assert "Warning" not in server.log.read_text()


def test_whatever_is_published_comes_with_the_headers_that_django_gives(server):
    server.published("/speculation-rules.json")  # the last but the static files
    named = set(
        re.findall(r'(?:href="|url\()(/static/[^")]+)', server.get(SEED_URL).text + server.get("/contact").text)
    )
    server.until("/", lambda _: named <= set(published_at(server)))
    by_django = {"If-Match": "*"}  # what the front leaves to it
    of_one_answer = ("date", "etag", "last-modified", "transfer-encoding", "connection")
    kinds = set()
    for path in published_at(server):
        expected, got = server.get(path, **by_django), server.get(path)
        assert expected.status == got.status == 200 and expected.body == got.body, path
        left, right = (
            {name.lower(): value for name, value in answer.headers.items() if name.lower() not in of_one_answer}
            for answer in (expected, got)
        )
        assert right == left | {"vary": "Accept-Encoding"}, path
        kinds.add(right["content-type"])
    assert {"font/woff2", "text/html; charset=utf-8", 'text/css; charset="utf-8"'} <= kinds


def published_at(server):
    (path,) = (server.content.parent / "build" / "releases").glob("*/manifest")
    with closing(ManifestReader(path)) as table:
        table.refresh()
        return list(table.entries)
