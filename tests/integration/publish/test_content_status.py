"""Test the content status: a hash and problem counts. Computing them must not slow down publishing."""

import json
import os
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pages import clock
from pages.publish import content_status
from pages.publish.content_status import ContentStatusWriter, read
from pages.repository import current, document_reports

SLEEPING = ["-c", "import time; time.sleep(60)"]


def reporting(*levels):
    """Return a fake check command. It prints problems with these levels, and creates an empty report file."""
    problems = json.dumps([{"level": level} for level in levels])
    return ["-c", f"import pathlib, sys; pathlib.Path(sys.argv[-1]).touch(); print({problems!r})"]


REPORTING = reporting("error", "notice", "warning", "error")


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setattr(content_status, "HASH_DELAY_SECONDS", 0)
    return tmp_path / "content-status"


def until(condition):
    for _ in range(10_000):
        if result := condition():
            return result
        time.sleep(0.02)
    return pytest.fail("timed out")


def test_problems_are_counted_after_publishing(path, content, monkeypatch, caplog):
    monkeypatch.setattr(content_status, "CHECK_COMMAND", REPORTING)
    writer = ContentStatusWriter(path, path.with_name("document-reports"))
    writer.publishing_started(current.get_library())
    status = until(lambda: read(path).content and read(path))
    assert len(status.content) == 64 and status.errors is None
    writer.publishing_finished()
    assert until(lambda: read(path).errors and read(path)) == replace(status, errors=2, warnings=1)
    assert "errors 2, warnings 1" in caplog.text


def test_problems_are_counted_again_when_a_scheduled_page_goes_live(path, content, monkeypatch):
    monkeypatch.setattr(content_status, "CHECK_COMMAND", REPORTING)
    monkeypatch.setattr(content_status, "REST_FACTOR", 0)
    (content / "later.md").write_text("# Later\n\n## META\n\n```\nTitle: L\nPublish: 2030-01-02 09:00 Z\n```\n")
    now = [datetime(2026, 12, 1, tzinfo=UTC)]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    writer = ContentStatusWriter(path, path.with_name("document-reports"))
    writer.publishing_started(current.get_library())
    writer.publishing_finished()
    assert until(lambda: read(path).errors) == 2
    monkeypatch.setattr(content_status, "CHECK_COMMAND", reporting("error", "error", "error"))
    now[0] = datetime(2030, 1, 2, 9, tzinfo=UTC)
    writer.publishing_started(current.get_library())
    writer.publishing_finished()
    assert until(lambda: read(path).errors == 3)


def test_publishing_stops_a_running_check_and_restarts_it_afterwards(path, content, monkeypatch):
    monkeypatch.setattr(content_status, "CHECK_COMMAND", SLEEPING)
    monkeypatch.setattr(content_status, "REST_FACTOR", 0)
    writer = ContentStatusWriter(path, path.with_name("document-reports"))
    writer.publishing_started(current.get_library())
    writer.publishing_finished()
    checking = until(lambda: writer._check_process)
    assert os.getpriority(os.PRIO_PROCESS, checking.pid) == 19
    monkeypatch.setattr(content_status, "CHECK_COMMAND", REPORTING)
    writer.publishing_started(current.get_library())
    until(lambda: not Path(f"/proc/{checking.pid}").exists())
    assert read(path).errors is None
    writer.publishing_finished()
    assert until(lambda: read(path).errors) == 2


def test_problems_are_not_counted_if_there_are_no_documents(path, content, monkeypatch, caplog):
    monkeypatch.setattr(content_status, "CHECK_COMMAND", ["-c", ""])
    for document in content.rglob("*.md"):
        document.unlink()
    current.refresh()
    writer = ContentStatusWriter(path, path.with_name("document-reports"))
    writer.publishing_started(current.get_library())
    writer.publishing_finished()
    until(lambda: read(path).content)
    time.sleep(0.2)
    assert (read(path).errors, caplog.text) == (None, "")


def test_problem_counts_survive_a_restart(path, content, monkeypatch):
    monkeypatch.setattr(content_status, "CHECK_COMMAND", REPORTING)
    writer = ContentStatusWriter(path, path.with_name("document-reports"))
    writer.publishing_started(current.get_library())
    writer.publishing_finished()
    status = until(lambda: read(path).errors and read(path))
    monkeypatch.setattr(content_status, "CHECK_COMMAND", SLEEPING)
    another = ContentStatusWriter(path, path.with_name("document-reports"))
    another.publishing_started(current.get_library())
    another.publishing_finished()
    until(lambda: another._hashed_library)
    time.sleep(0.2)
    assert another._check_process is None and read(path) == status


def test_a_failing_check_is_logged_and_retried(path, content, monkeypatch, caplog):
    monkeypatch.setattr(content_status, "CHECK_COMMAND", ["-c", "raise SystemExit('there are no documents')"])
    monkeypatch.setattr(content_status, "REST_FACTOR", 0)
    writer = ContentStatusWriter(path, path.with_name("document-reports"))
    writer.publishing_started(current.get_library())
    writer.publishing_finished()
    until(lambda: "could not be updated" in caplog.text)
    monkeypatch.setattr(content_status, "CHECK_COMMAND", REPORTING)
    writer.publishing_finished()
    assert until(lambda: read(path).errors) == 2


def test_a_check_that_failed_after_a_page_went_live_is_retried(path, content, monkeypatch, caplog):
    monkeypatch.setattr(content_status, "CHECK_COMMAND", REPORTING)
    monkeypatch.setattr(content_status, "REST_FACTOR", 0)
    monkeypatch.setattr(content_status, "RETRY_SECONDS", 0)
    writer = ContentStatusWriter(path, path.with_name("document-reports"))
    writer.publishing_started(current.get_library())
    writer.publishing_finished()
    until(lambda: read(path).errors)
    monkeypatch.setattr(content_status, "CHECK_COMMAND", ["-c", "raise SystemExit('the disk is full')"])
    writer._is_outdated = True
    writer.publishing_finished()
    until(lambda: "could not be updated" in caplog.text)
    monkeypatch.setattr(content_status, "CHECK_COMMAND", reporting("error", "error", "error"))
    until(lambda: read(path).errors == 3)


def test_the_check_runs_again_if_the_reports_are_missing(path, content, monkeypatch):
    monkeypatch.setattr(content_status, "CHECK_COMMAND", REPORTING)
    monkeypatch.setattr(content_status, "REST_FACTOR", 0)
    reports = path.with_name("document-reports")
    writer = ContentStatusWriter(path, reports)
    writer.publishing_started(current.get_library())
    writer.publishing_finished()
    until(reports.exists)
    reports.unlink()
    until(reports.exists)


def test_the_check_writes_the_reports(path, content, settings, monkeypatch):
    reports = path.with_name("document-reports")
    environment = {"CONTENT_DIR": str(content), "SECRET_KEY": settings.SECRET_KEY, "DEBUG": "1"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "layersrank_site.settings")
    writer = ContentStatusWriter(path, reports)
    writer.publishing_started(current.get_library())
    writer.publishing_finished()
    until(reports.exists)
    assert set(document_reports.read(reports)) >= {page.path for page in current.get_library().documents.values()}
