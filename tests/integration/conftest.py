"""Fixtures for tests that use the database, log in to the admin, or edit a content folder as a marketer does."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.commands import flush
from django.db import transaction
from django.test import Client

from pages.content import unfinished_saves
from pages.repository import current
from tests.conftest import SAMPLE_SITE, SEED
from tests.support.drawing_cache import cache_drawing
from tests.support.marketer import Marketer


@pytest.fixture(scope="session", autouse=True)
def use_reading_cache(reading_cache) -> None:
    """Cache parsed documents in all integration tests."""


@pytest.fixture(scope="package", autouse=True)
def use_drawing_cache() -> Iterator[None]:
    """Cache social cards, images and PDFs in all integration tests. Unit tests in the same process draw them anew."""
    with pytest.MonkeyPatch.context() as patch:
        cache_drawing(patch)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Restore the permissions and groups quickly after each test with `transaction=True`.

    After such a test, Django empties all tables and sends the signal post_migrate. The signal's receivers create the
    permissions and groups again, but with many queries. So this fixture replaces the signal with a few bulk inserts.
    """
    with django_db_blocker.unblock():
        models = (ContentType, Permission, Group, Group.permissions.through)
        rows = [list(model.objects.all()) for model in models]

    def restore(verbosity: int, interactive: bool, db: str) -> None:
        with transaction.atomic(using=db):
            for model, instances in zip(models, rows, strict=True):
                model.objects.using(db).bulk_create(instances)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "emit_post_migrate_signal", restore)
        yield


@pytest.fixture
def few_documents(tmp_path: Path) -> Path:
    """A folder for `serving`. Its content is one role page, so the site publishes all its pages quickly."""
    (tmp_path / "content" / "hire").mkdir(parents=True)
    shutil.copy(SAMPLE_SITE / "site.toml", tmp_path / "content")
    shutil.copy(SEED, tmp_path / "content" / "hire")
    return tmp_path


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
    """Return a function that logs in a new user of the admin, in a given group. The client's `user` is this user."""

    def log_in(group: str) -> Client:
        client.user = django_user_model.objects.create_user(group, is_staff=True)
        client.user.groups.add(Group.objects.get(name=group))
        client.force_login(client.user, "django.contrib.auth.backends.ModelBackend")
        return client

    return log_in
