"""The life of a page through nginx and two replicas: draft, scheduled, live, renamed, expired and retired.

The content folder is a git repository, as for marketers.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from tests.support.waiting import PATIENCE

from ...conftest import SEED_URL
from ...support.postgres import needs_postgres
from ..drill import databases
from ..drill.processes import wait_until
from ..drill.visitors import Response, request
from .nginx import needs_tools, run_nginx
from .replicas import run_replicas

pytestmark = [needs_postgres, needs_tools]

OLD, NEW = "/hire/sre", "/hire/site-reliability-engineer"
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Accept": "text/html"}
DOCUMENT = """\
# Hire Site Reliability Engineer
## {url}

---

## META

```
Title: Hire Site Reliability Engineers | LayersRank
Description: Evaluate site reliability engineers on incidents, capacity and automation, with a confidence interval.
{meta}
```

---

## HERO

**Headline:** Hire reliability engineers

A page about reliability.
"""


@pytest.fixture
def database(tmp_path):
    with databases.own_server() as server, databases.empty(tmp_path, server.url) as url:
        yield url


class Marketer:
    """Writes documents in a git repository, and reads the site through nginx and from each replica."""

    def __init__(self, folder, sites, nginx):
        self.content, self.sites, self.nginx = folder / "content", sites, nginx
        self._git("init", "--quiet")
        self.commit("Start")

    def _git(self, *arguments):
        settings = ("-c", "user.name=Asha Rao", "-c", "user.email=asha@example.com", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *settings, *arguments], cwd=self.content, check=True, stdout=subprocess.PIPE)

    def commit(self, message):
        self._git("add", "--all")
        self._git("commit", "--quiet", "--message", message)

    def write(self, url, meta):
        (self.content / f"{url.strip('/')}.md").write_text(DOCUMENT.format(url=url, meta=meta))
        self.commit(meta or "Publish")

    def get(self, path: str) -> Response:
        return request(self.nginx.port, "GET", path, headers=BROWSER)

    def until(self, path: str, is_right: Callable[[Response], bool]) -> Response:
        """Wait until nginx and both replicas give the right response."""
        ports = [self.nginx.port, *(site.port for site in self.sites)]

        def is_right_everywhere() -> bool:
            return all(is_right(request(port, "GET", path, headers=BROWSER)) for port in ports)

        wait_until(is_right_everywhere, f"{path} is right", PATIENCE)
        return request(self.sites[0].port, "GET", path, headers=BROWSER)


def is_shown(response):
    return response.status == 200


def has_status(status, location):
    return lambda response: (response.status, response.location) == (status, location)


def next_minute():
    """Return the start of the first minute that is more than 20 seconds away, because times in META have no seconds."""
    return (int(time.time()) + 20) // 60 * 60 + 60


def meta_time(moment):
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M} +00:00"


def test_the_life_of_a_page(database, tmp_path):
    with run_replicas(tmp_path, database) as sites:
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda site: site.start_gunicorn(), sites))
        with run_nginx(tmp_path / "nginx", [site.port for site in sites]) as nginx:
            marketer = Marketer(tmp_path, sites, nginx)
            draft(marketer)
            schedule(marketer)
            rename(marketer)
            lose_visitors(marketer)
            expire(marketer)
            retire(marketer)


def draft(marketer):
    marketer.write(OLD, "Status: draft")
    link = urlsplit(marketer.sites[0].manage("preview_link", OLD, "--for", "1d").strip()).path
    assert "A page about reliability." in marketer.until(link, is_shown).text
    assert "no-store" in marketer.nginx.ask(link).headers["Cache-Control"]
    assert marketer.get(OLD).status == 404


def schedule(marketer):
    moment = next_minute()
    marketer.write(OLD, f"Publish: {meta_time(moment)}")
    while time.time() < moment - 1:
        response = marketer.get(OLD)
        assert response.status == 404 or time.time() >= moment, "too early"
        time.sleep(0.5)
    assert "A page about reliability." in marketer.until(OLD, is_shown).text
    marketer.until("/sitemap.xml", lambda response: f"{OLD}<" in response.text)


def rename(marketer):
    output = marketer.sites[0].manage("rename_page", OLD, NEW, "--yes")
    assert f"+## {NEW}" in output
    marketer.commit("Rename")
    marketer.until(OLD, has_status(301, NEW))
    marketer.until(NEW, is_shown)
    marketer.until("/sitemap.xml", lambda response: f"{NEW}<" in response.text and f"{OLD}<" not in response.text)


def lose_visitors(marketer):
    """Visitors see “Page not found”, and each replica counts the visits until there is a redirect."""
    lost = "/jobs/site-reliability"
    for _ in range(5):
        for site in marketer.sites:
            response = request(site.port, "GET", lost, headers=BROWSER)
            assert response.status == 404 and NEW in response.text
    query = "SELECT address, visits FROM pages_missingaddress"
    wait_until(lambda: marketer.sites[0].rows(query) == [(lost, 10)], "the visits are counted", PATIENCE)
    (marketer.content / "redirects.toml").write_text(f'"{lost}" = "{NEW}"\n')
    marketer.commit("Redirect")
    marketer.until(lost, has_status(301, NEW))


def expire(marketer):
    moment = next_minute()
    path = marketer.content / f"{NEW.strip('/')}.md"
    path.write_text(path.read_text().replace("Title:", f"Expires: {meta_time(moment)}\nTitle:"))
    marketer.commit("Expire")
    while time.time() < moment - 1:
        response = marketer.get(NEW)
        assert response.status == 200 or time.time() >= moment, "too early"
        time.sleep(0.5)
    gone = marketer.until(NEW, lambda response: response.status == 410)
    assert "This page was here for a limited time." in gone.text
    assert marketer.get(OLD).status == 410
    marketer.until("/sitemap.xml", lambda response: NEW not in response.text)


def retire(marketer):
    marketer.sites[0].manage("retire_page", NEW, "--to", SEED_URL, "--yes")
    marketer.commit("Retire")
    for path in (OLD, NEW, "/jobs/site-reliability"):
        marketer.until(path, has_status(301, SEED_URL))
