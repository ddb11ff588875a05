"""Views that take nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

View = Callable[[HttpRequest], HttpResponse]


def read_only(view: View) -> View:
    """`view`, which refuses whatever is sent to it for its method (405), and asks for no token before that."""
    return csrf_exempt(require_safe(view))
