"""Settings for tests: the production settings, regardless of the environment variables."""

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path

for reader in ("layersrank_site/settings.py", "gunicorn.conf.py"):
    code = (Path(__file__).parent.parent / reader).read_text()
    for variable in re.findall(r'(?:environ\.get|_flag|_list|_number|_secret)\("([A-Z_]+)"', code):
        os.environ.pop(variable, None)
        os.environ.pop(f"{variable}_FILE", None)
# One folder holds the files of all processes of a test run. The first process creates it, and deletes it at the end.
# The other processes get its path from the environment.
if "TEST_RUN_FOLDER" not in os.environ:
    os.environ["TEST_RUN_FOLDER"] = tempfile.mkdtemp(prefix="layersrank-tests-")
    atexit.register(shutil.rmtree, os.environ["TEST_RUN_FOLDER"], ignore_errors=True)
FOLDER = Path(tempfile.mkdtemp(dir=os.environ["TEST_RUN_FOLDER"])).resolve()
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{FOLDER / 'db.sqlite3'}"
os.environ["SECRET_KEY"] = "a key for tests alone, which nothing real was ever signed with"

from layersrank_site.settings import *  # noqa: E402, F403

del os.environ["DATABASE_URL"]  # A process that a test starts gets its own DATABASE_URL.

CONTENT_DIR = Path(__file__).parent / "fixtures" / "site"
ADMIN_PATH = "desk"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
STATIC_ROOT = FOLDER / "static"
STATIC_ROOT.mkdir()
BUILD_DIR = FOLDER / "build"
SPOOL_DIR = FOLDER / "spool"
CONTENT_DATES = BUILD_DIR / "dates.json"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
if not os.environ.get("TEST_DATABASE_URL"):  # Use an SQLite file, as in production: several threads write.
    database = DATABASES["default"]  # type: ignore[used-before-def]  # noqa: F405
    # Tests commit often, and don't need their data after a power failure. So a commit doesn't wait for the disk.
    pragmas = f"{database['OPTIONS']['init_command']} PRAGMA synchronous=OFF;"
    options = {**database["OPTIONS"], "init_command": pragmas}
    DATABASES = {"default": {**database, "OPTIONS": options, "TEST": {"NAME": FOLDER / "test.sqlite3"}}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
