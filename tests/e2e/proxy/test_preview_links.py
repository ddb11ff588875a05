"""Previews through nginx and two replicas that share a PostgreSQL database."""

import signal
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from ...conftest import SEED_URL
from ...support.postgres import needs_postgres
from ..drill import databases
from ..drill.processes import wait_until
from .nginx import needs_tools, run_nginx
from .replicas import run_replicas

pytestmark = [needs_postgres, needs_tools]

HOST = {"Host": "www.layersrank.example"}
META = "```\nTitle: Site Reliability\nStatus: draft\n```"
DRAFT = f"# Site Reliability\n## /hire/sre\n\n## META\n\n{META}\n\n## ONE\n\nWords.\n"


@pytest.fixture(scope="module")
def server():
    with databases.own_server() as server:
        yield server


@pytest.fixture(scope="module")
def running(server, tmp_path_factory):
    """Two replicas with a draft, and nginx in front of them. Yield the folder, nginx and the replicas."""
    folder = tmp_path_factory.mktemp("previews")
    with run_replicas(folder, server.url) as sites:
        (folder / "content" / "hire" / "sre.md").write_text(DRAFT)
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda site: site.start_gunicorn(), sites))
        with run_nginx(folder / "nginx", [site.port for site in sites], proxies="127.0.0.1") as nginx:
            wait_until(lambda: nginx.ask(SEED_URL, headers=HOST).status == 200, "the page is published")
            yield folder, nginx, sites


def preview_path(site, *arguments):
    """Run `manage.py preview_link` with `arguments`. Return the path of the new link."""
    return urlsplit(site.manage("preview_link", *arguments).strip()).path


def statuses(nginx, path, method="GET", count=4):
    """Return the statuses of several requests, which nginx distributes to both replicas."""
    return {nginx.ask(path, method, headers=HOST).status for _ in range(count)}


def test_both_replicas_show_a_preview_and_no_cache_may_keep_it(running):
    _, nginx, sites = running
    path = preview_path(sites[0], "/hire/sre", "--for", "7d")
    for _ in range(4):
        answer = nginx.ask(path, headers=HOST | {"Accept-Encoding": "gzip"})
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers.get_all("Referrer-Policy") == ["no-referrer"]
        assert "noindex" in answer.headers["X-Robots-Tag"] and "Set-Cookie" not in answer.headers
    page = nginx.ask(path, headers=HOST).text
    assert "This preview shows" in page and f'href="{path.removesuffix("/hire/sre")}/"' in page
    assert statuses(nginx, "/hire/sre") == {404}


def test_a_revoked_link_stops_working_on_both_replicas_at_once(running):
    _, nginx, sites = running
    first, second = preview_path(sites[0], "/hire/sre"), preview_path(sites[1], "/hire/sre")
    assert statuses(nginx, first) == statuses(nginx, second) == {200}
    number = sites[0].manage("preview_link", "--list").splitlines()[-1].split()[0]
    sites[1].manage("preview_link", "--revoke", number)
    assert (statuses(nginx, first), statuses(nginx, second)) == ({200}, {404})
    sites[0].manage("preview_link", "--revoke-all")
    assert statuses(nginx, first) == {404}


def test_a_preview_accepts_no_forms(running):
    _, nginx, sites = running
    path = preview_path(sites[0], "/start")
    assert statuses(nginx, path, "POST", 2) == {405}
    assert sites[0].rows("SELECT id FROM leads_lead") == []


def test_no_file_and_no_log_has_the_token(running):
    folder, nginx, sites = running
    path = preview_path(sites[0], "/hire/sre")
    token = path.split("/")[2]
    others = (f"/preview/{token}", f"/preview/{token}/missing", f"//preview/{token}/x", f"/preview%2F{token}%2Fhire")
    for each in (path, *others):
        nginx.ask(each, headers=HOST)
        nginx.ask(each, "POST", headers=HOST)
    logs = [site.log for site in sites]
    wait_until(lambda: any('"/preview/…"' in log.read_text() for log in logs), "the requests are logged")
    written = [file for file in folder.rglob("*") if file.is_file() and token.encode() in file.read_bytes()]
    assert written == []


@pytest.mark.parametrize("failure", [signal.SIGINT, signal.SIGSTOP])
def test_without_the_database_previews_are_unavailable_and_the_site_goes_on(running, server, failure):
    _, nginx, sites = running
    path, guess = preview_path(sites[0], "/hire/sre"), "/preview/AAAAAAAAAAAAAAAAAAAAAA.AAAA/hire/sre"
    if failure == signal.SIGSTOP:
        server.process.send_signal(signal.SIGSTOP)  # new connections are accepted, but get no response
    else:
        server.stop(failure)
    try:
        answer = nginx.ask(path, headers=HOST)
        assert answer.status == 503 and answer.headers["Cache-Control"] == "private, no-store"
        assert nginx.ask(guess, headers=HOST).status == 404
        assert nginx.ask(SEED_URL, headers=HOST).status == 200
    finally:
        if failure == signal.SIGSTOP:
            server.process.send_signal(signal.SIGCONT)
        else:
            server.start()
    wait_until(lambda: nginx.ask(path, headers=HOST).status == 200, "the preview is back")


def test_a_program_that_guesses_links_is_slowed_down(running):
    _, nginx, _ = running
    guess = "/preview/{:022}.AAAA/hire/sre"
    found = [nginx.ask(guess.format(number), headers=HOST, source="127.0.0.9").status for number in range(200)]
    assert set(found) == {404, 429}
    assert nginx.ask(SEED_URL, headers=HOST, source="127.0.0.9").status == 200
