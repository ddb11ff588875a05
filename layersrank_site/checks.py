"""Start-up checks: unusable or unsafe settings. Management commands and the server run these checks."""

import logging
import os
import re
from collections.abc import Iterator
from email.utils import parseaddr
from ipaddress import ip_network
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, register
from django.core.checks.security.base import SECRET_KEY_MIN_LENGTH, SECRET_KEY_MIN_UNIQUE_CHARACTERS
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.mail.message import sanitize_address
from django.core.validators import validate_email
from django.http.request import split_domain_port, validate_host

from leads.indexnow_transport import is_public_site
from leads.webhook_transport import signature
from pages import error_tracker
from pages.content.url_paths import RESERVED_PATHS

logger = logging.getLogger(__name__)

KEY_COMMAND = "openssl rand -hex 32"
INDEXNOW_KEY_PATTERN = re.compile(r"[A-Za-z0-9-]{8,128}")  # https://www.indexnow.org/documentation
PATH = re.compile(r"[A-Za-z0-9-]+(?:/[A-Za-z0-9-]+)*")


@register("startup")
def check_startup(app_configs: object = None, **kwargs: object) -> list[Error]:
    """Return an Error for each unusable setting. In production, also return an Error for each unsafe setting."""
    is_development = settings.DEBUG and not settings.PRODUCTION
    return [*_unusable_settings(), *([] if is_development else _unsafe_settings())]


def has_errors() -> bool:
    """Log all start-up errors. If there are any, return True: the site must not start."""
    errors = check_startup()
    for error in errors:
        logger.critical("The site does not start: %s %s", error.msg, error.hint)
    return bool(errors)


def _unusable_settings() -> Iterator[Error]:
    for message in settings.SECRET_FILE_ERRORS:
        yield Error(
            message,
            hint="Let the site's user read the file. In the container image, the site runs as user 10001.",
            id="layersrank.E018",
        )
    for name, value in settings.INVALID_FLAGS.items():
        yield Error(
            f"{name} is “{value}”, which is neither on nor off.",
            hint=f"To turn it on, set {name}=1. To turn it off, set {name}=0",
            id="layersrank.E027",
        )
    if settings.DATABASES["default"]["ENGINE"].endswith("dummy"):
        yield Error(  # the message doesn't show the value, because it contains a password
            "DATABASE_URL is not a PostgreSQL or SQLite URL.",
            hint="Set DATABASE_URL to postgres://user:password@host:5432/name. Percent-encode punctuation in the "
            "password (# as %23). Or leave DATABASE_URL unset: the site then uses SQLite in DATA_DIR.",
            id="layersrank.E015",
        )
    if settings.ADMIN_PATH and not PATH.fullmatch(settings.ADMIN_PATH):
        yield Error(
            f"ADMIN_PATH is “{settings.ADMIN_PATH}”, which is not a valid path.",
            hint="Use only letters, digits and hyphens, for example ADMIN_PATH=desk-7f3k",
            id="layersrank.E009",
        )
    elif settings.ADMIN_PATH and _is_taken(settings.ADMIN_PATH):
        yield Error(
            f"ADMIN_PATH is “{settings.ADMIN_PATH}”, but the site already uses this path.",
            hint="Choose an unused path that is hard to guess, for example ADMIN_PATH=desk-7f3k",
            id="layersrank.E017",
        )
    if settings.CONTENT_EDIT_URL and not _is_http_url(settings.CONTENT_EDIT_URL):
        yield Error(
            f"CONTENT_EDIT_URL is “{settings.CONTENT_EDIT_URL}”, which is not an http or https URL.",
            hint="Set CONTENT_EDIT_URL to the address of the content folder, for example "
            "CONTENT_EDIT_URL=https://github.com/layersrank/site/edit/main/content",
            id="layersrank.E021",
        )
    if settings.INDEXNOW_KEY and not INDEXNOW_KEY_PATTERN.fullmatch(settings.INDEXNOW_KEY):
        yield Error(
            f"INDEXNOW_KEY is “{settings.INDEXNOW_KEY}”, which is not a key of IndexNow.",
            hint="Use 8 to 128 letters, digits and hyphens: set INDEXNOW_KEY to the output of: openssl rand -hex 16",
            id="layersrank.E022",
        )
    if not _is_http_url(settings.INDEXNOW_URL):
        yield Error(
            f"INDEXNOW_URL is “{settings.INDEXNOW_URL}”, which is not an http or https URL.",
            hint="Leave INDEXNOW_URL unset, or write INDEXNOW_URL=https://api.indexnow.org/indexnow",
            id="layersrank.E023",
        )
    cache_url = settings.NGINX_CACHE_URL
    if cache_url and not (_is_http_url(cache_url) and cache_url.startswith("http:")):  # no TLS to nginx
        yield Error(
            f"NGINX_CACHE_URL is “{cache_url}”, which is not an http URL.",
            hint="Set NGINX_CACHE_URL to the URL at which nginx fills its cache, for example "
            "NGINX_CACHE_URL=http://172.28.0.2:8002",
            id="layersrank.E028",
        )
    if settings.FORMS_URL and not _is_origin(settings.FORMS_URL):
        yield Error(
            f"FORMS_URL is “{settings.FORMS_URL}”, which is not the URL of a site.",
            hint="Set FORMS_URL to a scheme and a host, without a path: FORMS_URL=https://forms.layersrank.com",
            id="layersrank.E026",
        )
    if settings.SENTRY_DSN and not error_tracker.is_dsn(settings.SENTRY_DSN):
        yield Error(  # the message doesn't show the value, because it may contain a secret key
            "SENTRY_DSN is not a DSN.",
            hint="Copy the DSN from the settings of your project in the error tracker, for example "
            "SENTRY_DSN=https://key@errors.layersrank.com/1",
            id="layersrank.E025",
        )


