"""The publisher process across restarts: crashes, reloads and new releases."""

import os
import shutil
import signal
import time
from http.client import HTTPException
from threading import Event, Thread

import pytest

from ...conftest import ROOT, SEED_URL, serving
from ...integration.repository.test_edits import PAGE
from ...support.fast_brotli import PRODUCTION_SETTINGS
from .test_shutdown import publisher_processes

SETTINGS = {"CONTENT_RELOAD": "0", "WEB_CONCURRENCY": "1"}


def write(content, name, *meta):
    text = PAGE.replace("/hire/new", f"/hire/{name}").replace("Title: New", "\n".join(["Title: New", *meta]))
    (content / "hire" / f"{name}.md").write_text(text)


def test_new_workers_start_a_publisher_after_sighup(tmp_path):
    with serving(tmp_path, WEB_CONCURRENCY="1") as server:
        server.published(SEED_URL)
        before = publisher_processes(tmp_path)
        server.process.send_signal(signal.SIGHUP)
        for _ in range(4_000):
            if publisher_processes(tmp_path) and not set(before) & set(publisher_processes(tmp_path)):
                break
            time.sleep(0.1)
        write(server.content, "new")
        server.published("/hire/new")
        assert not set(before) & set(publisher_processes(tmp_path))


@pytest.mark.usefixtures("server")  # `server` runs collectstatic, which fills var/static.
def test_sighup_loads_new_code_without_failed_requests(tmp_path):
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

    with serving(tmp_path, project=tmp_path / "project", **PRODUCTION_SETTINGS) as running:
        running.published("/robots.txt")
        asking = Thread(target=ask)
        asking.start()
        robots.write_text(robots.read_text().replace('f"Sitemap: ', 'f"Map: '))
        running.process.send_signal(signal.SIGHUP)
        running.until("/robots.txt", lambda response: "\nMap: " in response.text)
        ended.set()
        asking.join()
    assert set(asked) == {200}


def test_another_publisher_takes_over_after_a_crash(tmp_path):
    with serving(tmp_path, WEB_CONCURRENCY="1") as server:
        server.published(SEED_URL)
        (process,) = publisher_processes(tmp_path)
        os.kill(process, signal.SIGKILL)
        write(server.content, "new")
        server.published("/hire/new")
        assert process not in publisher_processes(tmp_path)
        assert "ended with status -9" in server.log.read_text()


def test_pages_published_by_the_previous_run_are_served_immediately(tmp_path):
    with serving(tmp_path, **SETTINGS) as server:
        url = server.url
        for path in (SEED_URL, "/sitemap.xml", "/llms.txt"):
            server.published(path)
    with serving(tmp_path, **SETTINGS, SITE_URL=url, ACCESS_LOG="1") as server:
        assert server.get(SEED_URL, **{"Accept-Encoding": "br"}).headers["Content-Encoding"] == "br"
    with serving(tmp_path, **SETTINGS, SITE_URL="http://other.example") as server:
        assert "http://other.example/hire" in server.get(SEED_URL).text
