"""Limits on failed logins: for a user from one network, for a network, and for a user."""

from __future__ import annotations

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest


class LoginLimits(AxesDatabaseHandler):  # type: ignore[misc]  # axes has no types
    """Count failed logins with django-axes, which has one limit, by a limit for each of AXES_LOCKOUT_PARAMETERS."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Return the largest share of a limit that is used up, where AXES_FAILURE_LIMIT means all of it."""
        shares = []
        for limit, attempts in zip(settings.LOGIN_LIMITS, self.get_user_attempts(request, credentials), strict=True):
            failures = attempts.aggregate(failures=Sum("failures_since_start"))["failures"] or 0
            shares.append(settings.AXES_FAILURE_LIMIT * failures // limit)
        return max(shares)

    def reset_user_attempts(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Forget the failed logins of a user from this network. Those of other users and networks still count."""
        count, _ = self.filter_user_attempts(request, credentials)[0].delete()
        return int(count)
