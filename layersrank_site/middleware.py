"""What holds for every answer, whatever made it."""

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware
from servestatic.middleware import ServeStaticMiddleware

from pages.http.csp import content_security_policy

from .readiness import readyz
from .version import version


class StaticFiles(ServeStaticMiddleware):
    """Fingerprinted files may be kept for a year, which RFC 9111 takes for ever."""

    FOREVER = 365 * 24 * 60 * 60


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "browsing-topics=(), camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def constant_headers() -> dict[str, str]:
    """The headers that every answer carries; the same for all."""
    headers = {"Content-Security-Policy": content_security_policy(), **HEADERS}
    if settings.HSTS_SECONDS:
        headers["Strict-Transport-Security"] = f"max-age={settings.HSTS_SECONDS}"
    return headers


def livez(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


# What is answered before hosts are checked or anything else is asked for: those who ask know no host.
PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/livez": livez, "/readyz": readyz, "/version": version}


@sync_and_async_middleware
def constant_headers_and_probes(
    get_response: Callable[[HttpRequest], Any],
) -> Callable[[HttpRequest], HttpResponse | Awaitable[HttpResponse]]:
    """Sets the constant headers, and answers the probes."""

    def with_headers(response: HttpResponse) -> HttpResponse:
        for name, value in constant_headers().items():
            response[name] = value
        return response

    if iscoroutinefunction(get_response):

        async def middleware_async(request: HttpRequest) -> HttpResponse:
            probe = PROBES.get(request.path_info)
            return with_headers(await (sync_to_async(probe)(request) if probe else get_response(request)))

        return middleware_async

    def middleware(request: HttpRequest) -> HttpResponse:
        return with_headers(PROBES.get(request.path_info, get_response)(request))

    return middleware
