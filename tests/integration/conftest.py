"""Fixtures for tests that log in to the admin, or that edit a content folder as a marketer does."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.test import Client

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


@pytest.fixture
def log_in_as(db, client, django_user_model) -> Callable[[str], Client]:
    """A function that logs in a new user of a group of admin users. It returns the client, with the user as `user`."""

    def log_in(group: str) -> Client:
        client.user = django_user_model.objects.create_user(group, is_staff=True)
        client.user.groups.add(Group.objects.get(name=group))
        client.force_login(client.user, "django.contrib.auth.backends.ModelBackend")
        return client

    return log_in
