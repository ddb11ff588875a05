"""`manage.py check_links` with a server on this machine in place of other sites."""

import io
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import CommandError, call_command

from pages.audit.link_results import LinkResult
from pages.management.commands import check_links

from ...support.content_samples import page_text

STATUSES = {"/fine": 200, "/moved": 301, "/dead": 404, "/moved-to": 200}


class Handler(BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.server.requests.append((self.command, self.path, self.headers["User-Agent"]))
        self.send_response(STATUSES.get(self.path, 404))
        if self.path == "/moved":
            self.send_header("Location", "/moved-to")
        self.end_headers()

    do_GET = do_HEAD

    def log_message(self, *arguments):
        pass


@pytest.fixture
def other():
    """A server in place of another site. `requests` lists the requests that the server received."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.requests = []
        server.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def folder(settings, tmp_path, other):
    """A content folder. Its document and its TOML files contain URLs of other sites, most of them of `other`."""
    settings.CONTENT_DIR, settings.DATA_DIR = tmp_path / "content", tmp_path / "data"
    settings.CONTENT_DIR.mkdir()
    body = f"[Fine]({other.url}/fine#part), [moved]({other.url}/moved), `{other.url}/code`."
    meta = f"Canonical: {other.url}/fine"
    (settings.CONTENT_DIR / "a.md").write_text(page_text("A", "/a", body, meta))
    (settings.CONTENT_DIR / "site.toml").write_text(f'# {other.url}/comment\nheader = ["App → {other.url}/dead"]\n')
    (settings.CONTENT_DIR / "redirects.toml").write_text(f'"/old" = "{other.url}/dead"\n')
    fact = '[profile.linkedin]\nvalue = "https://www.linkedin.com/…"\nwhat = "LinkedIn"\nsource = "x"\n'
    (settings.CONTENT_DIR / "facts.toml").write_text(fact)
    return settings.CONTENT_DIR


def run():
    """Return the output and the exit code."""
    out = io.StringIO()
    try:
        call_command("check_links", stdout=out)
    except SystemExit as error:
        return out.getvalue(), error.code
    return out.getvalue(), 0


def test_dead_and_moved_addresses_are_reported_with_their_places(folder, other):
    output, code = run()
    assert code == 1
    assert f"{other.url}/dead: dead\n   The answer is 404.\n   content/site.toml:2:18\n" in output
    assert "   content/redirects.toml:1:11\n" in output
    assert "https://www.linkedin.com/…: dead\n   The address is unfinished.\n   content/facts.toml:2:10\n" in output
    moved = f"{other.url}/moved: moved\n   The new address is {other.url}/moved-to\n   content/a.md:"
    assert moved in output
    assert output.endswith("4 addresses (4 checked in this run): 2 dead, 1 moved, 0 slow, 0 unclear.\n")
    assert {path for _, path, _ in other.requests} == {"/robots.txt", "/fine", "/moved", "/moved-to", "/dead"}
    assert {agent for _, _, agent in other.requests} == {"LayersRank-Links/1"}


def test_an_address_is_asked_again_only_after_a_week(folder, other, monkeypatch):
    first, _ = run()
    other.requests.clear()
    again, code = run()
    assert other.requests == [] and code == 1
    assert again.replace("(0 checked", "(4 checked") == first
    monkeypatch.setattr(check_links, "KEEP_DAYS", 0)
    run()
    assert ("HEAD", "/fine", "LayersRank-Links/1") in other.requests


def test_missing_answers_are_not_stored_while_no_address_answers(folder, other, settings, monkeypatch):
    def check(self, urls):
        return ((url, LinkResult("dead", "2026-01-01T00:00:00+00:00"), False) for url in urls)

    monkeypatch.setattr(check_links.LinkChecker, "check", check)
    assert run()[1] == 1
    assert not (settings.DATA_DIR / check_links.RESULTS_FILE).exists()


def test_a_new_address_is_asked_at_once_and_an_old_one_is_forgotten(folder, other, settings):
    run()
    other.requests.clear()
    (folder / "a.md").write_text(page_text("A", "/a", f"[New]({other.url}/new)"))
    run()
    assert {path for _, path, _ in other.requests} == {"/robots.txt", "/new"}
    assert "/moved" not in (settings.DATA_DIR / check_links.RESULTS_FILE).read_text()


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"x": 1}', b'{"x": {"state": "fine", "checked": "now"}}'])
def test_damaged_results_are_ignored(folder, settings, damage):
    settings.DATA_DIR.mkdir()
    (settings.DATA_DIR / check_links.RESULTS_FILE).write_bytes(damage)
    assert run()[1] == 1


@pytest.mark.parametrize("checked", ["2026-01-01T00:00:00", "2999-01-01T00:00:00+00:00"])
def test_results_of_a_wrong_clock_are_ignored(folder, other, settings, checked):
    settings.DATA_DIR.mkdir()
    stored = {f"{other.url}/fine": {"state": "dead", "checked": checked}}
    (settings.DATA_DIR / check_links.RESULTS_FILE).write_text(json.dumps(stored))
    assert "4 checked in this run" in run()[0]


def test_results_that_cant_be_stored_are_an_error(folder, settings):
    settings.DATA_DIR.write_text("a file in place of the folder")
    with pytest.raises(CommandError, match=r"The results can't be stored in .*external-links\.json: .* Set DATA_DIR"):
        run()


def test_parentheses_belong_to_an_address_if_it_opens_them(folder, other):
    (folder / "facts.toml").unlink()
    path, fact = f"{other.url}/a_(b)", '[profile.x]\nvalue = "{}"\nwhat = "see ({})."\nsource = "x"\n'
    (folder / "facts.toml").write_text(fact.format(path, path))
    output, _ = run()
    assert f"{path}: dead\n   The answer is 404.\n   content/facts.toml:2:10\n   content/facts.toml:3:14\n" in output


def test_the_site_says_who_asks_if_it_is_public(folder, other, settings):
    settings.SITE_URL = "https://www.example.com"
    run()
    assert {agent for _, _, agent in other.requests} == {"LayersRank-Links/1 (+https://www.example.com)"}


def test_without_external_addresses_there_is_nothing_to_report(folder, other):
    for path in folder.iterdir():
        path.unlink()
    (folder / "a.md").write_text(page_text("A", "/a"))
    assert run() == ("0 addresses (0 checked in this run): 0 dead, 0 moved, 0 slow, 0 unclear.\n", 0)
