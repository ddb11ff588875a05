"""View decorators."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

View = Callable[[HttpRequest], HttpResponse]


def read_only(view: View) -> View:
    """Allow only GET and HEAD (405 otherwise).

    CSRF protection is off: otherwise, a POST would get 403 instead of 405.
    """
    return csrf_exempt(require_safe(view))
