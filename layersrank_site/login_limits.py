"""Limits on failed logins: for a user from one network, for a network, and for a user."""

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
        """Return the largest used-up share of a limit. AXES_FAILURE_LIMIT means that a whole limit is used up."""
        shares = []
        for limit, attempts in zip(settings.LOGIN_LIMITS, self.get_user_attempts(request, credentials), strict=True):
            failures = attempts.aggregate(failures=Sum("failures_since_start"))["failures"] or 0
            shares.append(settings.AXES_FAILURE_LIMIT * failures // limit)
        return max(shares)

    def reset_user_attempts(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Forget the failed logins of a user from this network, but no others."""
        count, _ = self.filter_user_attempts(request, credentials)[0].delete()
        return int(count)
