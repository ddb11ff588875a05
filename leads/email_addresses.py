"""Email addresses: check them, convert them for mail servers, and choose one spelling for each mailbox."""

from __future__ import annotations

from contextlib import suppress

import idna
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

MAX_EMAIL_LENGTH = 254  # RFC 5321, 4.5.3.1

INVALID_EMAIL = "Enter an email address in the format name@example.com"
INVALID_LOCAL_PART = (
    "Before the @, use only the letters a to z, digits and signs such as . - _ +. "
    "We can’t send email to other addresses"
)
INVALID_DOMAIN = "Check the part after the @. It is not a domain name, so we can’t send email to this address"

_GMAIL_DOMAINS = ("gmail.com", "googlemail.com")

_validate = EmailValidator(INVALID_EMAIL, allowlist=[])


def to_ascii(email: str) -> str:
    """Return `email` with its domain in the form of IDNA 2008 (RFC 5891). Raise ValueError for an invalid domain.

    Python's own codec `idna` implements the older IDNA 2003, which maps some names to the domain of someone else:
    straße.example to strasse.example.
    """
    local, _, domain = email.rpartition("@")
    if domain.isascii():
        return email
    return f"{local}@{idna.encode(domain, uts46=True).decode()}"


def validate_address(email: str) -> None:
    """Raise ValidationError unless `email` is an ordinary address that mail can be sent to.

    RFC 5321 also allows quoted local parts and address literals. Both are rejected. A quoted part may contain
    characters that break a header line. A literal such as `[127.0.0.1]` may name a host in our own network.
    """
    local, _, domain = email.rpartition("@")
    if local and domain and not local.isascii():
        raise ValidationError(INVALID_LOCAL_PART)
    if not domain.isascii():
        try:
            email = to_ascii(email)
        except ValueError:
            raise ValidationError(INVALID_DOMAIN if local else INVALID_EMAIL) from None
    _validate(email)
    if len(email) > MAX_EMAIL_LENGTH or '"' in email or "[" in email:
        raise ValidationError(INVALID_EMAIL)


def normalize_mailbox(email: str) -> str:
    """Return one spelling for all addresses that deliver to the same mailbox.

    The result is lowercase, with the domain in ASCII and without a `+` subaddress (RFC 5233). For Gmail, periods are
    removed too.
    """
    with suppress(ValueError):  # `to_ascii` rejects some addresses that earlier versions accepted
        email = to_ascii(email)
    local, _, domain = email.lower().rpartition("@")
    local = local.partition("+")[0]
    return f"{local.replace('.', '')}@{_GMAIL_DOMAINS[0]}" if domain in _GMAIL_DOMAINS else f"{local}@{domain}"
