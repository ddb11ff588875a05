"""/readyz (disk and documents), /version and /livez."""

import json
import os
import shutil
import subprocess

import pytest

from layersrank_site import readiness, version
from pages import atomic_files
from pages.publish.content_status import ContentStatus, read

from ...conftest import ROOT, serving

HOME = "# Home\n## /\n\n## META\n\n```\nTitle: Home\nDescription: Home.\n```\n\nWords.\n"
BROKEN = "# Broken\n## /broken\n\n## META\n\n```\nTitle: Broken\n```\n\nLeads [nowhere](/no-such-page).\n"


@pytest.fixture
def readyz(client, content):
    def request():
        response = client.get("/readyz")
        report = response.json()
        assert response.status_code == (503 if report["unwell"] else 200)
        return report

    return request


@pytest.mark.django_db(transaction=True)
def test_a_nearly_full_disk_is_named(readyz, monkeypatch, settings):
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
def test_a_folder_without_documents_is_unwell(readyz, content):
    shutil.rmtree(content)
    content.mkdir()
    (content / "README.md").touch()
    assert readyz()["unwell"] == ["there are no documents in CONTENT_DIR"]


@pytest.mark.django_db(transaction=True)
def test_errors_in_documents_are_noted_with_status_200(readyz, monkeypatch):
    assert (readyz()["content_errors"], readyz()["notes"]) == (None, [])
    monkeypatch.setattr(readiness.content_status, "read", lambda path: ContentStatus("abc", 2, 5))
    report = readyz()
    assert (report["content_errors"], report["content_warnings"], report["unwell"]) == (2, 5, [])
    assert "check_content" in report["notes"][0]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"other": 1}', "\0"])
def test_an_invalid_content_status_file_counts_as_missing(tmp_path, text):
    (tmp_path / "content-status").write_text(text)
    assert read(tmp_path / "content-status") == read(tmp_path / "none") == ContentStatus()


def test_the_revision_comes_from_the_file_or_git_or_is_unknown(settings, tmp_path):
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


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/version"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_probes_ignore_the_host_and_are_never_cached(server, path, method):
    for host in ("10.0.0.4:8000", "evil.example", "layersrank.com", "a@b"):
        response = server.get(path, method, Host=host)
        assert response.status in ((200, 503) if path == "/readyz" else (200,))
        assert response.headers["Cache-Control"] == "no-store" and response.headers["X-Request-ID"]
        assert response.headers["Location"] is None and bool(response.body) == (method == "GET")


def parse(response):
    return json.loads(response.body)


def test_version_has_the_hash_of_the_content_and_readyz_its_errors(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name / "content").mkdir(parents=True)
        (tmp_path / name / "content" / "index.md").write_text(HOME)
        (tmp_path / name / "content" / "site.toml").write_text("[calls_to_action]\n")
    with serving(tmp_path / "one", takes_leads=True) as one, serving(tmp_path / "other", WEB_CONCURRENCY="1") as other:
        initial = parse(one.until("/version", lambda response: parse(response)["content"]))
        assert len(initial["content"]) == 64 and len(initial["revision"]) >= 7
        for path in other.content.rglob("*"):
            os.utime(path, (1, 1))
        page = other.content / "index.md"
        before = page.read_text()
        page.write_text(before + "\n")
        other.until("/version", lambda response: parse(response)["content"] not in (None, initial["content"]))
        page.write_text(before)
        restored = other.until("/version", lambda response: parse(response)["content"] == initial["content"])
        assert parse(restored) == initial

        report = parse(one.until("/readyz", lambda response: parse(response)["content_errors"] is not None))
        assert (report["content_errors"], report["notes"]) == (0, [])
        (one.content / "broken.md").write_text(BROKEN)
        worse = one.until("/readyz", lambda response: parse(response)["content_errors"])
        assert worse.status == 200 and parse(worse)["unwell"] == []
        assert one.get("/broken").status == 200
        (one.content / "broken.md").unlink()
        one.until("/readyz", lambda response: parse(response)["content_errors"] == 0)
