"""Test the revision of the content: from git, from a record for deployments without git, or from a hash."""

import os
import subprocess
import time

import pytest
from django.core.management import call_command

from pages.content import library
from pages.publish import content_status
from pages.publish.content_status import ContentStatus, ContentStatusWriter
from pages.repository import content_revision, current, git_commands
from pages.repository.content_revision import ContentHasher
from tests.support.waiting import PATIENCE

CONTENT = "0123456789abcdef" * 4


def git(folder, *arguments):
    names = {f"GIT_{who}_{what}": "x@a.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    env = os.environ | names | {"GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(["git", *arguments], cwd=folder, env=env, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repository(content, settings, tmp_path):
    settings.CONTENT_DATES = tmp_path / "dates.json"
    git(content.parent, "init", "--quiet")
    commit(content)
    return content


def commit(content):
    git(content.parent, "add", "--all", ".")
    git(content.parent, "commit", "--quiet", "--message", "x")
    return git(content.parent, "rev-parse", "HEAD").strip()


def wait_until(condition):
    ends = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.02)


def revision(content):
    return content_revision.revision(content, ContentHasher().hash(library.load(content)))


def test_it_is_the_last_commit_of_the_content_folder(repository):
    head = git(repository.parent, "rev-parse", "HEAD").strip()
    (repository.parent / "code.py").write_text("1")
    assert commit(repository) != head
    assert revision(repository) == head


@pytest.mark.parametrize("name", ["index.md", "new.md", "images/new.png"])
def test_changes_that_are_not_committed_are_marked(repository, name):
    head = git(repository.parent, "rev-parse", "HEAD").strip()
    path = repository / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("Words.")
    assert revision(repository) == f"{head} + edits"
    assert commit(repository) == revision(repository)


def test_without_git_it_is_the_start_of_the_hash(content, settings, tmp_path, monkeypatch):
    settings.CONTENT_DATES = tmp_path / "dates.json"
    monkeypatch.setattr(git_commands, "_GIT", ("no-such-program",))
    assert content_revision.revision(content, CONTENT) == "content 0123456789ab"


def test_an_image_knows_the_revision_that_was_recorded_for_the_same_content(repository, monkeypatch, caplog):
    call_command("record_dates")
    head = revision(repository)
    monkeypatch.setattr(git_commands, "_GIT", ("no-such-program",))
    assert revision(repository) == head and " " not in head
    (repository / "index.md").write_text("Other words.")
    assert revision(repository).startswith("content ")
    content_revision._record_path().write_text("{")
    assert revision(repository).startswith("content ")
    assert "run manage.py record_dates" in caplog.text


def test_the_status_follows_a_commit_that_changes_no_file(repository, tmp_path, monkeypatch):
    monkeypatch.setattr(content_status, "CHECK_COMMAND", ["-c", "print('[]')"])
    monkeypatch.setattr(content_status, "HASH_DELAY_SECONDS", 0)
    monkeypatch.setattr(content_status, "REVISION_SECONDS", 0)
    (repository / "index.md").write_text("Other words.")
    path = tmp_path / "content-status"
    writer = ContentStatusWriter(path, tmp_path / "document-reports")
    writer.publishing_started(current.get_library())
    writer.publishing_finished()
    wait_until(lambda: (content_status.read(path).revision or "").endswith(" + edits"))
    head = commit(repository)
    wait_until(lambda: content_status.read(path).revision == head)


def test_version_shows_it(client, content, monkeypatch):
    status = ContentStatus(CONTENT, revision="abc123 + edits")
    monkeypatch.setattr(content_status, "read", lambda path: status)
    fields = client.get("/version").json()
    assert (fields["content"], fields["content_revision"]) == (CONTENT, "abc123 + edits")
