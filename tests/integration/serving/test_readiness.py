"""/readyz beside the leads, and /version: what an operator asks, and machines do."""

import json
import os
import shutil
import subprocess

import pytest

from layersrank_site import readiness, version
from pages import atomic_files
from pages.publish.content_status import ContentStatus, read

from ...conftest import ROOT, serving

BROKEN = "# Broken\n## /broken\n\n## META\n\n```\nTitle: Broken\n```\n\nLeads [nowhere](/no-such-page).\n"


@pytest.fixture
def asked(client, content):
    def ask():
        answer = client.get("/readyz")
        found = answer.json()
        assert answer.status_code == (503 if found["unwell"] else 200)
        return found

    return ask


@pytest.mark.django_db(transaction=True)
def test_a_disk_that_is_nearly_full_is_unwell_and_named(asked, monkeypatch, settings):
    monkeypatch.setattr(
        atomic_files, "free_bytes", lambda folder: 7 * 1024**2 if folder == settings.SPOOL_DIR else 9 * 1024**3
    )
    found = asked()
    assert found["unwell"] == ["less than 100 MB are left on the disk of the spool"]
    assert found["disk_free_mb"] == 7
    monkeypatch.setattr(atomic_files, "free_bytes", lambda folder: 1)
    (line,) = [line for line in asked()["unwell"] if "MB" in line]
    assert line.endswith("the disk of what is published, the database and the spool")


@pytest.mark.django_db(transaction=True)
def test_a_disk_that_takes_nothing_is_unwell(asked, monkeypatch, settings):
    def full(folder):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic_files, "check_writable", full)
    found = asked()
    assert found["spool"] == "OSError"
    assert "nothing can be written on the disk of what is published (No space left on device)" in found["unwell"]


def test_whether_a_disk_takes_something_is_tried_and_leaves_nothing(tmp_path):
    atomic_files.check_writable(tmp_path)
    atomic_files.check_writable(tmp_path / "not" / "yet")
    assert list(tmp_path.iterdir()) == []
    assert atomic_files.free_bytes(tmp_path / "not" / "yet") > 0


@pytest.mark.django_db(transaction=True)
def test_a_folder_without_documents_is_unwell(asked, content):
    shutil.rmtree(content)
    content.mkdir()
    (content / "README.md").touch()
    assert asked()["unwell"] == ["there are no documents in CONTENT_DIR"]


@pytest.mark.django_db(transaction=True)
def test_errors_of_documents_are_told_and_make_nothing_unwell(asked, monkeypatch):
    assert (asked()["content_errors"], asked()["notes"]) == (None, [])
    monkeypatch.setattr(readiness.content_status, "read", lambda path: ContentStatus("abc", 2, 5))
    found = asked()
    assert (found["content_errors"], found["content_warnings"], found["unwell"]) == (2, 5, [])
    assert "check_content" in found["notes"][0]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"other": 1}', "\0"])
def test_a_tally_that_is_none_knows_nothing(tmp_path, text):
    (tmp_path / "content-status").write_text(text)
    assert read(tmp_path / "content-status") == read(tmp_path / "none") == ContentStatus()


def test_the_revision_is_the_files_or_gits_or_unknown(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    asked = version.revision.__wrapped__
    assert asked() == "unknown"
    (tmp_path / ".git").mkdir()
    assert asked() == "unknown"
    settings.BASE_DIR = ROOT
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert asked() == head.strip() or (ROOT / "revision").exists()
    settings.BASE_DIR = tmp_path
    (tmp_path / "revision").write_text("5" * 40 + "\n")
    assert asked() == "5" * 40


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/version"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_probes_answer_whatever_the_host_and_are_kept_by_nobody(server, path, method):
    for host in ("10.0.0.4:8000", "evil.example", "layersrank.com", "a@b"):
        answer = server.get(path, method, Host=host)
        assert answer.status in ((200, 503) if path == "/readyz" else (200,))
        assert answer.headers["Cache-Control"] == "no-store" and answer.headers["X-Request-ID"]
        assert answer.headers["Location"] is None and bool(answer.body) == (method == "GET")


def of(answer):
    return json.loads(answer.body)


def test_the_content_is_told_by_its_hash_and_by_what_is_wrong_with_it(tmp_path):
    with serving(tmp_path / "one", takes_leads=True) as one, serving(tmp_path / "other", WEB_CONCURRENCY="1") as other:
        known = of(one.until("/version", lambda answer: of(answer)["content"]))
        assert len(known["content"]) == 64 and len(known["revision"]) >= 7
        for path in other.content.rglob("*"):
            os.utime(path, (1, 1))
        page = other.content / "pricing.md"
        before = page.read_text()
        page.write_text(before + "\n")
        other.until("/version", lambda answer: of(answer)["content"] not in (None, known["content"]))
        page.write_text(before)
        assert of(other.until("/version", lambda answer: of(answer)["content"] == known["content"])) == known

        counted = of(one.until("/readyz", lambda answer: of(answer)["content_errors"] is not None, 60))
        assert (counted["content_errors"], counted["content_warnings"], counted["notes"]) == (0, 0, [])
        (one.content / "broken.md").write_text(BROKEN)
        worse = one.until("/readyz", lambda answer: of(answer)["content_errors"], 60)
        assert worse.status == 200 and of(worse)["unwell"] == []
        assert one.get("/broken").status == 200
        (one.content / "broken.md").unlink()
        one.until("/readyz", lambda answer: of(answer)["content_errors"] == 0, 60)
