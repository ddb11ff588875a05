"""Limits on failed logins: per user and network, per network, and per user."""

from __future__ import annotations

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest


class LoginLimits(AxesDatabaseHandler):  # type: ignore[misc]  # axes has no types
    """Applies one of settings.LOGIN_LIMITS to each of AXES_LOCKOUT_PARAMETERS.

    django-axes itself has only one limit, AXES_FAILURE_LIMIT.
    """

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Return a number for django-axes: at least AXES_FAILURE_LIMIT if any limit is reached, otherwise less."""
        shares = []
        for limit, attempts in zip(settings.LOGIN_LIMITS, self.get_user_attempts(request, credentials), strict=True):
            failures = attempts.aggregate(failures=Sum("failures_since_start"))["failures"] or 0
            shares.append(settings.AXES_FAILURE_LIMIT * failures // limit)
        return max(shares)

    def reset_user_attempts(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Delete this user's failed logins from this network. All other failed logins still count."""
        count, _ = self.filter_user_attempts(request, credentials)[0].delete()
        return int(count)