def _unsafe_settings() -> Iterator[Error]:
    if settings.DEBUG:
        yield Error(
            "DEBUG is set. Every visitor would see drafts, and error pages with secrets.",
            hint="Remove DEBUG. To preview drafts, run “make dev” on your own machine.",
            id="layersrank.E013",
        )
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:  # Django raises this error for an empty key
        key = ""
    if not key:
        hint = f"Set SECRET_KEY to the output of: {KEY_COMMAND}"
        if (settings.VAR_DIR / "secret_key").is_file():  # with a new key, existing preview links would stop working
            hint = "To use the key of “make run”, set SECRET_KEY_FILE=var/secret_key"
        yield Error("SECRET_KEY is missing.", hint=hint, id="layersrank.E001")
    elif len(key) < SECRET_KEY_MIN_LENGTH or len(set(key)) < SECRET_KEY_MIN_UNIQUE_CHARACTERS or "insecure" in key:
        yield Error(
            f"SECRET_KEY is weak. The key needs at least {SECRET_KEY_MIN_LENGTH} random characters, "
            f"{SECRET_KEY_MIN_UNIQUE_CHARACTERS} of them different.",
            hint=f"Set SECRET_KEY to the output of: {KEY_COMMAND}",
            id="layersrank.E002",
        )
    if not _is_origin(settings.SITE_URL):
        yield Error(
            f"SITE_URL is “{settings.SITE_URL}”, which is not the URL of a site.",
            hint="Set SITE_URL to a scheme and a host, without a path: SITE_URL=https://www.layersrank.com",
            id="layersrank.E004",
        )
    elif settings.PRODUCTION and not settings.HTTPS:
        yield Error(
            f"SITE_URL is {settings.SITE_URL}, without https. Others could read what visitors send.",
            hint="Set SITE_URL to the https URL that visitors use: SITE_URL=https://www.layersrank.com",
            id="layersrank.E014",
        )
    if settings.INDEXNOW_KEY and not is_public_site(settings.SITE_URL):
        yield Error(
            f"INDEXNOW_KEY is set, but SITE_URL is {settings.SITE_URL}, which search engines can't reach over https.",
            hint="Set SITE_URL to the public https URL of the site. Or remove INDEXNOW_KEY.",
            id="layersrank.E024",
        )
    if not settings.CONTENT_DIR.is_dir():
        yield Error(
            f"CONTENT_DIR is {settings.CONTENT_DIR}, which is not a folder.",
            hint="Set CONTENT_DIR to the folder of documents. If it is unset, the site uses its own documents.",
            id="layersrank.E005",
        )
    for name in ("DATA_DIR", "BUILD_DIR"):
        if getattr(settings, name).is_relative_to(settings.CONTENT_DIR.resolve()):
            yield Error(
                f"{name} is {getattr(settings, name)}, inside CONTENT_DIR. "
                "Each file that the site writes would count as changed content.",
                hint=f"Set {name} to a folder outside CONTENT_DIR.",
                id="layersrank.E019",
            )
    yield from _unsafe_lead_settings()
    if "*" in settings.ALLOWED_HOSTS:
        yield Error(
            "ALLOWED_HOSTS=* would accept every host name.",
            hint="List the site's host names, separated by commas: ALLOWED_HOSTS=www.layersrank.com,layersrank.com",
            id="layersrank.E003",
        )
    elif settings.SITE_HOST and not validate_host(settings.SITE_HOST, settings.ALLOWED_HOSTS):
        yield Error(
            f"ALLOWED_HOSTS does not include {settings.SITE_HOST}, the host of SITE_URL. "
            "Every visitor would get the error 400.",
            hint="Add this host to ALLOWED_HOSTS. If ALLOWED_HOSTS is unset, the site accepts the host of SITE_URL.",
            id="layersrank.E016",
        )


