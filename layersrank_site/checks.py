"""What the site refuses to start with. Management commands say it at once; the server, when its application is made."""

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

from leads.webhook_transport import signature
from pages.content.url_paths import RESERVED_PATHS

logger = logging.getLogger(__name__)

GENERATE = "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
PATH = re.compile(r"[A-Za-z0-9-]+(?:/[A-Za-z0-9-]+)*")


@register("startup")
def startup(app_configs: object = None, **kwargs: object) -> list[Error]:
    """An Error for each variable of the environment that cannot be read or, but in development, makes it unsafe to
    serve."""
    is_development = settings.DEBUG and not settings.PRODUCTION
    return [*_unusable(), *([] if is_development else _unsafe())]


def has_errors() -> bool:
    """Whether the site must not start. If so, a line says each reason."""
    errors = startup()
    for error in errors:
        logger.critical("The site does not start: %s %s", error.msg, error.hint)
    return bool(errors)


def _unusable() -> Iterator[Error]:
    if settings.DATABASES["default"]["ENGINE"].endswith("dummy"):
        yield Error(  # without its value, which holds a password
            "DATABASE_URL names no database of PostgreSQL, and no file of SQLite.",
            hint="Write it as postgres://user:password@host:5432/name, with what is neither letter nor figure in the "
            "password percent-encoded (# as %23), or leave it away for SQLite in DATA_DIR.",
            id="layersrank.E015",
        )
    if settings.ADMIN_PATH and not PATH.fullmatch(settings.ADMIN_PATH):
        yield Error(
            f"ADMIN_PATH is “{settings.ADMIN_PATH}”, which cannot be an address.",
            hint="Make it of letters, figures and hyphens, as ADMIN_PATH=desk-7f3k",
            id="layersrank.E009",
        )
    elif settings.ADMIN_PATH and _is_taken(settings.ADMIN_PATH):
        yield Error(
            f"ADMIN_PATH is “{settings.ADMIN_PATH}”, where the site has pages.",
            hint="Take one that nobody guesses, as ADMIN_PATH=desk-7f3k",
            id="layersrank.E017",
        )


def _unsafe() -> Iterator[Error]:
    if settings.DEBUG:
        yield Error(
            "DEBUG is set, which shows drafts to everybody, and errors with all that is in memory.",
            hint="Leave it away: the image is for production alone.",
            id="layersrank.E013",
        )
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:  # what Django says of an empty one
        key = ""
    if not key:
        yield Error(
            "SECRET_KEY is missing.", hint=f"Set it to a random text, made by: {GENERATE}", id="layersrank.E001"
        )
    elif len(key) < SECRET_KEY_MIN_LENGTH or len(set(key)) < SECRET_KEY_MIN_UNIQUE_CHARACTERS or "insecure" in key:
        yield Error(
            f"SECRET_KEY is weak: it needs {SECRET_KEY_MIN_LENGTH} characters or more, and "
            f"{SECRET_KEY_MIN_UNIQUE_CHARACTERS} different ones.",
            hint=f"Set it to a random text, made by: {GENERATE}",
            id="layersrank.E002",
        )
    if not _is_origin(settings.SITE_URL):
        yield Error(
            f"SITE_URL is “{settings.SITE_URL}”, which is no address of a site.",
            hint="Set it to the site's own, with its scheme and without a path: SITE_URL=https://www.layersrank.com",
            id="layersrank.E004",
        )
    elif settings.PRODUCTION and not settings.HTTPS:
        yield Error(
            f"SITE_URL is {settings.SITE_URL}: by plain http, what visitors send could be read on its way.",
            hint="Set it to the address that visitors enter, with https: SITE_URL=https://www.layersrank.com",
            id="layersrank.E014",
        )
    if not settings.CONTENT_DIR.is_dir():
        yield Error(
            f"CONTENT_DIR is {settings.CONTENT_DIR}, and there is no such folder.",
            hint="Set it to the folder of documents, or leave it away for the one that comes with the site.",
            id="layersrank.E005",
        )
    yield from _unsafe_leads()
    if "*" in settings.ALLOWED_HOSTS:
        yield Error(
            "ALLOWED_HOSTS=* would answer for every host name.",
            hint="Name the site's own hosts, parted by commas: ALLOWED_HOSTS=www.layersrank.com,layersrank.com",
            id="layersrank.E003",
        )
    elif settings.SITE_HOST and not validate_host(settings.SITE_HOST, settings.ALLOWED_HOSTS):
        yield Error(
            f"ALLOWED_HOSTS does not name {settings.SITE_HOST}, the host of SITE_URL: every visitor would get 400.",
            hint="Name it too, or leave ALLOWED_HOSTS away for that host alone.",
            id="layersrank.E016",
        )


