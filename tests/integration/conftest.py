"""A fixture for tests that edit a content folder as a marketer does."""

from pathlib import Path

import pytest

from pages.content import unfinished_saves
from pages.repository import current
from tests.support.marketer import Marketer


@pytest.fixture
def marketer(tmp_path: Path, settings, monkeypatch, client):
    """A marketer with a small content folder. The site shows each change at once."""
    monkeypatch.setattr(unfinished_saves, "HOLD_SECONDS", 0)
    settings.CONTENT_DIR = tmp_path / "content"
    settings.BUILD_DIR, settings.DATA_DIR = tmp_path / "build", tmp_path / "data"
    settings.CONTENT_RELOAD = True
    current.reset()
    writer = Marketer(settings.CONTENT_DIR, client)
    writer.start_folder()
    yield writer
    current.reset()
