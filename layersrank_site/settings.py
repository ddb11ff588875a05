"""Settings. All configuration comes from the environment, and is read here alone; README lists it in a table.

What must not be served with (a weak key, all hosts) is refused by `layersrank_site.checks`.
"""

from importlib.util import find_spec
from os import environ
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.management.utils import get_random_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"


def _flag(name: str, default: bool) -> bool:
    value = environ.get(name, "").strip().lower()
    return value in ("1", "true", "yes", "on") if value else default


DEBUG = _flag("DEBUG", default=False)
SECRET_KEY = environ.get("SECRET_KEY") or (get_random_secret_key() if DEBUG else "")
ALLOWED_HOSTS = [
    host.strip() for host in (environ.get("ALLOWED_HOSTS") or "localhost,127.0.0.1,[::1]").split(",") if host.strip()
]
SITE_URL = (environ.get("SITE_URL") or "http://127.0.0.1:8000").rstrip("/")
CONTENT_DIR = Path(environ.get("CONTENT_DIR") or BASE_DIR / "content").resolve()
BUILD_DIR = Path(environ.get("BUILD_DIR") or VAR_DIR / "build").resolve()
CONTENT_DATES = Path(environ.get("CONTENT_DATES") or VAR_DIR / "dates.json").resolve()
CONTENT_RELOAD = _flag("CONTENT_RELOAD", default=DEBUG)
DATABASES = {"default": dj_database_url.parse(environ.get("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}

INSTALLED_APPS = [
    "servestatic.runserver_nostatic",
    "django.contrib.staticfiles",
    "compressor",
    "layersrank_site",
    "pages",
]
MIDDLEWARE = [
    "layersrank_site.middleware.outermost",
    "layersrank_site.middleware.StaticFiles",
    "django.middleware.common.CommonMiddleware",
]
# With `make dev` the open page follows an edit. Production has neither the package nor its address.
if DEBUG and find_spec("django_browser_reload"):
    INSTALLED_APPS += ["django_browser_reload", "pages.development"]
    MIDDLEWARE += ["django_browser_reload.middleware.BrowserReloadMiddleware"]
ROOT_URLCONF = "layersrank_site.urls"
ASGI_APPLICATION = "layersrank_site.asgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "compressor.finders.CompressorFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    },
}
SERVESTATIC_ALLOW_ALL_ORIGINS = False

# The stylesheet stands in each page, so that page and style arrive together. The same bytes in development and
# production: the Content-Security-Policy names their hash.
COMPRESS_ENABLED = True
COMPRESS_OFFLINE = False
COMPRESS_CSS_HASHING_METHOD = None
COMPRESS_FILTERS = {"css": ["compressor.filters.cssmin.rCSSMinFilter"], "js": []}
COMPRESS_MTIME_DELAY = 0 if DEBUG else 10

# Secure where the site is: cookies and HSTS follow SITE_URL's scheme.
HTTPS = urlsplit(SITE_URL).scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
HSTS_SECONDS = 31_536_000 if HTTPS else 0

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO" if DEBUG else "WARNING", "propagate": False},
        "pages": {"level": "INFO"},
    },
}
