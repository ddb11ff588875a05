"""View decorators."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from ..repository import current
from .notices import READ_METHODS, refuse_method

View = Callable[[HttpRequest], HttpResponse]


def read_only(view: View) -> View:
    """Allow only GET and HEAD (405 otherwise).

    CSRF protection is off: otherwise, a POST would get 403 instead of 405.
    """

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        if request.method not in READ_METHODS:
            return refuse_method(request, current.visible_pages_of(request))
        return view(request)

    return csrf_exempt(checked)
