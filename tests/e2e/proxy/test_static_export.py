"""A static export behind nginx sends the same bytes and headers as the site itself."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from pages.publish.manifest import ManifestReader
from tests.support import every_kind
from tests.support.waiting import PATIENCE

from ...conftest import ROOT, SAMPLE_SITE, Server, free_port, serving, wait_until_ready
from .nginx import needs_tools

pytestmark = needs_tools

FORMS_URL = "https://forms.example"
DOLLARS = '"/price$" = "gone"\n"/price/*" = "https://shop.example/$1/*"\n'
REDIRECTS = (
    DOLLARS + '"/posts/*" = "/blog/*"\n"/shop/*" = "gone"\n"/moved/*" = "/hire?x=1#top"\n"/?p=12" = "/pricing"\n'
)
CONFIGURATION = """\
worker_processes 1; pid {folder}/pid; error_log stderr crit; daemon off;{user}
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/tmp; proxy_temp_path {folder}/tmp; fastcgi_temp_path {folder}/tmp;
    uwsgi_temp_path {folder}/tmp; scgi_temp_path {folder}/tmp;
    server {{ listen 127.0.0.1:{port}; root {folder}/export; include {folder}/export/_nginx.conf; }}
}}
"""
# nginx sets these headers itself.
OWN = {"connection", "date", "server", "etag", "last-modified", "transfer-encoding"}


@contextmanager
def run_static_host(folder):
    """Serve the export in `folder / "export"` with nginx."""
    port = free_port()
    user = " user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(CONFIGURATION.format(folder=folder, port=port, user=user))
    with (folder / "nginx.log").open("wb") as log:
        process = subprocess.Popen(["nginx", "-c", folder / "nginx.conf"], stdout=log, stderr=log)
    host = Server(port, folder, folder / "nginx.log", process)
    try:
        wait_until_ready(lambda: host.get("/").status < 600, process, host.log)
        yield host
    finally:
        process.terminate()
        process.wait(PATIENCE)


@pytest.fixture(scope="module")
def hosts(tmp_path_factory):
    """The site with every kind of page, and its export behind nginx."""
    folder = tmp_path_factory.mktemp("export")
    shutil.copytree(SAMPLE_SITE, folder / "content", ignore=shutil.ignore_patterns("kit.md"))
    every_kind.write(folder / "content")
    with (folder / "content" / "redirects.toml").open("a") as file:
        file.write(REDIRECTS)
    with serving(folder, WEB_CONCURRENCY="1") as site:
        site.published("/llms.txt")
        environment = site_environment(site)
        command = [sys.executable, "manage.py", "export", folder / "export"]
        for _ in range(PATIENCE):
            exported = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
            if "again in a minute" not in exported.stderr:
                break
        assert exported.returncode == 0, exported.stderr
        with run_static_host(folder) as host:
            yield site, host, exported.stdout


def site_environment(site):
    """Return the environment of the running site, with FORMS_URL."""
    lines = Path(f"/proc/{site.process.pid}/environ").read_bytes().split(b"\0")
    return dict(line.decode().split("=", 1) for line in lines if line) | {"FORMS_URL": FORMS_URL}


def paths_of(site):
    (path,) = (site.content.parent / "build" / "releases").glob("*/manifest")
    reader = ManifestReader(path)
    reader.refresh()
    reader.close()
    media = re.findall(r'/(?:images|social)/[^"\s]+', site.get("/blog/article-2").text)
    assert media
    changing = {path for path, entry in reader.entries.items() if entry.changes_at}
    return [*reader.entries, *media], changing


def described(answer, without=frozenset()):
    """Return the status and the headers. Leave out nginx's own headers, and the headers named in `without`."""
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return answer.status, {name: headers[name] for name in headers.keys() - OWN - without}


def test_all_addresses_have_the_same_bytes_and_headers(hosts):
    site, host, _ = hosts
    paths, changing = paths_of(site)
    assert {"/", "/about", "/about.md", "/llms.txt", "/sitemap.xml", "/blog/feed.xml", "/favicon.ico"} <= {*paths}
    for path in paths:
        if path == "/resources/roi-calculator":
            continue
        for coding in ("br", "gzip", "br;q=0, gzip", "identity"):
            expected, answer = (each.get(quote(path), **{"Accept-Encoding": coding}) for each in (site, host))
            # If a page will change at a scheduled time, its Cache-Control on the site depends on the time left.
            without = {"cache-control"} if path in changing else set()
            assert described(answer, without) == described(expected, without), (path, coding)
            assert answer.body == expected.body, (path, coding)


def test_old_addresses_lead_to_the_same_places(hosts):
    site, host, _ = hosts
    moved = (
        "/posts/article-1?a=b",
        "/posts",
        "/moved/x",
        "/moved/x?a=b",
        "/pricing/",
        "/?p=12",
        *every_kind.REDIRECTED,
    )
    for path in moved:
        if path != "/Pricing/":  # URLs on a static host are case-sensitive
            expected, answer = site.get(path), host.get(path)
            assert (answer.status, answer.headers["Location"]) == (301, expected.headers["Location"]), path
    for path in (*every_kind.GONE, "/shop/x", "/nothing"):
        expected, answer = site.get(path), host.get(path)
        assert answer.status == expected.status and answer.status in (404, 410), path
    assert host.get("/price$").status == 410
    assert host.get("/price/a").headers["Location"] == "https://shop.example/%241/a"  # nginx has no way to quote `$`
    assert host.get("/webinar").body == site.get("/webinar").body
    assert host.get("/webinar").headers["Content-Type"] == "text/html; charset=utf-8"


def test_forms_searches_and_the_calculator_lead_to_the_server(hosts):
    _, host, output = hosts
    paths = ("/start", "/contact?role=data-engineer", "/search?q=engineer", "/resources/roi-calculator?hires=3")
    for path in (*paths, "/resources/question-bank?role=data-engineer"):
        answer = host.get(path)
        assert (answer.status, answer.headers["Location"]) == (302, FORMS_URL + path)
    policy = host.get("/nothing").headers["Content-Security-Policy"]
    assert f"form-action 'self' {FORMS_URL};" in policy  # the 404 page has a search form
    assert f"These addresses lead to {FORMS_URL}: /contact, /resources/roi-calculator, /start, /search" in output


def test_nothing_but_the_addresses_of_the_site_is_sent(hosts):
    _, host, _ = hosts
    for path in ("/_nginx.conf", "/_headers", "/.export.json", "/about.html", "/about.html.br", "/_gone/webinar.html"):
        assert host.get(path).status == 404
    for path in ("/posts/%0d%0aX-Evil:%201", "/posts//evil.example", "//evil.example/"):
        answer = host.get(path)
        assert "X-Evil" not in answer.headers
        assert not (answer.headers["Location"] or "/x").startswith(("//", "http"))
