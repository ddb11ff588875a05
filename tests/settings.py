"""The site's settings as tests see them: production's, whatever the environment of whoever runs them holds."""

import os
import tempfile
from pathlib import Path

for variable in ("DEBUG", "ALLOWED_HOSTS", "SITE_URL", "CONTENT_DIR", "BUILD_DIR", "CONTENT_RELOAD", "DATABASE_URL"):
    os.environ.pop(variable, None)
os.environ["SECRET_KEY"] = "a key for tests alone, which nothing real was ever signed with"

from layersrank_site.settings import *  # noqa: E402, F403

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
STATIC_ROOT = Path(tempfile.mkdtemp(prefix="layersrank-static-"))
BUILD_DIR = Path(tempfile.mkdtemp(prefix="layersrank-build-")).resolve()
CONTENT_DATES = BUILD_DIR / "dates.json"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