def _unsafe_lead_settings() -> Iterator[Error]:
    for name in ("LEADS_TO", "MAIL_FROM"):
        address = getattr(settings, name)
        if address and not _is_email_address(address):
            yield Error(
                f"{name} is “{address}”, which is not a single email address.",
                hint=f"Set {name} to one address, for example {name}=sales@layersrank.com",
                id="layersrank.E010",
            )
    if settings.WEBHOOK_URL and not _is_http_url(settings.WEBHOOK_URL):
        yield Error(  # the message doesn't show the value, because many such URLs contain a token
            "WEBHOOK_URL is not an http or https URL.",
            hint="Set WEBHOOK_URL to the receiver's full URL, for example WEBHOOK_URL=https://hooks.layersrank.com/leads",
            id="layersrank.E011",
        )
    if settings.WEBHOOK_URL and not settings.WEBHOOK_SECRET:
        yield Error(
            "WEBHOOK_SECRET is missing, but WEBHOOK_URL is set. The receiver could not verify requests.",
            hint="Set WEBHOOK_SECRET to the receiver's secret. Or give both the site and the receiver the output of: "
            'echo "whsec_$(openssl rand -base64 32)"',
            id="layersrank.E006",
        )
    elif not _is_webhook_secret(settings.WEBHOOK_SECRET):
        yield Error(
            "WEBHOOK_SECRET starts with whsec_, but the rest is not Base64.",
            hint="Copy the receiver's whole secret. A secret that is not Base64 must not start with whsec_.",
            id="layersrank.E012",
        )
    if not settings.EMAIL_PORT.isdecimal() or not 0 < int(settings.EMAIL_PORT) < 65536:
        yield Error(
            f"EMAIL_PORT is “{settings.EMAIL_PORT}”, which is not a port number.",
            hint="Set EMAIL_PORT to the mail server's port, usually 587 or 465.",
            id="layersrank.E007",
        )
    for name, minimum in (("MAX_DOCUMENT_BYTES", 1), ("LLMS_FULL_BYTES", 0)):
        if getattr(settings, name) < minimum:
            yield Error(
                f"{name} is not a number of bytes.",
                hint=f"Use digits only, and at least {minimum}, for example {name}=1000000",
                id="layersrank.E020",
            )
    for proxy in settings.TRUSTED_PROXIES:
        try:
            ip_network(proxy, strict=False)
        except ValueError:
            yield Error(
                f"TRUSTED_PROXIES contains “{proxy}”, which is not an IP address or network.",
                hint="List the proxies in front of the site, separated by commas: "
                "TRUSTED_PROXIES=10.0.0.4,172.18.0.0/16",
                id="layersrank.E008",
            )


def _is_taken(path: str) -> bool:
    """Return True if the site or a document already uses a URL that starts with the first segment of `path`."""
    first = path.lower().partition("/")[0]
    candidates = (settings.CONTENT_DIR / first, settings.CONTENT_DIR / f"{first}.md")
    # Don't use Path.exists: it raises an error in an unreadable folder.
    return f"/{first}" in RESERVED_PATHS or any(os.path.exists(path) for path in candidates)


def _is_email_address(value: str) -> bool:
    """Accept exactly one email address, with or without a display name."""
    try:
        sanitize_address(value, "utf-8")
        validate_email(parseaddr(value)[1])
    except (ValueError, ValidationError):
        return False
    return True


def _is_http_url(value: str) -> bool:
    try:
        url = urlsplit(value)
        return url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:  # the URL has an invalid IPv6 address or port
        return False


def _is_origin(value: str) -> bool:
    """Accept a URL that has only scheme, host and port, spelled as in a browser's Host header."""
    if not _is_http_url(value):
        return False
    url = urlsplit(value)
    domain, port = split_domain_port(url.netloc)
    host = f"{domain}:{port}" if port else domain
    return value == f"{url.scheme}://{url.netloc}" and url.netloc.lower() == host


def _is_webhook_secret(value: str) -> bool:
    try:
        signature("", "", b"", value)
    except ValueError:
        return False
    return value != "whsec_"
