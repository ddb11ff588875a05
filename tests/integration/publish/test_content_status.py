"""What the publisher counts of the content, and that it keeps nobody waiting."""

import json
import os
import sys
import time
from pathlib import Path

import pytest

from pages.publish import content_status
from pages.publish.content_status import ContentStatus, ContentStatusWriter, read
from pages.repository import current

SLEEPING = [sys.executable, "-c", "import time; time.sleep(60)"]
FOUND = [sys.executable, "-c", f"print({json.dumps([{'level': 'error'}, {'level': 'warning'}, {'level': 'error'}])!r})"]


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setattr(content_status, "HASH_DELAY_SECONDS", 0)
    return tmp_path / "content-status"


def until(holds):
    for _ in range(10_000):
        if found := holds():
            return found
        time.sleep(0.02)
    return pytest.fail("it never came to be")


def test_problems_are_counted_when_all_is_published(path, content, monkeypatch):
    monkeypatch.setattr(content_status, "CHECK_COMMAND", FOUND)
    counting = ContentStatusWriter(path)
    counting.publishing_started(current.get_library())
    known = until(lambda: read(path).content and read(path))
    assert len(known.content) == 64 and known.errors is None
    counting.publishing_finished()
    assert until(lambda: read(path).errors and read(path)) == ContentStatus(known.content, 2, 1)


def test_a_check_ends_where_something_is_to_be_published_and_begins_again(path, content, monkeypatch):
    monkeypatch.setattr(content_status, "CHECK_COMMAND", SLEEPING)
    monkeypatch.setattr(content_status, "REST_FACTOR", 0)
    counting = ContentStatusWriter(path)
    counting.publishing_started(current.get_library())
    counting.publishing_finished()
    checking = until(lambda: counting._check_process)
    assert os.getpriority(os.PRIO_PROCESS, checking.pid) == 19
    monkeypatch.setattr(content_status, "CHECK_COMMAND", FOUND)
    counting.publishing_started(current.get_library())
    until(lambda: not Path(f"/proc/{checking.pid}").exists())
    assert read(path).errors is None
    counting.publishing_finished()
    assert until(lambda: read(path).errors) == 2


def test_where_there_are_no_documents_nothing_is_counted(path, content, monkeypatch, caplog):
    monkeypatch.setattr(content_status, "CHECK_COMMAND", [sys.executable, "-c", ""])
    for document in content.rglob("*.md"):
        document.unlink()
    current.refresh()
    counting = ContentStatusWriter(path)
    counting.publishing_started(current.get_library())
    counting.publishing_finished()
    until(lambda: read(path).content)
    time.sleep(0.2)
    assert (read(path).errors, caplog.text) == (None, "")


def test_what_is_known_is_not_counted_again_after_a_restart(path, content, monkeypatch):
    monkeypatch.setattr(content_status, "CHECK_COMMAND", FOUND)
    counting = ContentStatusWriter(path)
    counting.publishing_started(current.get_library())
    counting.publishing_finished()
    known = until(lambda: read(path).errors and read(path))
    monkeypatch.setattr(content_status, "CHECK_COMMAND", SLEEPING)
    another = ContentStatusWriter(path)
    another.publishing_started(current.get_library())
    another.publishing_finished()
    until(lambda: another._hashed_library)
    time.sleep(0.2)
    assert another._check_process is None and read(path) == known


def test_a_checker_that_fails_is_told_of_and_harms_nothing(path, content, monkeypatch, caplog):
    monkeypatch.setattr(
        content_status, "CHECK_COMMAND", [sys.executable, "-c", "raise SystemExit('there are no documents')"]
    )
    monkeypatch.setattr(content_status, "REST_FACTOR", 0)
    counting = ContentStatusWriter(path)
    counting.publishing_started(current.get_library())
    counting.publishing_finished()
    until(lambda: "could not be updated" in caplog.text)
    monkeypatch.setattr(content_status, "CHECK_COMMAND", FOUND)
    counting.publishing_finished()
    assert until(lambda: read(path).errors) == 2
