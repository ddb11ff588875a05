"""The admin site. The login asks for a second factor, and unused sessions expire."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django_otp import devices_for_user, user_has_device, verify_token
from django_otp.plugins.otp_static.models import StaticDevice

from leads.advisory_locks import LOGINS


def needs_code(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Return True if `user` must enter a code besides the password."""
    return settings.ADMIN_OTP or user_has_device(user)


WRONG_LOGIN = (
    "The user name, the password or the code is wrong. Check all three. Each code works only once: if you have used "
    "this code before, wait for the next one."
)
NO_DEVICE = (
    "This user needs a second factor. Ask the site's operator to set it up with “manage.py second_factor” (see "
    "docs/operations.md)."
)


class LoginForm(AdminAuthenticationForm):
    """Asks for a user name, a password and a code. The code is a recovery code, or comes from an authenticator app."""

    code = forms.CharField(
        required=False,
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
        help_text="Six digits from your authenticator app, or a recovery code.",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        user = self.get_user()
        if user is not None and needs_code(user):
            self._verify_code(user, data.get("code", "").replace(" ", ""))
        return data

    def _verify_code(self, user: Any, code: str) -> None:
        """Check `code` against the user's authenticator app or recovery codes. A wrong code is a failed login."""
        devices = [device for device in devices_for_user(user) if isinstance(device, StaticDevice) != code.isdecimal()]
        user.otp_device = next((found for each in devices if (found := _verify(user, each, code))), None)
        if user.otp_device is not None:
            return
        if not user_has_device(user):
            raise ValidationError(NO_DEVICE, code="no_device")
        credentials = {"username": user.get_username()}
        user_login_failed.send(sender=__name__, credentials=credentials, request=self.request)
        raise self.get_invalid_login_error()

    def get_invalid_login_error(self) -> ValidationError:
        return ValidationError(WRONG_LOGIN, code="invalid_login")


def _verify(user: Any, device: Any, code: str) -> Any:
    return verify_token(user, device.persistent_id, code.lower())


class AdminSite(admin.AdminSite):
    site_header = site_title = "LayersRank"
    login_form = LoginForm
    login_template = "admin/login_with_code.html"

    def has_permission(self, request: HttpRequest) -> bool:
        """Allow staff users. A user who needs a code must have entered a correct code.

        OTPMiddleware records a correct code as `is_verified`.
        """
        user: Any = request.user
        return super().has_permission(request) and (user.is_verified() or not needs_code(user))

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Extend the session with each request. An unused session ends after SESSION_COOKIE_AGE seconds."""

        def extend_session(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            request.session.modified = request.session.modified or request.user.is_authenticated
            return view(request, *args, **kwargs)

        return super().admin_view(extend_session, cacheable)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method != "POST":
            return super().login(request, extra_context)
        with _one_login_at_a_time():
            return super().login(request, extra_context)


@contextmanager
def _one_login_at_a_time() -> Iterator[None]:
    """Hold a lock that all workers share, so that they check only one password at a time.

    Otherwise, parallel guesses could exceed the limit before the first guess is counted.
    """
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOGINS])
            yield
    else:  # with SQLite, all processes are on one machine, so a file can be the lock
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        with (settings.DATA_DIR / "login.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
