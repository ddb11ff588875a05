"""Django settings, from the environment variables that docs/configuration.md describes.

layersrank_site.checks rejects unsafe values, such as a weak key.
"""

import os
from importlib.util import find_spec
from os import environ
from pathlib import Path
from urllib.parse import quote

from django.core.management.utils import get_random_secret_key

from layersrank_site.database_url import parse_database
from layersrank_site.network_addresses import host_of, own_hosts

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"


ON, OFF = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
INVALID_FLAGS: dict[str, str] = {}  # invalid values, keyed by variable; the start-up checks report them


def _flag(name: str, default: bool) -> bool:
    value = environ.get(name, "").strip()
    if value and value.lower() not in (*ON, *OFF):
        INVALID_FLAGS[name] = value
    return value.lower() in ON if value else default


# `_secret` adds an error for each file that it can't use. The start-up checks report these errors.
SECRET_FILE_ERRORS: list[str] = []


def _secret(name: str) -> str:
    """Return the content of the file whose path is in NAME_FILE. If NAME_FILE is unset, return the variable NAME.

    Container engines mount secrets as files.
    """
    path = environ.get(f"{name}_FILE")
    if not path:
        return environ.get(name, "")
    try:
        value = Path(path).read_text().strip()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "the file is not text"
        SECRET_FILE_ERRORS.append(f"{name}_FILE is {path}, which can't be read: {reason}.")
        return ""
    if not value:
        SECRET_FILE_ERRORS.append(f"{name}_FILE is {path}, which is empty.")
    return value


def _number(name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    return int(text) if text.isdecimal() else -1  # the start-up checks report -1 as an error


def _list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in (environ.get(name) or default).split(",") if part.strip()]


DEBUG = _flag("DEBUG", default=False)
# The container image sets PRODUCTION. The start-up checks then reject development settings such as DEBUG.
PRODUCTION = _flag("PRODUCTION", default=False)
SECRET_KEY = _secret("SECRET_KEY") or (get_random_secret_key() if DEBUG and not PRODUCTION else "")
SITE_URL = (environ.get("SITE_URL") or "http://127.0.0.1:8000").rstrip("/")
# The URL of the server that answers forms, searches and the calculator of a static export (pages/export).
FORMS_URL = environ.get("FORMS_URL", "").rstrip("/")
SITE_HOST = host_of(SITE_URL)
# With `make dev HOST=0.0.0.0`, colleagues on the same network can open this machine's addresses.
NETWORK_HOSTS = own_hosts(environ.get("HOST", "")) if DEBUG and not PRODUCTION else []
ALLOWED_HOSTS = _list("ALLOWED_HOSTS", ",".join([SITE_HOST, "localhost", "127.0.0.1", "[::1]", *NETWORK_HOSTS]))
# The path is not resolved, because it may be a symbolic link. git-sync replaces such a link for each revision.
CONTENT_DIR = Path(os.path.abspath(environ.get("CONTENT_DIR") or BASE_DIR / "content"))
# DATA_DIR holds everything that the running site writes. VAR_DIR holds the files that are built before the site starts.
DATA_DIR = Path(environ.get("DATA_DIR") or VAR_DIR).resolve()
BUILD_DIR = Path(environ.get("BUILD_DIR") or DATA_DIR / "build").resolve()
CONTENT_DATES = Path(environ.get("CONTENT_DATES") or VAR_DIR / "dates.json").resolve()
# Address of the content folder in an online editor, such as GitHub's. The admin links each document to this editor.
CONTENT_EDIT_URL = environ.get("CONTENT_EDIT_URL", "").rstrip("/")
ACCESS_LOG = _flag("ACCESS_LOG", default=False)
# Send a page's Markdown version at the page's own address to clients that prefer it. Turn this off behind a CDN that
# ignores `Vary: Accept`. The addresses that end in `.md` always work.
NEGOTIATE_MARKDOWN = _flag("NEGOTIATE_MARKDOWN", default=True)
# The maximum size of /llms-full.txt. If it is 0, there is no such file.
LLMS_FULL_BYTES = _number("LLMS_FULL_BYTES", 2_000_000)
# The site refuses larger documents. The start-up checks don't allow the value 0.
MAX_DOCUMENT_BYTES = _number("MAX_DOCUMENT_BYTES", 1_000_000)
CONTENT_RELOAD = _flag("CONTENT_RELOAD", default=DEBUG)
SPOOL_DIR = Path(environ.get("SPOOL_DIR") or DATA_DIR / "spool").resolve()