def _unsafe_leads() -> Iterator[Error]:
    for name in ("LEADS_TO", "MAIL_FROM"):
        written = getattr(settings, name)
        if written and not _is_address(written):
            yield Error(
                f"{name} is “{written}”, which is not one email address.",
                hint=f"Set it to one, as {name}=sales@layersrank.com",
                id="layersrank.E010",
            )
    if settings.WEBHOOK_URL and not _is_web_address(settings.WEBHOOK_URL):
        yield Error(
            f"WEBHOOK_URL is “{settings.WEBHOOK_URL}”, which is no web address.",
            hint="Set it to its receiver's, with its scheme: WEBHOOK_URL=https://hooks.layersrank.com/leads",
            id="layersrank.E011",
        )
    if settings.WEBHOOK_URL and not settings.WEBHOOK_SECRET:
        yield Error(
            "WEBHOOK_URL is set, and WEBHOOK_SECRET is missing, so its receiver could not tell who sends.",
            hint="Set it to what the receiver has, made by: python -c 'import base64, secrets; "
            'print("whsec_" + base64.b64encode(secrets.token_bytes(32)).decode())\'',
            id="layersrank.E006",
        )
    elif not _is_secret(settings.WEBHOOK_SECRET):
        yield Error(
            "WEBHOOK_SECRET begins with whsec_, and no Base64 follows.",
            hint="Set it to all that its receiver has; a text of another kind begins with something else.",
            id="layersrank.E012",
        )
    if not settings.EMAIL_PORT.isdecimal() or not 0 < int(settings.EMAIL_PORT) < 65536:
        yield Error(
            f"EMAIL_PORT is “{settings.EMAIL_PORT}”, which is no port.",
            hint="Set it to the mail server's port, as 587 or 465.",
            id="layersrank.E007",
        )
    for written in settings.TRUSTED_PROXIES:
        try:
            ip_network(written, strict=False)
        except ValueError:
            yield Error(
                f"TRUSTED_PROXIES holds “{written}”, which is no address and no network.",
                hint="Name the proxies in front of the site, parted by commas: TRUSTED_PROXIES=10.0.0.4,172.18.0.0/16",
                id="layersrank.E008",
            )


def _is_taken(path: str) -> bool:
    """Whether the site itself answers there, or documents have that place in their folder."""
    first = path.lower().partition("/")[0]
    places = (settings.CONTENT_DIR / first, settings.CONTENT_DIR / f"{first}.md")
    # Path's own `exists` raises in a folder that is shut.
    return f"/{first}" in RESERVED_PATHS or any(os.path.exists(place) for place in places)


def _is_address(written: str) -> bool:
    """Whether it is one email address, with or without a name before it."""
    try:
        sanitize_address(written, "utf-8")
        validate_email(parseaddr(written)[1])
    except (ValueError, ValidationError):
        return False
    return True


def _is_web_address(written: str) -> bool:
    try:
        address = urlsplit(written)
        return address.scheme in ("http", "https") and bool(address.hostname) and address.port != 0
    except ValueError:  # brackets that hold no address, or a port that is no number
        return False


def _is_origin(written: str) -> bool:
    """Whether it is a web address of a scheme and a host alone, in a spelling in which a browser asks for that host."""
    if not _is_web_address(written):
        return False
    address = urlsplit(written)
    domain, port = split_domain_port(address.netloc)
    host = f"{domain}:{port}" if port else domain
    return written == f"{address.scheme}://{address.netloc}" and address.netloc.lower() == host


def _is_secret(written: str) -> bool:
    try:
        signature("", "", b"", written)
    except ValueError:
        return False
    return written != "whsec_"
