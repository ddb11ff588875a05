"""Fixtures: a small content folder, and a test client that is logged in as a user of the group “Content”."""

from datetime import UTC, datetime

import pytest

from pages import clock
from pages.repository import current

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path, settings, monkeypatch):
    settings.CONTENT_DIR = tmp_path / "content"
    settings.CONTENT_DIR.mkdir()
    settings.CONTENT_RELOAD = True
    settings.CONTENT_DATES = tmp_path / "dates.json"
    settings.DATA_DIR, settings.BUILD_DIR = tmp_path / "data", tmp_path / "build"
    (settings.CONTENT_DIR / "site.toml").write_text("[calls_to_action]\n")
    monkeypatch.setattr(clock, "now", lambda: NOW)
    current.reset()
    yield settings.CONTENT_DIR
    current.reset()


@pytest.fixture
def write(folder):
    def write_page(url, *meta, text="Words."):
        path = folder / f"{url.strip('/')}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = "\n".join((f"Title: Title of {url}", *meta))
        path.write_text(f"# Name of {url}\n## {url}\n\n## META\n\n```\n{lines}\n```\n\n## ONE\n\n{text}\n")
        return path

    return write_page


@pytest.fixture
def editor(log_in_as):
    """A test client that is logged in as a user who may see the content."""
    return log_in_as("Content")