DATABASES = {"default": parse_database(_secret("DATABASE_URL") or f"sqlite:///{quote(str(DATA_DIR / 'db.sqlite3'))}")}
# How long a remote database may take to save a lead, in seconds. After this time, the lead is saved to the spool on
# disk.
DATABASE_SECONDS = 2
# The number of connections that a worker may open to a remote database, for leads and for probes. Even if all of these
# connections hang, two replicas and the admin stay below PostgreSQL's default limit of 100.
DATABASE_CONNECTIONS = max(2, 32 // max(1, _number("WEB_CONCURRENCY", 2)))
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE takes the write lock at the start of a transaction, so no transaction fails halfway with SQLITE_BUSY.
    # FULL syncs the WAL before a commit returns (https://www.sqlite.org/pragma.html#pragma_synchronous).
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    DATABASES["default"]["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 10, "init_command": pragmas}
elif DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"]["PASSWORD"] = DATABASES["default"].get("PASSWORD") or _secret("POSTGRES_PASSWORD")
    # Detect within 30 s that the database server vanished without closing its connections. Linux's default is 2 hours
    # (tcp(7)).
    keepalive = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 4, "tcp_user_timeout": 30_000}
    options = DATABASES["default"].get("OPTIONS", {})
    DATABASES["default"]["OPTIONS"] = {"connect_timeout": DATABASE_SECONDS, **keepalive, **options}

# Recipient and sender of the emails about leads. Both addresses default to the fact `email` in content/facts.toml
# (leads/outbox.py).
LEADS_TO = environ.get("LEADS_TO", "")
MAIL_FROM = environ.get("MAIL_FROM", "")
if MAIL_FROM:  # Django's own emails, such as the email from `sendtestemail`, also have this sender
    DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
EMAIL_HOST = environ.get("EMAIL_HOST", "")
EMAIL_PORT = environ.get("EMAIL_PORT") or "587"
EMAIL_HOST_USER = environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _secret("EMAIL_HOST_PASSWORD")
EMAIL_USE_SSL = EMAIL_PORT == "465"
EMAIL_USE_TLS = _flag("EMAIL_USE_TLS", default=EMAIL_PORT == "587")
WEBHOOK_URL = environ.get("WEBHOOK_URL", "")
WEBHOOK_SECRET = _secret("WEBHOOK_SECRET")
# The key is not a secret: the site shows it at /<key>.txt.
INDEXNOW_KEY = environ.get("INDEXNOW_KEY", "")
INDEXNOW_URL = environ.get("INDEXNOW_URL") or "https://api.indexnow.org/indexnow"

# Where errors are reported: Sentry, or another error tracker with Sentry's protocol (pages.error_tracker).
SENTRY_DSN = environ.get("SENTRY_DSN", "")

# The times of message delivery, in seconds. `lease`: how long a worker may hold a message. This time must exceed the
# longest delivery (leads.transports.TOTAL_SECONDS plus the time to connect). `first_retry`: the wait after the first
# failure. `pause`: the wait before an unreachable transport is tried again.
DELIVERY_SECONDS = {"lease": 180, "first_retry": 15, "pause": 30}

# Rate limits. The first four limit automatic replies per hour. `client`: replies to one IPv4 address or IPv6 /64
# network. `/56` and `/48`: replies to one IPv6 network of this size. `total`: replies to all visitors. `token`:
# leads from one opened form. `notifications`: emails per hour to sales, each about a single lead. Above this limit,
# one email is about several leads.
LEAD_LIMITS = {"client": 20, "/56": 40, "/48": 80, "total": 200, "token": 5, "notifications": 20}
TRUSTED_PROXIES = _list("TRUSTED_PROXIES")
NGINX_CACHE_URL = environ.get("NGINX_CACHE_URL", "").rstrip("/")  # nginx's URL for requests that fill its cache

# The maximum size of a request body, in bytes. Forms are much smaller. deploy/nginx.conf has the same limit.
MAX_BODY_BYTES = 64 * 1024

# Path of the admin. If this path is empty, there is no admin.
ADMIN_PATH = environ.get("ADMIN_PATH", "").strip("/")
# True if all users of the admin need a second factor. If False, only users with a second factor must use it.
ADMIN_OTP = _flag("ADMIN_OTP", default=PRODUCTION)
OTP_TOTP_ISSUER = "LayersRank"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True

INSTALLED_APPS = [
    "servestatic.runserver_nostatic",
    "layersrank_site.apps.LayersRankAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "compressor",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "layersrank_site.apps.LayersRankSiteConfig",
    "leads",
    "pages",
]
MIDDLEWARE = [
    "layersrank_site.middleware.forwarded_scheme",
    "layersrank_site.middleware.constant_headers_and_probes",
    "layersrank_site.middleware.static_files",
    "layersrank_site.middleware.CompressText",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]
# Live reload for `make dev`. Production doesn't install the package.
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
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
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

# django-compressor minifies stylesheets and scripts, and pages contain them (docs/decisions/0005-inline-stylesheet.md).
# Minify in development too, because the Content-Security-Policy has the hashes of the minified text.
COMPRESS_ENABLED = True
COMPRESS_CSS_HASHING_METHOD = None
COMPRESS_FILTERS = {"css": ["compressor.filters.cssmin.rCSSMinFilter"], "js": ["compressor.filters.jsmin.rJSMinFilter"]}
COMPRESS_MTIME_DELAY = 0 if DEBUG else 10

# Django reads the visitor's scheme from this header. layersrank_site.middleware.forwarded_scheme removes the header
# unless a proxy in TRUSTED_PROXIES sent it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Use secure cookies and HSTS if SITE_URL begins with https. If a cookie's name begins with __Host-, no other subdomain
# and no page over http can set the cookie (https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis, 4.1.3).
HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = (f"{'__Host-' if HTTPS else ''}{name}" for name in ("sessionid", "csrftoken"))
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # needs no second cookie
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# A session in the admin ends after this many seconds without a request (layersrank_site.admin_site).
SESSION_COOKIE_AGE = 8 * 60 * 60
CSRF_COOKIE_AGE = None  # With None, the cookie lasts until the browser is closed.
CSRF_FAILURE_VIEW = "leads.views.csrf_failure"
# Trust each host's https origin: a proxy with TLS forwards requests over http, but browsers send the https origin.
CSRF_TRUSTED_ORIGINS = [SITE_URL, *(f"https://{'*' * host.startswith('.')}{host}" for host in ALLOWED_HOSTS)]

# django-axes counts failed logins. After too many failed logins, django-axes blocks further logins for an hour.
# LOGIN_LIMITS has a limit for each item of AXES_LOCKOUT_PARAMETERS, such as 20 failed logins from one IP address.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], ["ip_address"], ["username"]]
LOGIN_LIMITS = (5, 20, 50)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # If True, guesses during a block would prolong this block.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["layersrank_site.hashers.LowPriorityHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1  # hour
AXES_HANDLER = "layersrank_site.login_limits.LoginLimits"
AXES_CLIENT_IP_CALLABLE = "leads.client_ip.login_address"
AXES_USERNAME_CALLABLE = "leads.client_ip.login_name"
AXES_DISABLE_ACCESS_LOG = True
AXES_RESET_ON_SUCCESS = True
HSTS_SECONDS = 31_536_000 if HTTPS else 0

# Silence these checks of `check --deploy`. The site meets their requirements in another way.
SILENCED_SYSTEM_CHECKS = [
    # SecurityMiddleware isn't used: layersrank_site.middleware sets the same headers, and the proxy redirects to https.
    "security.W001",
    "security.W002",  # Instead of X-Frame-Options, the site sends frame-ancestors in the Content-Security-Policy.
]

# Logging for development and for management commands. Server processes use pages.log instead.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO" if DEBUG else "WARNING", "propagate": False},
        "pages": {"level": "INFO"},
        "axes": {"level": "CRITICAL"},  # don't log user names and IP addresses; the admin shows them
    },
}
