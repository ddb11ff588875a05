"""Unsent forms: what a visitor typed into a form that was not sent because of an error.

The site saves these values, and redirects the browser to a URL that shows the form with the values. The browser's Back
button can therefore return to this form. docs/decisions/0017-encrypted-unsent-forms.md explains the encryption.
"""

from __future__ import annotations

import json
import logging
from base64 import urlsafe_b64encode
from datetime import timedelta
from secrets import token_urlsafe

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .client_ip import client_hash
from .database_timeout import read_with_timeout, write_with_timeout
from .models import UnsentForm

logger = logging.getLogger(__name__)

# The privacy page states this time.
LIFETIME = timedelta(hours=1)

# The site keeps at most MAX_PER_NETWORK unsent forms of one network, and at most MAX_TOTAL of all networks together. A
# form over a limit is not kept, so it never replaces another visitor's form.
MAX_PER_NETWORK, MAX_TOTAL = 50, 1_000


class NotKept(Exception):
    """The form was not kept, because of a limit or a database error."""


class NotReadable(Exception):
    """The database failed, so it is unknown whether the form is still kept."""


def save(request: HttpRequest, page_url: str, values: dict[str, str]) -> str:
    """Keep `values` for LIFETIME, and return an unguessable id. Raise NotKept if that isn't possible.

    Only the visitor's browser can load the values, since the encryption key depends on that browser's CSRF cookie.
    """
    text = json.dumps(values).encode()
    if len(text) > settings.MAX_BODY_BYTES:
        raise NotKept
    get_token(request)  # this call creates the CSRF cookie if the browser sent none
    form_id = token_urlsafe(18)
    key, cipher = _key_and_cipher(request, page_url, form_id)
    # For an IPv6 client, `client_hash` joins the hashes of three networks. Use only the first, for the largest network.
    network = client_hash(request).partition(".")[0]
    form = UnsentForm(key=key, network=network, saved_at=timezone.now(), values=cipher.encrypt(text).decode())
    try:
        is_saved = write_with_timeout(lambda: _save_within_limits(form))
    except Exception as error:  # catch every error, because the caller can still show the values
        logger.error("the database failed (%s): an unsent form was not kept", type(error).__name__)
        raise NotKept from error
    if not is_saved:
        raise NotKept
    return form_id


def load(request: HttpRequest, page_url: str, form_id: str) -> dict[str, str] | None:
    """Return the values with the id `form_id`, or None if they are no longer kept or belong to another browser.

    Raise NotReadable if the database fails.
    """
    if not request.META.get("CSRF_COOKIE"):
        return None
    key, cipher = _key_and_cipher(request, page_url, form_id)
    try:
        form = read_with_timeout(lambda: UnsentForm.objects.filter(key=key).first())
    except Exception as error:
        logger.error("the database failed (%s): an unsent form was not loaded", type(error).__name__)
        raise NotReadable from error
    if form is None:
        return None
    try:
        values: dict[str, str] = json.loads(cipher.decrypt(form.values, int(LIFETIME.total_seconds())))
    except InvalidToken:  # the form is too old, but not deleted yet
        return None
    return values


def delete_old() -> None:
    """Delete the forms that are older than LIFETIME."""
    old = UnsentForm.objects.filter(saved_at__lte=timezone.now() - LIFETIME)
    if old.exists():  # in SQLite, a DELETE blocks other writers even if it finds no rows
        old.delete()


def _save_within_limits(form: UnsentForm) -> bool:
    """Save `form`, and return True. If there are too many forms, don't save it, and return False.

    Concurrent requests may exceed a limit by a few forms. Once a limit is reached, new forms cause no writes, so a
    flood of forms doesn't block writers.
    """
    delete_old()
    forms = UnsentForm.objects.all()
    if forms.count() >= MAX_TOTAL or forms.filter(network=form.network).count() >= MAX_PER_NETWORK:
        return False
    with transaction.atomic():
        form.save(force_insert=True)
    return True


def _key_and_cipher(request: HttpRequest, page_url: str, form_id: str) -> tuple[str, Fernet]:
    """Return the key of a row, and the cipher for its values.

    Both depend on the id in the URL, on the browser's cookie and on SECRET_KEY. None of these is in the database.
    """
    secret = json.dumps([form_id, request.META["CSRF_COOKIE"], page_url])
    key = salted_hmac("leads.unsent_forms.key", secret, algorithm="sha256").hexdigest()
    cipher = salted_hmac("leads.unsent_forms.cipher", secret, algorithm="sha256").digest()
    return key, Fernet(urlsafe_b64encode(cipher))
