"""While the site is down, nginx serves every public page and file, but no form, search, preview or error."""

import json
import os
import re
import signal
import urllib.parse

import pytest

from tests.support.waiting import PATIENCE

from ...conftest import SEED_URL, free_port, serving
from ..drill.processes import child_pids, wait_until
from .conftest import copy_documents, run_echo_sites
from .nginx import HOST, NO_RATE_LIMITS, needs_tools, run_nginx

pytestmark = needs_tools

BROWSER = {"Host": HOST, "Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "gzip, deflate, br, zstd"}
PRIVATE = ("/start", "/search?q=engineer", "/staff/login/", "/livez", "/no-such-page")


@pytest.fixture
def running(tmp_path):
    """The site behind nginx. Yields the site, nginx, and a function that returns the addresses in nginx's cache."""
    folder, fill_port = tmp_path, free_port()
    environment = {
        "SITE_URL": f"https://{HOST}",
        "TRUSTED_PROXIES": "127.0.0.1",
        "WEB_CONCURRENCY": "1",
        "ADMIN_PATH": "staff",
        "NGINX_CACHE_URL": f"http://127.0.0.1:{fill_port}",
    }
    copy_documents(folder)
    with (
        serving(folder, takes_leads=True, **environment) as site,
        run_nginx(folder / "nginx", [site.port], changes=NO_RATE_LIMITS, fill_port=fill_port) as nginx,
    ):
        copies = folder / "build" / "nginx-copies"
        wait_until(lambda: copies.exists() and SEED_URL in copies.read_text(), "nginx's cache is filled", PATIENCE)
        yield site, nginx, lambda: json.loads(copies.read_text())


def ask(nginx, path, **headers):
    sent = BROWSER | {name.replace("_", "-"): value for name, value in headers.items()}
    return nginx.ask(path, headers={name: value for name, value in sent.items() if value})


def test_nginx_has_current_copies_of_what_is_public_and_sends_them_while_the_site_is_down(running):
    check_an_edit_and_a_removal(*running)
    check_private_responses(running[1])
    check_an_outage(*running)


def check_an_edit_and_a_removal(site, nginx, copies):
    """Check that nginx serves a new page, and has no copy of the page after the page was removed."""
    document = site.content / "an-added-page.md"
    document.write_text((site.content / f"{SEED_URL.strip('/')}.md").read_text().replace(SEED_URL, "/an-added-page"))
    wait_until(lambda: ask(nginx, "/an-added-page").status == 200, "nginx serves the new page", PATIENCE)
    wait_until(lambda: "/an-added-page" in copies(), "nginx's copy is filled", PATIENCE)
    document.unlink()
    wait_until(lambda: ask(nginx, "/an-added-page").status == 404, "nginx serves no removed page", PATIENCE)

    def copies_of_page():
        files = [path for path in (nginx.folder / "cache").rglob("*") if path.is_file() and "." not in path.name]
        return [copy for copy in (path.read_bytes() for path in files) if b"KEY: /an-added-page " in copy]

    def are_replaced():
        return all(b"HTTP/1.1 404" in copy for copy in copies_of_page())

    wait_until(are_replaced, "the removed page has no copy", PATIENCE)


def check_private_responses(nginx):
    """Check that two clients never share a private response."""
    for path in PRIVATE:
        answers = [
            nginx.ask(path, headers=BROWSER | {"Accept-Encoding": "identity"}, source=f"127.0.0.{number}")
            for number in (2, 3)
        ]
        assert {answer.status for answer in answers} <= {200, 404}
        for answer in answers:
            assert "public" not in answer.headers["Cache-Control"]
    pages = [ask(nginx, "/start", Accept_Encoding="").text for _ in range(2)]
    first, second = (re.findall(r'name="?(?:token|csrfmiddlewaretoken)"? value="?([^" >]+)', page) for page in pages)
    assert first and first != second


def check_an_outage(site, nginx, copies):
    """Stop the site. Check that nginx sends all its copies, and answers 503 to other requests."""
    sitemap = re.findall(rf"<loc>https://{HOST}(/[^<]*)</loc>", ask(nginx, "/sitemap.xml", Accept_Encoding="").text)
    page = ask(nginx, SEED_URL, Accept_Encoding="").text
    card = urllib.parse.urlsplit(re.search(r'property="?og:image"? content="?([^" >]+)', page)[1]).path
    policy = ask(nginx, SEED_URL).headers["Content-Security-Policy"]
    wanted = {*sitemap, card, "/", "/llms.txt", "/favicon.ico", SEED_URL}
    site.process.send_signal(signal.SIGTERM)
    site.process.wait(PATIENCE)
    kept = set(copies())
    assert wanted - kept <= set(PRIVATE)
    for path in kept - {"/an-added-page", "/an-added-page.md"}:
        for coding in ("gzip, br", "gzip", "identity"):
            answer = ask(nginx, urllib.parse.quote(path), Accept_Encoding=coding)
            assert answer.status == 200, (path, coding)
            assert answer.headers.get("Content-Encoding", "identity") in f"{coding}, identity"
    markdown = ask(nginx, SEED_URL, Accept="text/markdown")
    assert (markdown.status, markdown.headers["Content-Type"]) == (200, "text/markdown; charset=utf-8")
    answer = ask(nginx, SEED_URL)
    assert answer.headers.get_all("Content-Security-Policy") == [policy]
    assert ask(nginx, SEED_URL, If_None_Match=answer.headers["ETag"]).status == 304
    assert ask(nginx, "/an-added-page").status == 404
    for path in PRIVATE:
        assert ask(nginx, path).status == 503


def test_a_replica_that_hangs_gets_no_forms_and_delays_no_page(tmp_path):
    with run_echo_sites(tmp_path, 2) as sites, run_nginx(tmp_path / "nginx", [site.port for site in sites]) as nginx:
        workers = child_pids(sites[0].process.pid)
        for pid in (sites[0].process.pid, *workers):
            os.kill(pid, signal.SIGSTOP)
        try:
            for host, path in ((HOST, "/page"), ("127.0.0.1", "/search?q=a")):
                for method in ("GET", "POST"):
                    answers = [nginx.ask(path, method, headers={"Host": host}) for _ in range(6)]
                    assert {answer.status for answer in answers} == {200}
                    assert {json.loads(answer.text)["process"] for answer in answers} == {sites[1].process.pid}
        finally:
            for pid in (sites[0].process.pid, *workers):
                os.kill(pid, signal.SIGCONT)
