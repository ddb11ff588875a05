"""Test /readyz (its checks of the disk and the documents), /version and /livez."""

import json
import os
import shutil
import subprocess

import pytest

from layersrank_site import readiness, version
from pages import atomic_files
from pages.content import content_folder
from pages.publish.content_status import ContentStatus, read
from pages.repository import current

from ...conftest import ROOT


@pytest.fixture
def readyz(client, content):
    def request():
        response = client.get("/readyz")
        report = response.json()
        assert response.status_code == (503 if report["unwell"] else 200)
        return report

    return request


@pytest.mark.django_db(transaction=True)
def test_readyz_names_a_nearly_full_disk(readyz, monkeypatch, settings):
    monkeypatch.setattr(
        atomic_files, "free_bytes", lambda folder: 7 * 1024**2 if folder == settings.SPOOL_DIR else 9 * 1024**3
    )
    report = readyz()
    assert report["unwell"] == ["less than 100 MB are free on the disk of the spool (SPOOL_DIR)"]
    assert report["disk_free_mb"] == 7
    monkeypatch.setattr(atomic_files, "free_bytes", lambda folder: 1)
    (line,) = [line for line in readyz()["unwell"] if "MB" in line]
    assert line.endswith("the disk of the published pages (BUILD_DIR), the database and the spool (SPOOL_DIR)")


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_named(readyz, monkeypatch, settings):
    def full(folder):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic_files, "check_writable", full)
    report = readyz()
    assert report["spool"] == "OSError"
    message = "the site cannot write to the disk of the published pages (BUILD_DIR): No space left on device"
    assert message in report["unwell"]


def test_check_writable_leaves_no_file(tmp_path):
    atomic_files.check_writable(tmp_path)
    atomic_files.check_writable(tmp_path / "not" / "yet")
    assert list(tmp_path.iterdir()) == []
    assert atomic_files.free_bytes(tmp_path / "not" / "yet") > 0


@pytest.mark.django_db(transaction=True)
def test_readyz_reports_a_content_folder_without_documents(readyz, content):
    shutil.rmtree(content)
    content.mkdir()
    (content / "README.md").touch()
    assert readyz()["unwell"] == ["there are no documents in CONTENT_DIR"]


@pytest.mark.django_db(transaction=True)
def test_readyz_reports_errors_in_site_toml(readyz, content):
    assert readyz()["notes"] == []
    (content / "site.toml").write_text("header = [\n")
    report = readyz()
    assert report["unwell"] == []
    assert report["notes"] == ["site.toml has errors, so the site uses the last valid settings"]


@pytest.mark.django_db(transaction=True)
def test_readyz_fails_without_valid_settings(readyz, content, settings, tmp_path):
    current.reset()
    (content / "site.toml").write_text("header = [\n")
    (message,) = readyz()["unwell"]
    assert message.startswith("site.toml can't be read, and there are no earlier settings")


@pytest.mark.django_db(transaction=True)
def test_readyz_reports_errors_in_facts_toml_but_not_stale_facts(readyz, content):
    facts = (content / "facts.toml").read_text()
    (content / "facts.toml").write_text(facts.replace("confirmed = 2026", 'confirm_every = "1 day"\nconfirmed = 2020'))
    report = readyz()
    assert (report["unwell"], report["notes"]) == ([], [])
    (content / "facts.toml").write_text("[price\n")
    report = readyz()
    assert report["unwell"] == []
    assert report["notes"] == ["facts.toml has errors, so the site uses the last valid facts"]


@pytest.mark.django_db(transaction=True)
def test_readyz_reports_facts_that_are_lost(readyz, content):
    current.reset()
    (content / "facts.toml").write_text("[price\n")
    report = readyz()
    assert report["unwell"] == [] and report["notes"][0].startswith("facts.toml can't be read")


@pytest.mark.django_db(transaction=True)
def test_readyz_names_folders_that_cannot_be_opened(readyz, content, monkeypatch):
    def scandir(path):
        if os.fspath(path).endswith("/hire"):
            raise PermissionError(13, "Permission denied")
        return original(path)

    original = os.scandir
    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(content_folder, "is_readable", lambda path: path.name != "hire")
    assert readyz()["unwell"] == ["the site has no permission to open content/hire"]


@pytest.mark.django_db(transaction=True)
def test_readyz_ignores_broken_symbolic_links(readyz, content):
    (content / "loop").symlink_to("loop")
    (content / "nothing.md").symlink_to("not-there.md")
    assert readyz()["unwell"] == []


@pytest.mark.django_db(transaction=True)
def test_errors_in_documents_are_reported_but_the_status_stays_200(readyz, monkeypatch):
    assert (readyz()["content_errors"], readyz()["notes"]) == (None, [])
    monkeypatch.setattr(readiness.content_status, "read", lambda path: ContentStatus("abc", 2, 5))
    report = readyz()
    assert (report["content_errors"], report["content_warnings"], report["unwell"]) == (2, 5, [])
    assert "check_content" in report["notes"][0]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"other": 1}', "\0"])
def test_an_invalid_content_status_file_counts_as_missing(tmp_path, text):
    (tmp_path / "content-status").write_text(text)
    assert read(tmp_path / "content-status") == read(tmp_path / "none") == ContentStatus()


def test_the_revision_comes_from_a_file_or_git_and_is_otherwise_unknown(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    revision = version.revision.__wrapped__
    assert revision() == "unknown"
    (tmp_path / ".git").mkdir()
    assert revision() == "unknown"
    settings.BASE_DIR = ROOT
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert revision() == head.strip() or (ROOT / "revision").exists()
    settings.BASE_DIR = tmp_path
    (tmp_path / "revision").write_text("5" * 40 + "\n")
    assert revision() == "5" * 40


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/version", "/metrics"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_probes_ignore_the_host_and_are_never_cached(server, path, method):
    for host in ("10.0.0.4:8000", "evil.example", "layersrank.com", "site_1:8000"):
        response = server.get(path, method, Host=host)
        assert response.status in ((200, 503) if path == "/readyz" else (200,))
        assert response.headers["Cache-Control"] == "no-store" and response.headers["X-Request-ID"]
        assert response.headers["Location"] is None and bool(response.body) == (method == "GET")


def parse(response):
    return json.loads(response.body)
